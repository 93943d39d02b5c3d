// SPDX-License-Identifier: Apache-2.0
// A program that knows nothing of xsw: Debian's dpdk-testpmd with net_af_xdp, in a namespace, on a
// function end of `program none`. It loads its own XDP program and opens AF_XDP itself; the
// representor decides all the same.
//
//   eth0 in "out" == up0    up0sf1 === eth0 in c1     up0sf2 === eth0 in "pod", testpmd on it
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

constexpr char kPod[] = "pod";

// Both of its threads on CPU 0, so that one CPU is enough. The statistics keep it from waiting for
// its standard input.
constexpr char kTestpmd[] =
    "dpdk-testpmd --no-huge -m 256 --no-pci --file-prefix=xsw --lcores=0@0,1@0 "
    "--vdev net_af_xdp0,iface=eth0,start_queue=0,queue_count=1,force_copy=1,busy_budget=0 "
    "-- --forward-mode=macswap --no-mlockall --total-num-mbufs=4096 --nb-cores=1 --stats-period=1 "
    "-a";

class Dpdk : public testing::TestWithParam<const char*> {
 protected:
  Dpdk() : lab_({.xdp = GetParam(), .ports = 1, .any_cpu = true}) {
    // libxdp pins what it loads there.
    Must(mount("bpf", "/sys/fs/bpf", "bpf", 0, nullptr) == 0, "mount bpf on /sys/fs/bpf");
    lab_.sandbox().AddNetns(kPod);
    lab_.XswOk("port add up0 sfnum 2 hw_addr " + Text(kMac2) + " class queues program none netns " +
               std::string(kPod) + " ifname eth0 state active");
    wire_ = std::make_unique<PacketSocket>(kOutside, kContainerDev, kTestType);
    netdev_ = std::make_unique<PacketSocket>(ContainerName(1), kContainerDev, kTestType);
    InNetns in(kPod);
    testpmd_ = std::make_unique<Process>(Words(kTestpmd));
  }
  // What comes back is the same frame, its addresses swapped.
  bool Forwards(const PacketSocket& from, Mac mac, size_t size, int limit_ms = 5000) {
    const Bytes there = Numbered(Eth{.dst = kMac2, .src = mac} / Payload(size - 14), ++id_);
    const Bytes back_again = Numbered(Eth{.dst = mac, .src = kMac2} / Payload(size - 14), id_);
    from.Send(there);
    return Gets(from, back_again, limit_ms);
  }
  // It starts in its own time, so until then frames are lost, on purpose.
  bool Starts() {
    return WaitFor([&] { return testpmd_->Done() || Forwards(*wire_, kOutsideMac, 60, 50); },
                   30000) &&
           !testpmd_->Done();
  }
  uint64_t Count(const char* direction) const {
    return lab_.ShowPort(2)["statistics"][direction]["unicast"]["frames"].get<uint64_t>();
  }
  uint32_t id_ = 0;
  QueueLab lab_;
  std::unique_ptr<PacketSocket> wire_, netdev_;
  std::unique_ptr<Process> testpmd_;
};

TEST_P(Dpdk, TestpmdForwardsThroughTheSwitch) {
  ASSERT_TRUE(Starts()) << testpmd_->Wait(0).out << testpmd_->Wait(0).err;
  const uint64_t sent = Count("tx"), received = Count("rx");
  for (size_t size : {60, 61, 512, 1514}) {
    for (int i = 0; i < 50; i++) {
      ASSERT_TRUE(Forwards(*wire_, kOutsideMac, size)) << "to the wire, " << size;
      ASSERT_TRUE(Forwards(*netdev_, kMac1, size)) << "to a container, " << size;
    }
  }
  EXPECT_EQ(Count("tx"), sent + 400) << "steered to it";
  EXPECT_EQ(Count("rx"), received + 400) << "sent by it";
}

// A broadcast comes to it, and goes back with a group address for its source: the switch refuses
// that.
TEST_P(Dpdk, TheRepresentorChecksWhatTestpmdSends) {
  ASSERT_TRUE(Starts()) << testpmd_->Wait(0).out << testpmd_->Wait(0).err;
  const uint64_t spoofs = lab_.Drops(2, "spoof");
  wire_->Send(Numbered(Eth{.dst = kBroadcast, .src = kOutsideMac} / Payload(46), ++id_));
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(2, "spoof") == spoofs + 1; }))
      << lab_.Drops(2, "spoof");
  EXPECT_TRUE(Forwards(*wire_, kOutsideMac, 60));
}

// No socket of xswd's is there for it, and the switch needs none.
TEST_P(Dpdk, XswdHasNothingToDoWithIt) {
  ASSERT_TRUE(Starts()) << testpmd_->Wait(0).out << testpmd_->Wait(0).err;
  EXPECT_NE(access(SocketPath(2).c_str(), F_OK), 0);
  lab_.xswd().Kill();
  EXPECT_TRUE(Forwards(*wire_, kOutsideMac, 60));
}

INSTANTIATE_TEST_SUITE_P(, Dpdk, testing::Values("off", "on"));

}  // namespace
}  // namespace xsw::test
