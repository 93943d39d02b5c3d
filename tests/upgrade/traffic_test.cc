// SPDX-License-Identifier: Apache-2.0
// An upgrade under a steady stream of numbered frames: each of them arrives, once, where it
// belongs, and is counted. From each version that there is a way from, from another build of this
// one, and from this one to the next; at both hooks of tc, with and without XDP on the uplink.
//
//     out ==wire== up0   up0sf1 === c1    a netdev
//                        up0sf2 === c2    a netdev in VLAN 7
//                        up0sf3 === a queue block, whose application is this test
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/upgrade/in_force.h"
#include "tests/upgrade/next_version.h"
#include "tests/upgrade/older_state.h"
#include "tests/veth/live_change.h"
#include "tests/veth/pins.h"
#include "tests/veth/queues/ends.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr int kRounds = 2;
constexpr uint32_t kToNext = kNextAbi;

const Payload kData(60);
Frame Plain(const Mac& dst, const Mac& src) { return Eth{.dst = dst, .src = src} / kData; }
Frame In7(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = 7} / kData;
}

// Arrives at one place.
Flow Direct(const char* name, Place from, const Frame& sent, Place to, const Frame& got) {
  return {name, from, sent, {{to, got}}, {to}};
}

Flow Same(const char* name, Place from, Place to, const Mac& dst, const Mac& src) {
  return Direct(name, from, Plain(dst, src), to, Plain(dst, src));
}

Flow ToAll(const char* name, Place from, const Mac& src, const std::vector<Place>& to) {
  Flow flow{name, from, Plain(kBroadcast, src), {}, to};
  for (Place place : to) flow.may.push_back({place, Plain(kBroadcast, src)});
  return flow;
}

std::vector<Flow> Flows() {
  const Mac out = kOutsideMac;
  return {
      Same("port to block", kFunction1, kFunction3, kMac3, kMac1),
      Same("block to port", kFunction3, kFunction1, kMac1, kMac3),
      Same("port to wire", kFunction1, kWire, out, kMac1),
      Same("block to wire", kFunction3, kWire, out, kMac3),
      Same("wire to port", kWire, kFunction1, kMac1, out),
      Same("wire to block", kWire, kFunction3, kMac3, out),
      Same("port to host", kFunction1, kHost, kHostMac, kMac1),
      Same("host to port", kHost, kFunction1, kMac1, kHostMac),
      Same("host to block", kHost, kFunction3, kMac3, kHostMac),
      Direct("wire to port in 7", kWire, In7(kMac2, out), kFunction2, Plain(kMac2, out)),
      Direct("port in 7 to wire", kFunction2, Plain(out, kMac2), kWire, In7(out, kMac2)),
      ToAll("wire to all", kWire, out, {kFunction1, kFunction3, kHost}),
      ToAll("port to all", kFunction1, kMac1, {kFunction3, kWire, kHost}),
  };
}

// Frames of all flows, in turn, from before the upgrade to behind it. How many. At a rate that the
// sockets have room for until then: programs are replaced in its last step.
uint32_t UpgradeUnderLoad(const Argv& argv, const std::vector<Flow>& flows,
                          const std::function<void(Place from, const Bytes& frame)>& send) {
  constexpr uint32_t kAtLeast = 1300, kAtMost = 300000;
  constexpr std::chrono::microseconds kPause(100);
  uint32_t id = 0;
  const auto send_all = [&] {
    for (const Flow& flow : flows) send(flow.from, Numbered(flow.frame, id++));
  };
  send_all();
  Process upgrade(argv);
  while ((!upgrade.Done() || id < kAtLeast) && id < kAtMost) {
    send_all();
    std::this_thread::sleep_for(kPause);  // the rate
  }
  EXPECT_LT(id, kAtMost) << "the stream has ended before the upgrade";
  const Result result = upgrade.Wait(60000);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out.find("nothing to do"), std::string::npos) << result.out;
  send_all();
  return id;
}

uint64_t Count(const Json& port, const char* way) {
  uint64_t frames = 0;
  for (const char* cast : {"unicast", "multicast", "broadcast"})
    frames += port["statistics"][way][cast]["frames"].get<uint64_t>();
  return frames;
}

struct Case {
  uint32_t from;  // or kToNext
  bool clsact;
  const char* xdp;
};
std::string NameOf(const testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  const std::string way = c.from == kToNext ? "ToNext" : "From" + std::to_string(c.from);
  return way + (c.clsact ? "Clsact" : "Tcx") + "Xdp" + c.xdp;
}

