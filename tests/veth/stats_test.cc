// SPDX-License-Identifier: Apache-2.0
// `xsw -s port show` accounts for each frame: a known number is sent, and these counters move by
// just as much, and no others of any port.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3
//
// With the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off). No markers
// of observers.h here: they would count.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <sstream>

#include "tests/veth/packet.h"
#include "tests/veth/stats_rows.h"
#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

using Counters = std::map<std::string, int64_t>;

class Stats : public testing::TestWithParam<std::tuple<std::string, Row>> {
 protected:
  struct World {
    explicit World(const std::string& xdp)
        : topology({.xdp = xdp, .ports = 3}),
          wire(kOutside, kContainerDev, kTestType),
          host("", kUplink, kTestType),
          port1("c1", kContainerDev, kTestType),
          representor1("", Representor(1), kTestType),
          xdp_wire(kOutside, kContainerDev) {
      MustRun("ethtool -K up0 gro on");  // NAPI, for XDP frames
    }
    Topology topology;
    PacketSocket wire, host, port1, representor1;
    XdpSender xdp_wire;
  };
  void SetUp() override {
    const std::string& xdp = std::get<0>(GetParam());
    if (world_ && world_->topology.options().xdp == xdp) return;
    world_.reset();
    world_ = std::make_unique<World>(xdp);
  }
  static void TearDownTestSuite() { world_.reset(); }

  static Counters Now();
  static void Send(From from, const Bytes& frame);
  static void Do(const std::vector<std::string>& commands);
  static void UndoAll(const std::vector<std::string>& commands);
  static std::unique_ptr<World> world_;
};
std::unique_ptr<Stats::World> Stats::world_;

// "1/rx/unicast/frames" and so on, of all ports, in one look.
Counters Stats::Now() {
  Counters counters;
  const Json all = Json::parse(world_->topology.XswOk("-s -j port show"));
  for (const auto& [handle, port] : all["port"].items()) {
    const std::string index = handle.substr(handle.find('/') + 1);
    const Json flat = port["statistics"].flatten();
    for (const auto& [path, value] : flat.items()) {
      if (value.is_number()) counters[index + path] = value;
    }
  }
  return counters;
}

void Stats::Send(From from, const Bytes& frame) {
  if (from == kFromWire) world_->wire.Send(frame);
  if (from == kFromWireXdp) world_->xdp_wire.Send(frame);
  if (from == kFromHost) world_->host.Send(frame);
  if (from == kFromPort1) world_->port1.Send(frame);
  if (from == kFromRepresentor1) world_->representor1.Send(frame);
}

void Stats::Do(const std::vector<std::string>& commands) {
  for (const std::string& command : commands) {
    if (command.starts_with("xsw ")) {
      world_->topology.XswOk(command.substr(4));
    } else {
      MustRun(command);
    }
  }
}

void Stats::UndoAll(const std::vector<std::string>& commands) {
  if (commands.empty()) return;
  Do(commands);
  Topology::WaitForCarrier({Representor(1), Representor(2), Representor(3)});
}

Counters Difference(const Counters& before, const Counters& after) {
  Counters moved;
  for (const auto& [name, value] : after) {
    auto old = before.find(name);
    const int64_t by = value - (old == before.end() ? 0 : old->second);
    if (by) moved[name] = by;
  }
  return moved;
}

Counters Expected(const std::vector<std::string>& moves) {
  Counters expected;
  for (const std::string& move : moves) {
    const bool frames_only = move.find("drops") != std::string::npos ||
                             move.ends_with("misses") || move.ends_with("function");
    expected[frames_only ? move : move + "/frames"] = kN;
    if (!frames_only) expected[move + "/bytes"] = kN * kLen;
  }
  return expected;
}

TEST_P(Stats, AccountForEachFrame) {
  const Row& row = std::get<1>(GetParam());
  const Counters expected = Expected(row.moves);
  Do(row.given);
  const Counters before = Now();
  for (int i = 0; i < kN; i++) Send(row.from, row.frame.bytes);
  WaitFor([&] { return Difference(before, Now()) == expected; });
  EXPECT_EQ(Difference(before, Now()), expected);
  UndoAll(row.after);
}

