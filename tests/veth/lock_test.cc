// SPDX-License-Identifier: Apache-2.0
// A command that was stopped while it held a lock does not stop others for ever.
//
//    out ==wire== up0 (eswitch) -- up0/1
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>

#include "tests/veth/snapshot.h"
#include "userspace/bpffs.h"

namespace xsw::test {
namespace {

constexpr char kState[] = "/run/bpffs/xsw";

// A process that holds the locks of all directories of the state, and is stopped.
class Holder {
 public:
  Holder() : pid_(fork()) {
    if (pid_ == 0) Hold();
    int status = 0;
    Must(waitpid(pid_, &status, WUNTRACED) == pid_ && WIFSTOPPED(status), "hold the locks");
  }
  ~Holder() { End(); }
  void End() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] static void Hold() {
    std::vector<std::string> dirs = Tree(kState);
    dirs.push_back(kState);
    for (const std::string& dir : dirs) {
      const int fd = open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) _exit(1);
    }
    raise(SIGSTOP);
    _exit(0);
  }
  pid_t pid_;
};

TEST(Lock, AWriterSaysWhoHoldsItAndChangesNothing) {
  Topology t({.ports = 1});
  const Snapshot before = TakeSnapshot(t);
  Holder holder;
  for (const char* line :
       {"port add up0 sfnum 9", "port del up0/1", "port function set up0/1 vlan 7",
        "eswitch set up0 miss drop", "eswitch del up0"}) {
    const Result result = t.Xsw(std::string("--wait 1 ") + line);
    EXPECT_EQ(result.status, 1) << line;
    EXPECT_NE(result.err.find(": PID " + std::to_string(holder.pid()) + " ("), std::string::npos)
        << result.err;
    EXPECT_NE(result.err.find("veth_lock_test"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find(" has held it for 1 s: end it, or wait longer with --wait SECONDS"),
              std::string::npos)
        << result.err;
  }
  EXPECT_EQ(t.Xsw("port show up0/1").status, 0) << "a reader needs no lock";
  holder.End();
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  t.XswOk("--wait 1 port function set up0/1 vlan 7");
}

TEST(Lock, AWriterGoesOnAsSoonAsItIsFree) {
  Topology t({.ports = 1});
  Holder holder;
  Process writer(t.XswArgv("port function set up0/1 vlan 7"));
  EXPECT_TRUE(WaitFor([&] {
    return ReadFile("/proc/locks")
               .find("-> FLOCK  ADVISORY  WRITE " + std::to_string(writer.pid()) + " ") !=
           std::string::npos;
  })) << "it waits in the kernel's queue";
  EXPECT_FALSE(writer.Done());
  holder.End();
  EXPECT_EQ(writer.Wait().status, 0);
}

TEST(Lock, AWaitThatWasGivenUpKeepsNoLock) {
  Sandbox sandbox({});
  Must(mkdir(kState, 0700) == 0, "mkdir");
  Holder holder;
  SetLockWait(std::chrono::seconds(0));
  for (int i = 0; i < 3; i++) EXPECT_TRUE(absl::IsUnavailable(LockDir(kState).status()));
  holder.End();
  // The three threads that still wait get it now, one after the other, and give it back.
  EXPECT_TRUE(WaitFor([] { return LockDir(kState).ok(); }));
  EXPECT_TRUE(WaitFor([] { return LockDir(kState).ok(); }));
  SetLockWait(kDefaultLockWait);
  EXPECT_TRUE(LockDir(kState).ok());
  // The sandbox goes home when its process has one thread.
  EXPECT_TRUE(WaitFor([] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}) == 1;
  }));
}

TEST(Lock, OnlyASensibleTimeIsTaken) {
  Topology t({.ports = 0});
  for (const char* wait : {"-1", "x", "1.5", "86401", "99999999999"}) {
    const Result result = t.Xsw(std::string("--wait ") + wait + " eswitch show");
    EXPECT_EQ(result.status, 2) << wait;
    EXPECT_EQ(result.err, std::string("Error: xsw: --wait ") + wait +
                              ": not a number of seconds up to 86400.\n");
  }
}

}  // namespace
}  // namespace xsw::test
