// SPDX-License-Identifier: Apache-2.0
// A process of nobody's, without any capability and with the default memlock limit, has a queue block; and
// that is all it has.
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/if_xdp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

const Bytes kIn = Numbered(Eth{.dst = kMac2, .src = kOutsideMac} / Payload(100), 1);
const Bytes kOut = Numbered(Eth{.dst = kOutsideMac, .src = kMac2} / Payload(100), 2);

class Unprivileged : public testing::Test {
 protected:
  Unprivileged() : lab_({.ports = 1}) { lab_.AddBlock(2, "owner nobody"); }
  QueueLab lab_;
};

// 16 MB are twice what nobody may lock.
TEST_F(Unprivileged, ReceivesAndSendsWith16Megabytes) {
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  EXPECT_EQ(As({}, [&]() -> std::string {
              Application app("up0/2", 1, {.memory = 16 << 20});
              wire.Send(kIn);
              if (!app.Gets(kIn)) return "got nothing";
              if (int error = app.Send(kOut)) return xswq_strerror(error);
              return "";
            }),
            "");
  EXPECT_TRUE(Gets(wire, kOut));
}

// The control: without xswd the kernel refuses the same memory, and the socket at all.
TEST_F(Unprivileged, CanDoNoneOfThisItself) {
  EXPECT_EQ(As({}, []() -> std::string {
              if (socket(AF_XDP, SOCK_RAW, 0) >= 0 || errno != EPERM) return "has an AF_XDP socket";
              if (socket(AF_PACKET, SOCK_RAW, 0) >= 0) return "has a packet socket";
              return "";
            }),
            "");
}

TEST_F(Unprivileged, CannotBindItsSocketToAnythingElse) {
  lab_.AddBlock(3, "queues 2 owner 1000");
  EXPECT_EQ(As({}, []() -> std::string {
              Application app("up0/2");
              for (uint32_t ifindex : {1u, 2u, 0x78730002u, 0x78730003u}) {
                sockaddr_xdp other = {.sxdp_family = AF_XDP, .sxdp_ifindex = ifindex};
                if (!bind(xswq_fd(app.qp()), reinterpret_cast<sockaddr*>(&other), sizeof(other)))
                  return "bound to " + std::to_string(ifindex);
              }
              return "";
            }),
            "");
}

TEST_F(Unprivileged, ReachesNoOtherPort) {
  lab_.AddBlock(3, "owner 1000:1000");
  EXPECT_EQ(As({}, []() -> std::string {
              xswq_qp* qp;
              if (xswq_open("up0/3", nullptr, &qp) != -EACCES) return "opened up0/3";
              if (std::string(xswq_error()).find("owner") == std::string::npos) return xswq_error();
              if (bpf_obj_get("/run/bpffs/xsw") >= 0) return "reads the bpffs";
              if (access("/run/bpffs/xsw", F_OK) == 0) return "sees the pins";
              return "";
            }),
            "");
}

TEST_F(Unprivileged, AMemberOfTheOwnersGroupMayToo) {
  lab_.XswOk("port function set up0/2 owner 1000:2000");
  const auto open = []() -> std::string {
    xswq_qp* qp = nullptr;
    const int error = xswq_open("up0/2", nullptr, &qp);
    xswq_close(qp);
    return error ? xswq_error() : "";
  };
  ASSERT_TRUE(WaitFor([&] { return As({.uid = 1000, .gid = 1000}, open).empty(); }));
  EXPECT_EQ(As({.uid = 1001, .gid = 1001, .groups = {5, 2000}}, open), "");
  EXPECT_NE(As({.uid = 1001, .gid = 1001, .groups = {5}}, open), "");
  EXPECT_NE(As({}, open), "") << "the former owner";
}

// It is asked who may at every request, not only at the door.
TEST_F(Unprivileged, AnOldConnectionOfAFormerOwnerIsRefused) {
  std::string set;
  for (const std::string& word : lab_.XswArgv("port function set up0/2 owner 1000:1000"))
    set += word + " ";
  mkdir("/run/door", 0777);
  chmod("/run/door", 0777);
  Process later({"sh", "-c", "until [ -e /run/door/there ]; do sleep 0.01; done; " + set});
  EXPECT_TRUE(As({}, []() -> std::string {
                Dialog early(2);
                if (early.Ask("/connect,host") != "/host_ok") return "no connection";
                if (mkdir("/run/door/there", 0755)) return "cannot say so";
                struct stat info;
                WaitFor([&] { return !stat(SocketPath(2).c_str(), &info) && info.st_uid == 1000; });
                return early.Ask("/open,0,64,64,64,64,2048,0", {MakeMemfd(1 << 20).get()});
              }).starts_with("/open_nak,13,"));
}

TEST_F(Unprivileged, ASpoofedSourceIsDroppedAndCounted) {
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  const uint64_t before = lab_.Drops(2, "spoof");
  const Bytes spoofed = Numbered(Eth{.dst = kOutsideMac, .src = kMac1} / Payload(46), 3);
  EXPECT_EQ(As({}, [&]() -> std::string {
              Application app("up0/2");
              app.Send(spoofed);
              app.Send(kOut);
              return "";
            }),
            "");
  std::optional<Received> first = wire.Receive(5000);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->frame, kOut) << "what was sent first was let through";
  EXPECT_EQ(lab_.Drops(2, "spoof"), before + 1);
}

// One client at a time has a queue, and it is free again when that one dies, however it does.
TEST_F(Unprivileged, ATakenQueueIsRefusedUntilItsOwnerIsGone) {
  const auto open = []() -> std::string {
    xswq_qp* qp = nullptr;
    const int error = xswq_open("up0/2", nullptr, &qp);
    if (error == -EBUSY) return "busy";
    return error ? xswq_error() : "";
  };
  {
    Application app("up0/2");
    EXPECT_EQ(As({}, open), "busy");
  }
  EXPECT_TRUE(WaitFor([&] { return As({}, open).empty(); })) << As({}, open);
  EXPECT_TRUE(WaitFor([&] { return As({}, open).empty(); })) << "exited without closing";
}

}  // namespace
}  // namespace xsw::test
