// SPDX-License-Identifier: Apache-2.0
// `xsw capture` of queue blocks: what XDP steers on both sides, and what finds no socket.
//
//   wire, netdev port up0/1  <->  queue block up0/2 (an application)   up0/3 (none)
#include <gtest/gtest.h>

#include <map>

#include "tests/veth/captured.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

using Texts = std::vector<std::string>;

TEST(QueueCapture, HasEachWayFieldByField) {
  QueueLab lab({.xdp = "on", .ports = 1});
  lab.AddBlock(2, "queues 2");
  lab.AddBlock(3, "queues 1");
  Application app("up0/2", 2);
  const PacketSocket wire(kOutside, kContainerDev, kTestType);
  const PacketSocket netdev(ContainerName(1), kContainerDev, kTestType);
  const auto frame = [](Mac dst, Mac src, uint32_t id) {
    return Numbered(Eth{.dst = dst, .src = src} / Payload(60), id);
  };
  Capturing capture(lab, "up0");
  EXPECT_EQ(app.Send(frame(kMac1, kMac2, 0), 1), 0);
  EXPECT_TRUE(Gets(netdev, frame(kMac1, kMac2, 0)));
  EXPECT_EQ(app.Send(frame(kOutsideMac, kMac2, 1)), 0);
  EXPECT_TRUE(Gets(wire, frame(kOutsideMac, kMac2, 1)));
  netdev.Send(frame(kMac2, kMac1, 2));
  EXPECT_TRUE(app.Gets(frame(kMac2, kMac1, 2)));
  wire.Send(frame(kMac2, kOutsideMac, 3));
  EXPECT_TRUE(app.Gets(frame(kMac2, kOutsideMac, 3)));
  EXPECT_EQ(app.Send(frame(kMac1, kMac3, 4)), 0);
  EXPECT_TRUE(WaitFor([&] { return lab.Drops(2, "spoof") == 1; }));
  EXPECT_EQ(app.Send(frame(kBroadcast, kMac2, 5)), 0);
  EXPECT_TRUE(Gets(wire, frame(kBroadcast, kMac2, 5)));
  netdev.Send(frame(kMac3, kMac1, 6));
  EXPECT_TRUE(WaitFor([&] { return lab.Drops(3, "no_socket") == 2; })) << "and of the broadcast";
  EXPECT_EQ(capture.End().status, 0);
  std::map<uint32_t, Texts> got;
  std::map<uint32_t, std::string> queue;
  for (const CapturedRecord& record : capture.Read()) {
    got[record.id].push_back(record.interface + " " + record.text);
    if (!record.queue.empty()) queue[record.id] = record.queue;
  }
  EXPECT_EQ(got[0], (Texts{"up0/2 in", "up0/1 out xdp 4 | up0/2 > up0/1"}));
  EXPECT_EQ(queue[0], "1");
  EXPECT_EQ(got[1], (Texts{"up0/2 in", "up0/0 out tc 7 | up0/2 > up0/0"})) << "this uplink transmits no XDP frames";
  EXPECT_EQ(got[2], (Texts{"up0/1 in", "up0/2 out tc 7 | up0/1 > up0/2"}));
  EXPECT_EQ(got[3], (Texts{"up0/0 in", "up0/2 out xdp 4 | up0/0 > up0/2"}));
  EXPECT_EQ(got[4], (Texts{"up0/2 in", "up0/2 in xdp 1 | drop spoof"}));
  EXPECT_EQ(got[5],
            (Texts{"up0/2 in", "up0/1 out tc 7 | up0/2 > up0/1", "up0/3 out tc 7 | up0/2 > up0/3",
                   "up0/0 out tc 7 | up0/2 > up0/0", "up0/host out tc 7 | up0/2 > host",
                   "up0/3 out xdp 1 | representor > up0/3 drop no_socket"}));
  EXPECT_EQ(got[6], (Texts{"up0/1 in", "up0/3 out tc 7 | up0/1 > up0/3",
                           "up0/3 out xdp 1 | representor > up0/3 drop no_socket"}));
}

}  // namespace
}  // namespace xsw::test