class Traffic : public testing::TestWithParam<Case> {
 protected:
  // As that version has left it.
  static void MakeOlder() {
    if (GetParam().clsact) BecomeClsact();
    if (!ToNext()) BecomeOlder(GetParam().from);
  }
  static bool ToNext() { return GetParam().from == kToNext; }
  // There is but one next.
  static int Rounds() { return ToNext() ? 1 : kRounds; }
  static Argv Upgrade(const Topology& t) {
    constexpr char kLine[] = "eswitch upgrade up0";
    return ToNext() ? NextArgv(t, kLine) : t.XswArgv(kLine);
  }
  static Json Shown(const Topology& t) {
    constexpr char kLine[] = "-j -s port show up0/1";
    return Json::parse(ToNext() ? NextOk(t, kLine) : t.XswOk(kLine))["port"][Handle(1)];
  }
};

TEST_P(Traffic, NoFrameIsLostAndEachIsCounted) {
  Ends ends(GetParam().xdp, "NNQ");
  ends.lab().XswOk("port function set up0/2 vlan 7");
  const std::vector<Flow> flows = Flows();
  for (int round = 0; round < Rounds(); round++) {
    SCOPED_TRACE(round);
    MakeOlder();
    const Json before = Shown(ends.lab());
    const uint32_t sent =
        UpgradeUnderLoad(Upgrade(ends.lab()), flows,
                         [&](Place from, const Bytes& frame) { ends.Send(from, frame); });
    const Arrivals arrived = ends.Arrived(sent - 1, {});
    ExpectNoStray(arrived, flows);
    ExpectNoLoss(arrived, flows, sent);
    ExpectOneVersion();
    const Json after = Shown(ends.lab());
    constexpr uint64_t kFromIt = 4, kToIt = 4;  // of the flows
    EXPECT_EQ(Count(after, "rx") - Count(before, "rx"), kFromIt * sent / flows.size());
    EXPECT_EQ(Count(after, "tx") - Count(before, "tx"), kToIt * sent / flows.size());
    if (testing::Test::HasFailure()) break;
  }
}

// A function that the host itself has.
TEST_P(Traffic, NoFrameIsLostInTheUplinksOwnNamespace) {
  Topology t({.xdp = GetParam().xdp, .ports = 1});
  t.XswOk("port add up0 sfnum 2 hw_addr " + Text(kMac2) + " ifname here2 state active");
  Ip("", "link set here2 up\n");
  Topology::WaitForCarrier({"here2", Representor(2)});
  Observers see(t);
  see.Watch(kFunction2, "", "here2");
  const std::vector<Flow> flows = {
      Same("to it", kFunction1, kFunction2, kMac2, kMac1),
      Same("from it", kFunction2, kFunction1, kMac1, kMac2),
      Same("wire to it", kWire, kFunction2, kMac2, kOutsideMac),
      Same("it to wire", kFunction2, kWire, kOutsideMac, kMac2),
  };
  MakeOlder();
  const uint32_t sent = UpgradeUnderLoad(Upgrade(t), flows, [&](Place from, const Bytes& frame) {
    EXPECT_TRUE(see.Send(from, frame));
  });
  const Arrivals arrived = see.Arrived();
  ExpectNoStray(arrived, flows);
  ExpectNoLoss(arrived, flows, sent);
}

// Bytes all the time, between ports and with the outside; no retransmission timeout.
TEST_P(Traffic, TcpHasNoTimeout) {
  Topology t({.xdp = GetParam().xdp, .ports = 2});
  TcpStream inside({"c1", IpOf(1)}, {"c2", IpOf(2)});
  TcpStream outside({kOutside, kOutsideIp}, {"c1", IpOf(1)});
  ASSERT_TRUE(inside.connected() && outside.connected());
  ASSERT_TRUE(inside.Transfer(1 << 20) && outside.Transfer(1 << 20));
  const auto timeouts = [] {
    return StackCounter("c1", "TcpExt", "TCPTimeouts") +
           StackCounter("c2", "TcpExt", "TCPTimeouts") +
           StackCounter(kOutside, "TcpExt", "TCPTimeouts");
  };
  const uint64_t before = timeouts();
  for (int round = 0; round < Rounds(); round++) {
    MakeOlder();
    Process upgrade(Upgrade(t));
    while (!upgrade.Done()) {
      inside.Pump();
      outside.Pump();
    }
    const Result result = upgrade.Wait(60000);
    ASSERT_EQ(result.status, 0) << result.err;
    ASSERT_TRUE(inside.Transfer(1 << 20) && outside.Transfer(1 << 20));
  }
  EXPECT_TRUE(inside.intact() && outside.intact());
  EXPECT_EQ(timeouts(), before);
}

const Case kCases[] = {
    {4, false, "off"},
    {4, false, "on"},
    {4, true, "off"},
    {4, true, "on"},
    {5, false, "on"},
    {5, true, "off"},
    {XSW_ABI_VERSION, false, "off"},
    {XSW_ABI_VERSION, true, "on"},
    {kToNext, false, "on"},
    {kToNext, true, "off"},
};
INSTANTIATE_TEST_SUITE_P(, Traffic, testing::ValuesIn(kCases), NameOf);

}  // namespace
}  // namespace xsw::test
