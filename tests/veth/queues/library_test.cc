// SPDX-License-Identifier: Apache-2.0
// What libxswq promises beside frames: an event for epoll, huge pages where the machine has them,
// queues in threads of their own; and what a queue block's representor is set to, on which all of
// it rests.
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <cstdlib>
#include <regex>
#include <thread>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

Bytes FrameTo(const Mac& mac, uint32_t id) {
  return Numbered(Eth{.dst = mac, .src = kOutsideMac} / Payload(46), id);
}

TEST(Library, ItsFdIsReadableForEpollOnceAFrameHasCome) {
  QueueLab lab({.ports = 0});
  lab.AddBlock(1);
  Application app("up0/1");
  const PacketSocket wire(kOutside, kContainerDev, kTestType);
  const Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  epoll_event event = {.events = EPOLLIN};
  ASSERT_EQ(epoll_ctl(epoll.get(), EPOLL_CTL_ADD, xswq_fd(app.qp()), &event), 0);
  EXPECT_EQ(epoll_wait(epoll.get(), &event, 1, 0), 0) << "before";
  wire.Send(FrameTo(kMac1, 1));
  EXPECT_EQ(epoll_wait(epoll.get(), &event, 1, 5000), 1) << "after";
  EXPECT_TRUE(app.Gets(FrameTo(kMac1, 1)));
  EXPECT_EQ(epoll_wait(epoll.get(), &event, 1, 0), 0) << "when it has been taken";
}

// How many there are is for the machine's owner to say: in a virtual machine (tests/vm/suites) that
// is the test, elsewhere it takes what it finds.
TEST(Library, MemoryIsInHugePagesWhereThereAreSome) {
  if (std::getenv("XSW_OWN_MACHINE")) WriteFile("/proc/sys/vm/nr_hugepages", "8");
  QueueLab lab({.ports = 0});
  lab.AddBlock(1);
  const std::string memory = ReadFile("/proc/meminfo");
  const int free_pages = std::stoi(memory.substr(memory.find("HugePages_Free:") + 15));
  const Application app("up0/1", 1, {.memory = 4 << 20});
  xswq_info info = {};
  xswq_query(app.qp(), &info);
  EXPECT_EQ(info.huge_pages, free_pages >= 2) << free_pages << " free";
  EXPECT_TRUE(info.huge_pages || !std::getenv("XSW_OWN_MACHINE"));
}

// Each takes its frames from its own queue and answers: what one thread does the other does not
// see.
TEST(Library, TwoQueuesServeInTwoThreads) {
  constexpr uint32_t kFrames = 500;
  QueueLab lab({.ports = 0, .any_cpu = true});
  lab.AddBlock(1);
  lab.AddBlock(2);
  Application one("up0/1"), two("up0/2");
  const auto send = [](Application& app, const Mac& to, const Mac& from) {
    for (uint32_t id = 1; id <= kFrames; id++)
      ASSERT_EQ(app.Send(Numbered(Eth{.dst = to, .src = from} / Payload(46), id)), 0);
  };
  std::thread other([&] { send(two, kMac1, kMac2); });
  send(one, kMac2, kMac1);
  other.join();
  for (uint32_t id = 1; id <= kFrames; id++) {
    EXPECT_TRUE(one.Gets(Numbered(Eth{.dst = kMac1, .src = kMac2} / Payload(46), id))) << id;
    EXPECT_TRUE(two.Gets(Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(46), id))) << id;
  }
}

// /sys shows this namespace already, as a host's does; a sandbox has that of whoever started it.
TEST(Representor, OfAQueueBlockHasThreadedNapiAndNoOffloads) {
  QueueLab lab({.ports = 0});
  MustRun("mount -t sysfs sysfs /sys");
  lab.AddBlock(1);
  EXPECT_EQ(ReadFile("/sys/class/net/up0sf1/threaded"), "1\n");
  const std::string features = MustRun("ethtool -k up0sf1");
  for (const char* feature : {"tx-checksumming: off", "tcp-segmentation-offload: off",
                              "generic-segmentation-offload: off", "tx-vlan-offload: off"})
    EXPECT_NE(features.find(feature), std::string::npos) << feature << "\n" << features;
}

// By veth's own counter.
bool HasSentXdpFrames(const std::string& dev) {
  const std::string stats = MustRun("ethtool -S " + dev);
  return std::regex_search(stats, std::regex("tx_queue_[0-9]+_xdp_xmit: [1-9]"));
}

// Before 6.3 no netdev tells whether it can, so there it is tc that sends.
TEST(Wire, IsReachedByXdpWhereTheUplinkTransmitsXdpFrames) {
  const bool tells = KernelVersion() >= std::pair(6, 3);
  for (const bool xdp : {false, true}) {
    QueueLab lab({.xdp = xdp ? "on" : "off", .ports = 0});
    if (xdp) {
      {
        InNetns in(kOutside);
        MustRun("ethtool -K eth0 gro on");
      }
      lab.XswOk("eswitch set up0 xdp on");
    }
    lab.AddBlock(1);
    Application app("up0/1");
    const PacketSocket wire(kOutside, kContainerDev, kTestType);
    const Bytes frame = Numbered(Eth{.dst = kOutsideMac, .src = kMac1} / Payload(46), 1);
    EXPECT_EQ(app.Send(frame), 0);
    EXPECT_TRUE(Gets(wire, frame));
    EXPECT_EQ(HasSentXdpFrames(kUplink), xdp && tells) << MustRun("ethtool -S up0");
  }
}

}  // namespace
}  // namespace xsw::test
