// SPDX-License-Identifier: Apache-2.0
// xswd comes and goes, ports come and go under it, and nothing that runs notices.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class Restart : public testing::Test {
 protected:
  Restart() : lab_({.ports = 0}), wire_(kOutside, kContainerDev, kTestType) {
    // One queue: a frame of a veth comes to the queue of its hash, which each boot has anew.
    lab_.AddBlock(1);
  }
  Bytes New(Mac dst, Mac src) { return Numbered(Eth{.dst = dst, .src = src} / Payload(46), ++id_); }
  void ExpectTraffic(Application& app, const Mac& mac = kMac1) {
    test::ExpectTraffic(wire_, app, mac);
  }
  uint32_t id_ = 0;
  QueueLab lab_;
  PacketSocket wire_;
};

int Open(const char* port, uint32_t queue = 0) {
  xswq_attr attr = {};
  attr.queue = queue;
  xswq_qp* qp = nullptr;
  const int error = xswq_open(port, &attr, &qp);
  xswq_close(qp);
  return error;
}

TEST_F(Restart, AKilledXswdStopsNoTraffic) {
  lab_.AddBlock(2);
  Application app("up0/1");
  kill(lab_.xswd().pid(), SIGKILL);
  EXPECT_EQ(lab_.xswd().Wait().status, 128 + SIGKILL);
  ExpectTraffic(app);
  EXPECT_EQ(Open("up0/2"), -ECONNREFUSED);
  EXPECT_NE(std::string(xswq_error()).find("systemctl start xswd"), std::string::npos)
      << xswq_error();
  lab_.StartXswd();
  EXPECT_TRUE(WaitFor([] { return Open("up0/2") == 0; })) << xswq_error();
  EXPECT_EQ(Open("up0/1"), -EBUSY) << "the first client still has it";
  ExpectTraffic(app);
}

// What the dead one left of ports that are gone meanwhile is taken away.
TEST_F(Restart, ANewXswdFindsTheWorldAsItIs) {
  lab_.AddBlock(2);
  lab_.xswd().Kill();
  lab_.XswOk("port del up0/2");
  lab_.XswOk("port function set up0/1 owner 1000:1001");
  lab_.StartXswd();
  EXPECT_TRUE(lab_.Stops(2));
  struct stat info = {};
  EXPECT_TRUE(WaitFor([&] {
    return stat(SocketPath(1).c_str(), &info) == 0 && info.st_uid == 1000 && info.st_gid == 1001;
  }));
  EXPECT_EQ(info.st_mode & 0777, 0660u);
}

TEST_F(Restart, ATerminatedXswdTakesItsSocketsAway) {
  kill(lab_.xswd().pid(), SIGTERM);
  EXPECT_EQ(lab_.xswd().Wait().status, 0);
  EXPECT_FALSE(access("/run/xsw/up0", F_OK) == 0);
  EXPECT_EQ(Open("up0/1"), -ENOENT);
  EXPECT_NE(std::string(xswq_error()).find("systemctl start xswd"), std::string::npos)
      << xswq_error();
}

TEST_F(Restart, OnlyOneServesADirectory) {
  const Result second = RunCommand(Argv{kXswd, "--bpffs", kTestBpffs});
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.err.find("another xswd"), std::string::npos) << second.err;
  Application app("up0/1");
  ExpectTraffic(app);
}

TEST_F(Restart, PortsAndOwnersAreFollowed) {
  for (int round = 0; round < 3; round++) {
    lab_.AddBlock(2, "owner 1000:1001");
    struct stat info = {};
    ASSERT_EQ(stat(SocketPath(2).c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, 1000u);
    lab_.XswOk("port function set up0/2 owner nobody");
    EXPECT_TRUE(
        WaitFor([&] { return stat(SocketPath(2).c_str(), &info) == 0 && info.st_uid == 65534; }));
    lab_.XswOk("port del up0/2");
    EXPECT_TRUE(lab_.Stops(2));
  }
  lab_.XswOk("port add up0 sfnum 5 class queues program none state active");
  EXPECT_EQ(Open("up0/2"), -ENOENT) << "program none has no socket";
}

TEST_F(Restart, NoPathIsWorldWritable) {
  for (const auto& [path, mode] : std::vector<std::pair<std::string, mode_t>>{
           {"/run/xsw", 0755}, {"/run/xsw/up0", 0755}, {SocketPath(1), 0660}}) {
    struct stat info = {};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, mode) << path;
    EXPECT_EQ(info.st_uid, 0u) << path;
  }
}

