// SPDX-License-Identifier: Apache-2.0
// xswd as its systemd unit runs it: with these capabilities and limits and no more, telling the
// service manager how it is, and logging for the journal.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <sstream>

#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

// The value of a setting in the shipped unit.
std::string UnitSetting(const std::string& name) {
  std::istringstream in(ReadFile(kXswdUnit));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
  }
  ADD_FAILURE() << kXswdUnit << " has no " << name;
  return "";
}

// "CAP_NET_RAW CAP_CHOWN" as setpriv has it: "-all,+net_raw,+chown".
std::string BoundingSet(const std::string& capabilities) {
  std::string set = "-all";
  for (const std::string& name : Words(capabilities)) set += ",+" + name.substr(strlen("CAP_"));
  std::transform(set.begin(), set.end(), set.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return set;
}

// Where root may not raise the limit on locked memory (a container without CAP_SYS_RESOURCE), xswd
// keeps CAP_IPC_LOCK instead, as privileges.h says.
Argv AsTheUnit(const std::string& capabilities) {
  EXPECT_EQ(UnitSetting("LimitMEMLOCK"), "infinity");
  Argv argv = {"prlimit", "--nofile=" + UnitSetting("LimitNOFILE"), "--memlock=unlimited"};
  std::string set = BoundingSet(capabilities);
  if (RunCommand("prlimit --memlock=unlimited true").status != 0) {
    argv.pop_back();
    set += ",+ipc_lock";
  }
  argv.insert(argv.end(),
              {"setpriv", "--bounding-set", set, "--inh-caps", "-all", "--no-new-privs"});
  return argv;
}

class Service : public testing::Test {
 protected:
  Service() : lab_({.ports = 0}), wire_(kOutside, kContainerDev, kTestType) {
    lab_.xswd().Kill();
    lab_.XswOk("port add up0 sfnum 1 hw_addr " + Text(kMac1) +
               " class queues queues 2 state active owner nobody");
  }
  QueueLab lab_;
  PacketSocket wire_;
};

TEST_F(Service, TheUnitsCapabilitiesSuffice) {
  lab_.StartXswd(AsTheUnit(UnitSetting("CapabilityBoundingSet")));
  ASSERT_TRUE(lab_.Serves(1)) << lab_.xswd().Wait(0).err;
  // A whole client's life: nobody's 16 MB, traffic, a new owner, the handshake and its busy
  // polling.
  EXPECT_EQ(As({},
               [&]() -> std::string {
                 xswq_qp* qp = nullptr;
                 const xswq_attr attr = {.memory = 16 << 20};
                 const int error = xswq_open("up0/1", &attr, &qp);
                 return error ? xswq_error() : "";
               }),
            "");
  lab_.XswOk("port function set up0/1 owner 1000:1001");
  struct stat info = {};
  EXPECT_TRUE(WaitFor([&] {
    return stat(SocketPath(1).c_str(), &info) == 0 && info.st_uid == 1000 && info.st_gid == 1001;
  }));
  Application app("up0/1", 2);
  ExpectTraffic(wire_, app, kMac1);
  lab_.sandbox().AddNetns("pod");
  lab_.AddBlock(2, "netns pod ifname eth0");
  Dialog client(2);
  EXPECT_EQ(client.Ask("/connect,host"), "/host_ok");
  EXPECT_EQ(client.Ask("/xsk_map_fd,eth0"), "/fd_ack");
  InNetns in("pod");
  Fd xsk(socket(AF_XDP, SOCK_RAW, 0));
  EXPECT_EQ(client.Ask("/config_busy_poll,20,64", {xsk.get()}), "/config_busy_poll_ack");
}

// What the unit gives is what xswd keeps, to the last one; without any of them it says so at once.
TEST_F(Service, TheUnitsCapabilitiesAreAllNeeded) {
  const Argv all = Words(UnitSetting("CapabilityBoundingSet"));
  for (const std::string& missing : all) {
    std::string rest;
    for (const std::string& one : all) rest += one == missing ? "" : one + " ";
    lab_.StartXswd(AsTheUnit(rest));
    const Result result = lab_.xswd().Wait(5000);
    EXPECT_EQ(result.status, 1) << "without " << missing;
    EXPECT_NE(result.err.find(missing), std::string::npos) << result.err;
  }
}

// A service manager's end of sd_notify(3).
class Manager {
 public:
  Manager() : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {.sun_family = AF_UNIX};
    std::strcpy(address.sun_path, kPath);
    const timeval patience = {.tv_sec = 5, .tv_usec = 0};
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    Must(bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0, "bind");
  }
  // The next message that is this one; others come between.
  bool Hears(const std::string& message) {
    char text[256];
    for (ssize_t n; (n = recv(fd_.get(), text, sizeof(text), 0)) > 0;) {
      if (std::string(text, n) == message) return true;
    }
    return false;
  }
  static constexpr char kPath[] = "/run/notify";

 private:
  Fd fd_;
};

TEST_F(Service, TheManagerIsTold) {
  EXPECT_EQ(UnitSetting("Type"), "notify");
  Manager manager;
  lab_.StartXswd({"env", std::string("NOTIFY_SOCKET=") + Manager::kPath});
  EXPECT_TRUE(manager.Hears("READY=1"));
  EXPECT_EQ(access(SocketPath(1).c_str(), F_OK), 0) << "ready, and its sockets are not there";
  for (int i = 0; i < 3; i++) EXPECT_TRUE(manager.Hears("WATCHDOG=1"));
  kill(lab_.xswd().pid(), SIGTERM);
  EXPECT_TRUE(manager.Hears("STOPPING=1"));
  EXPECT_EQ(lab_.xswd().Wait().status, 0);
}

// With their priority where the journal listens, and with who it was.
TEST_F(Service, TheJournalKnowsWhoHasAQueue) {
  lab_.StartXswd({"env", "JOURNAL_STREAM=8:1"});
  ASSERT_TRUE(lab_.Serves(1));
  EXPECT_EQ(As({},
               []() -> std::string {
                 xswq_qp* qp = nullptr;
                 return xswq_open("up0/1", nullptr, &qp) ? xswq_error() : "";
               }),
            "");
  xswq_qp* qp = nullptr;
  const xswq_attr attr = {.queue = 9};
  EXPECT_EQ(xswq_open("up0/1", &attr, &qp), -ERANGE);
  kill(lab_.xswd().pid(), SIGTERM);
  std::istringstream log(lab_.xswd().Wait().err);
  std::string all, line;
  bool given = false, refused = false;
  while (std::getline(log, line)) {
    all += line + "\n";
    EXPECT_TRUE(line.starts_with("<") && line.find(">xswd: ") == 2) << line;
    const bool of_the_port = line.find("up0/1") != std::string::npos;
    given |= of_the_port && line.find("uid 65534") != std::string::npos && line[1] == '6';
    refused |= of_the_port && line.find("uid 0") != std::string::npos && line[1] == '4';
  }
  EXPECT_TRUE(given && refused) << all;
}

}  // namespace
}  // namespace xsw::test