INSTANTIATE_TEST_SUITE_P(Xdp, Stats,
                         testing::Combine(testing::Values("off", "on"), testing::ValuesIn(Rows())),
                         [](const auto& info) {
                           return std::string(std::get<1>(info.param).name) + "_Xdp" +
                                  std::get<0>(info.param);
                         });

class StatsOfStacks : public testing::TestWithParam<std::string> {};

// A container's root can turn GRO off. An uplink with XDP then loses what it redirects there, and
// xsw must not hide it.
TEST(StatsOfAPort, WhoseUserTurnsGroOffShowWhatItLoses) {
  Topology t({.xdp = "on", .ports = 1});
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  MustRun("ip netns exec c1 ethtool -K eth0 gro off");
  for (int i = 0; i < kN; i++) wire.Send(Untagged(kMac1, kOutsideMac).bytes);
  EXPECT_TRUE(
      WaitFor([&] { return t.ShowPort(1)["statistics"]["tx"]["unicast"]["frames"] == kN; }));
  EXPECT_EQ(t.ShowPort(1)["statistics"]["lost_at_function"], kN);
}

// `xsw stats` says it too; and what has passed the uplink, in both directions.
TEST(StatsCommand, ShowsLossesAndTheUplinksTraffic) {
  Topology t({.ports = 1});
  const PacketSocket wire(kOutside, kContainerDev, kTestType), host("", kUplink, kTestType);
  auto stats = [&] { return Json::parse(t.XswOk("-j stats up0"))["stats"]; };
  MustRun(kDown1);
  const Json before = stats();
  for (int i = 0; i < kN; i++) wire.Send(Untagged(kMac1, kOutsideMac).bytes);
  for (int i = 0; i < kN; i++) host.Send(Untagged(kOutsideMac, kHostMac).bytes);
  auto moved = [&](const char* port, const char* direction, const char* what) {
    return stats()[port][direction][what].get<int>() - before[port][direction][what].get<int>();
  };
  EXPECT_TRUE(WaitFor([&] { return moved("up0/0", "rx", "frames") >= kN; })) << stats();
  EXPECT_TRUE(WaitFor([&] { return moved("up0/0", "tx", "frames") >= kN; })) << stats();
  EXPECT_GE(moved("up0/0", "tx", "bytes"), kN * kLen);
  EXPECT_TRUE(WaitFor([&] { return stats()["up0/1"]["lost_at_function"] == kN; })) << stats();
  std::istringstream text(t.XswOk("stats up0/1"));
  std::string word;
  while (word != "up0/1" && text >> word) {
  }
  int rx_frames, rx_bytes, tx_frames, tx_bytes, lost;
  text >> rx_frames >> rx_bytes >> tx_frames >> tx_bytes >> lost >> word;
  EXPECT_EQ(lost, kN);
  EXPECT_EQ(word, "none");
}

// An skb of TCP segmentation offload is one frame on both sides of every hop.
TEST_P(StatsOfStacks, NothingIsLostInBulkTransfers) {
  Topology t({.xdp = GetParam(), .ports = 2});
  const Endpoint port1{"c1", IpOf(1)}, port2{"c2", IpOf(2)}, out{kOutside, kOutsideIp},
      host{"", kHostIp};
  for (const auto& [from, to] :
       {std::pair{port1, port2}, {out, port1}, {host, port1}, {port1, out}}) {
    // A small window: the ring of 256 frames of a veth end with NAPI must not overflow.
    TcpStream stream(from, to, 64 << 10);
    EXPECT_TRUE(stream.Transfer(2 << 20));
  }
  for (int port : {1, 2}) {
    const Json stats = t.ShowPort(port)["statistics"];
    EXPECT_EQ(stats["lost_at_function"], 0) << "port " << port;
    for (const auto& [reason, count] : stats["drops"].items())
      EXPECT_EQ(count, 0) << reason << " of port " << port;
    EXPECT_GT(stats["tx"]["unicast"]["frames"], 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Xdp, StatsOfStacks, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace xsw::test