// When the port is deleted its application is told, by wait and by every send.
TEST_F(Restart, APortThatGoesIsNoticed) {
  Application app("up0/1");
  const size_t fds = CountFds(getpid());
  lab_.XswOk("port del up0/1");
  EXPECT_TRUE(WaitFor([&] { return xswq_wait(app.qp(), 10) == -ENXIO; }));
  const int error = app.Send(New(kOutsideMac, kMac1));
  EXPECT_EQ(error, -ENXIO);
  EXPECT_EQ(CountFds(getpid()), fds);
}

// A namespace that dies takes both ends of a block with it; the next writing command makes them
// anew, in the namespace that has the name then, and xswd serves them.
TEST_F(Restart, ABlockWhoseNamespaceDiedComesBack) {
  lab_.sandbox().AddNetns("pod");
  lab_.AddBlock(2, "netns pod ifname eth0 owner 4242:4343");
  const bool handed_out = KernelVersion() >= std::pair(6, 4);
  EXPECT_EQ(Open("up0/2"), handed_out ? 0 : -ENETDOWN) << xswq_error();
  lab_.sandbox().DeleteNetns("pod");
  // A function end that is going is down, and so detached, a moment before its pair is gone.
  EXPECT_TRUE(WaitFor([&] { return !lab_.ShowPort(2).contains("netdev"); }));
  EXPECT_EQ(lab_.ShowPort(2)["function"]["opstate"], "detached");
  const uint64_t before = lab_.Drops(2, "detached");
  wire_.Send(New(kMac2, kOutsideMac));
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(2, "detached") == before + 1; }));
  EXPECT_LT(Open("up0/2"), 0);
  EXPECT_NE(std::string(xswq_error()).find("up0/2"), std::string::npos) << xswq_error();
  lab_.sandbox().AddNetns("pod");
  lab_.XswOk("eswitch set up0 host on");
  EXPECT_TRUE(lab_.Serves(2));
  EXPECT_EQ(lab_.ShowPort(2)["function"]["owner"], "4242:4343");
  if (!handed_out) return;
  EXPECT_TRUE(WaitFor([&] { return Open("up0/2") == 0; })) << xswq_error();
  Application app("up0/2");
  ExpectTraffic(app, kMac2);
}

// Opening again and again leaves nothing behind in xswd, nor a namespace, nor a pin.
TEST_F(Restart, NothingLeaks) {
  lab_.AddBlock(2, "queues 2");
  Open("up0/2");
  const size_t fds = CountFds(lab_.xswd().pid());
  const std::string tree = MustRun("find /run/xsw /run/bpffs");
  const std::string mounts = ReadFile("/proc/self/mountinfo");
  for (int i = 0; i < 50; i++) EXPECT_EQ(Open("up0/2", i % 2), 0) << xswq_error();
  for (int i = 0; i < 50; i++) EXPECT_EQ(Open("up0/2", 2), -ERANGE);
  EXPECT_TRUE(WaitFor([&] { return CountFds(lab_.xswd().pid()) <= fds; }));
  EXPECT_EQ(MustRun("find /run/xsw /run/bpffs"), tree);
  EXPECT_EQ(ReadFile("/proc/self/mountinfo"), mounts);
}

// CAP_SYS_ADMIN, CAP_NET_RAW, CAP_NET_ADMIN, CAP_CHOWN, CAP_SETUID; CAP_IPC_LOCK where the memory
// limit is.
TEST_F(Restart, XswdKeepsFewCapabilities) {
  const std::string status = ReadFile("/proc/" + std::to_string(lab_.xswd().pid()) + "/status");
  const uint64_t allowed = 1 << 21 | 1 << 13 | 1 << 12 | 1 << 0 | 1 << 7 | 1 << 14;
  for (const char* set : {"CapPrm:\t", "CapEff:\t", "CapBnd:\t"}) {
    const size_t at = status.find(set);
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(std::stoull(status.substr(at + 8, 16), nullptr, 16) & ~allowed, 0u) << set;
  }
  EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
}

}  // namespace
}  // namespace xsw::test
