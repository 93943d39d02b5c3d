// SPDX-License-Identifier: Apache-2.0
// What `xsw port function set` lets a port send and get, seen by real frames.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//                        up0sf3 === c3
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/observers.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

const Mac kNobody = {2, 9, 9, 9, 9, 9};

class PortPolicy : public testing::TestWithParam<const char*> {
 protected:
  PortPolicy() : t_({.xdp = GetParam(), .ports = 3}), see_(t_) {}

  void Set(int port, const std::string& words) {
    t_.XswOk("port function set " + Handle(port) + " " + words);
  }
  std::string GotBy(Place from, const Frame& frame) {
    see_.Send(from, Numbered(frame, ++id_));
    return WhoGot(see_.Arrived(), id_);
  }
  std::string GotBy(Place from, const Eth& eth) { return GotBy(from, eth / Payload(100)); }
  uint64_t Drops(int port, const std::string& why) {
    return t_.ShowPort(port)["statistics"]["drops"][why].get<uint64_t>();
  }

  Topology t_;
  Observers see_;
  uint32_t id_ = 0;
};

const Places kAll = {kFunction1, kFunction2, kFunction3};

TEST_P(PortPolicy, IsolatedSpeaksToUplinkAndHostOnly) {
  Set(1, "isolated on");
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kMac1}), Each({kWire}));
  EXPECT_EQ(GotBy(kFunction2, {kMac1, kMac2}), "");
  EXPECT_EQ(Drops(1, "isolated"), 1u);
  EXPECT_EQ(GotBy(kFunction1, {kHostMac, kMac1}), Each({kHost}));
  EXPECT_EQ(GotBy(kHost, {kMac1, kHostMac}), Each({kFunction1}));
  EXPECT_EQ(GotBy(kWire, {kMac1, kOutsideMac}), Each({kFunction1}));
  EXPECT_EQ(GotBy(kFunction1, {kBroadcast, kMac1}), Each({kWire, kHost}));
  EXPECT_EQ(GotBy(kFunction2, {kBroadcast, kMac2}), Each({kWire, kHost, kFunction3}));
  EXPECT_EQ(GotBy(kWire, {kBroadcast, kOutsideMac}), Each({kHost, kFunction1, kFunction2, kFunction3}));
  Set(1, "isolated off");
  EXPECT_EQ(GotBy(kFunction2, {kMac1, kMac2}), Each({kFunction1}));
}

TEST_P(PortPolicy, SpoofCheckOffLetsAnySourceThrough) {
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kNobody}), "");
  EXPECT_EQ(Drops(1, "spoof"), 1u);
  Set(1, "spoofchk off");
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kNobody}), Each({kFunction2}));
  EXPECT_EQ(GotBy(kFunction1, Eth{kMac2, kNobody} / Vlan{.id = 7} / Payload(100)), "");
  Set(1, "spoofchk on");
  EXPECT_EQ(GotBy(kFunction1, {kMac2, kNobody}), "");
}

TEST_P(PortPolicy, PromiscGetsUnknownUnicastAndNothingElse) {
  Set(3, "trust on promisc on");
  EXPECT_EQ(GotBy(kWire, {kNobody, kOutsideMac}), Each({kHost, kFunction3}));
  EXPECT_EQ(GotBy(kFunction1, {kNobody, kMac1}), Each({kWire, kFunction3}));
  EXPECT_EQ(GotBy(kHost, {kNobody, kHostMac}), Each({kWire, kFunction3}));
  EXPECT_EQ(GotBy(kFunction3, {kNobody, kMac3}), Each({kWire}));
  EXPECT_EQ(GotBy(kWire, {kHostMac, kOutsideMac}), Each({kHost}));
  EXPECT_EQ(GotBy(kFunction1, {kHostMac, kMac1}), Each({kHost}));
  EXPECT_EQ(GotBy(kWire, {kMac1, kOutsideMac}), Each({kFunction1}));
  Set(3, "promisc off trust off");
  EXPECT_EQ(GotBy(kWire, {kNobody, kOutsideMac}), Each({kHost}));
}

TEST_P(PortPolicy, AGroupReachesItsMembersAndWhoHasAllmulti) {
  const std::string group = Text(kMulticast6);
  t_.XswOk("mdb add up0 " + group + " port up0/2");
  EXPECT_EQ(GotBy(kWire, {kMulticast6, kOutsideMac}), Each({kHost, kFunction2}));
  EXPECT_EQ(GotBy(kFunction1, {kMulticast6, kMac1}), Each({kWire, kHost, kFunction2}));
  EXPECT_EQ(GotBy(kHost, {kMulticast6, kHostMac}), Each({kWire, kFunction2}));
  EXPECT_EQ(GotBy(kWire, {kMulticast, kOutsideMac}), Each({kHost, kFunction1, kFunction2, kFunction3}));
  Set(1, "trust on allmulti on");
  EXPECT_EQ(GotBy(kWire, {kMulticast6, kOutsideMac}), Each({kHost, kFunction1, kFunction2}));
  t_.XswOk("mdb add up0 " + group + " port up0/3");
  const Json mdb = Json::parse(t_.XswOk("-j mdb show up0"))["mdb"]["up0"];
  EXPECT_EQ(mdb, Json::parse("[{\"group\":\"" + group + "\",\"dev\":\"up0sf2\",\"port\":\"up0/2\"},"
                             "{\"group\":\"" + group + "\",\"dev\":\"up0sf3\",\"port\":\"up0/3\"}]"));
  Set(1, "allmulti off");
  t_.XswOk("mdb del up0 " + group + " port up0/2");
  EXPECT_EQ(GotBy(kWire, {kMulticast6, kOutsideMac}), Each({kHost, kFunction3}));
  t_.XswOk("mdb del up0 " + group + " port up0/3");
  EXPECT_EQ(GotBy(kWire, {kMulticast6, kOutsideMac}), Each({kHost, kFunction1, kFunction2, kFunction3}));
}

TEST_P(PortPolicy, AFurtherAddressIsInOneVlan) {
  Set(1, "vlans 7,8");
  Set(2, "vlan 8");
  t_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1 vlan 8");
  t_.XswOk("fdb add up0 " + Text(kExtraMac2) + " port up0/2");
  const auto tagged = [](const Mac& dst, const Mac& src, uint16_t id) {
    return Eth{dst, src} / Vlan{.id = id} / Payload(100);
  };
  EXPECT_EQ(GotBy(kWire, tagged(kExtraMac1, kOutsideMac, 8)), Each({kFunction1}));
  EXPECT_EQ(GotBy(kWire, tagged(kExtraMac1, kOutsideMac, 7)), Each({kHost}));
  EXPECT_EQ(GotBy(kWire, tagged(kExtraMac2, kOutsideMac, 8)), Each({kFunction2}))
      << "without vlan it is in that of the access port";
  EXPECT_EQ(GotBy(kFunction1, tagged(kMac2, kExtraMac1, 8)), Each({kFunction2}));
  EXPECT_EQ(GotBy(kFunction1, tagged(kOutsideMac, kExtraMac1, 7)), "");
  EXPECT_EQ(Drops(1, "spoof"), 1u);
}

INSTANTIATE_TEST_SUITE_P(Xdp, PortPolicy, testing::Values("off", "on"),
                         [](const auto& info) { return std::string(info.param); });

TEST(PortLink, DisabledTakesTheCarrierAndCounts) {
  Topology t({.ports = 2});
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  auto carrier = [] {
    const Json link = Json::parse(MustRun("ip -n c1 -j link show eth0"))[0];
    return link["operstate"] == "UP";
  };
  ASSERT_TRUE(WaitFor(carrier));
  t.XswOk("port function set up0/1 link disable");
  EXPECT_TRUE(WaitFor([&] { return !carrier(); }, 20000));
  for (int i = 0; i < 5; i++) wire.Send((Eth{kMac1, kOutsideMac} / Payload(100)).bytes);
  EXPECT_TRUE(WaitFor(
      [&] { return t.ShowPort(1)["statistics"]["drops"]["link_down"] == 5; }))
      << t.ShowPort(1)["statistics"]["drops"];
  EXPECT_EQ(t.ShowPort(1)["policy"]["link"], "disable");
  EXPECT_FALSE(Ping({"c2", IpOf(2)}, {"c1", IpOf(1)}));
  t.XswOk("port function set up0/1 link enable");
  EXPECT_TRUE(WaitFor(carrier, 20000));
  EXPECT_TRUE(WaitFor([&] { return Ping({"c2", IpOf(2)}, {"c1", IpOf(1)}); }, 20000));
}

TEST(PortPolicyKept, WhenANamespaceDiesAndComesBack) {
  Topology t({.ports = 2});
  t.XswOk("port function set up0/1 vlans 7,8 pvid 7 trust on promisc on tx_max 10mbit link disable");
  const Json policy = t.ShowPort(1)["policy"];
  t.sandbox().DeleteNetns("c1");
  ASSERT_TRUE(WaitFor([&] { return t.ShowPort(1)["function"]["opstate"] == "detached" &&
                                   RunCommand("ip link show up0sf1").status != 0; }, 30000));
  t.sandbox().AddNetns("c1");
  t.XswOk("port function set up0/2 isolated on");  // any that writes
  EXPECT_EQ(t.ShowPort(1)["policy"], policy);
  MustRun("ip -n c1 link set eth0 up");
  const Json link = Json::parse(MustRun("ip -j link show up0sf1"))[0];
  EXPECT_EQ(link["flags"].dump().find("\"UP\""), std::string::npos) << link;
  t.XswOk("port function set up0/1 link enable");
  Topology::WaitForCarrier({Representor(1)});
}

// All that a command with a bad word, or a step that fails, must leave as it was.
class AllOrNothing : public testing::TestWithParam<const char*> {};

TEST_P(AllOrNothing, OfACommandThatFails) {
  Topology t({.ports = 2});
  t.XswOk("port function set up0/2 vlans 7,9");
  t.XswOk("fdb add up0 " + Text(kMac1) + " port up0/2 vlan 9");
  {
    InNetns in("c1");
    MustRun("ip link add taken type bridge");
  }
  const auto look = [&] {
    return t.XswOk("-j port show") + t.XswOk("-j fdb show") + t.XswOk("-j vlan show") +
           t.XswOk("-j mdb show") + MustRun("ip -n c1 -j link show eth0") +
           MustRun("ip -j link show up0sf1") + MustRun("bridge fdb show dev up0");
  };
  const std::string before = look();
  const Result result = t.Xsw(std::string("port function set up0/1 ") + GetParam());
  EXPECT_NE(result.status, 0);
  EXPECT_EQ(look(), before);
}

INSTANTIATE_TEST_SUITE_P(
    , AllOrNothing,
    testing::Values("mtu 1400 vlan 7 qos 3 spoofchk off tx_max 10mbit isolated on promisc on",
                    "mtu 1400 vlan 7 trust on promisc on tx_max 10mbit burst 1",
                    "hw_addr 02:00:00:00:00:77 vlans 7 pvid 8 link disable rx_max 1",
                    "vlan 7 isolated on tx_max 10mbit link disable ifname taken",
                    "hw_addr 02:00:00:00:00:77 trust on allmulti on vlans 7,8 netns nowhere",
                    "spoofchk off rx_max 10mbit vlans 8-10 isolated on",  // kMac1 in VLAN 9 is port 2's
                    "trust on vlan 7 vlans 8", "isolated on vlan 4095", "isolated on spoofchk maybe"));

TEST(PortShow, TellsThePolicy) {
  Topology t({.ports = 2});
  t.XswOk("port function set up0/1 vlans 7,10-12 pvid 7 qos 3 trust on allmulti on tx_max 1.5gbit "
          "burst 1m");
  t.XswOk("port function set up0/2 vlan 9 rx_max 10mbit isolated on");
  const Json one = t.ShowPort(1)["policy"];
  EXPECT_EQ(one, Json::parse(R"({"vlans":"7,10-12","pvid":7,"qos":3,"spoofchk":true,"trust":true,
      "promisc":false,"allmulti":true,"isolated":false,"link":"enable","tx_max_bit_s":1500000000,
      "burst_bytes":1048576})"));
  EXPECT_EQ(Json::parse(t.XswOk("-j vlan show up0"))["vlan"],
            Json::parse(R"({"up0/1":[{"vlan":7,"flags":["PVID","Egress Untagged"],"qos":3},
                                     {"vlan":10,"vlanEnd":12}],
                            "up0/2":[{"vlan":9,"flags":["PVID","Egress Untagged"]}]})"));
  const std::string text = t.XswOk("port show up0/2");
  EXPECT_NE(text.find("vlan 9 spoofchk on"), std::string::npos) << text;
  EXPECT_NE(text.find("rx_max 10mbit"), std::string::npos) << text;
  t.XswOk("port function set up0/1 novlan tx_max 0 burst 0");
  EXPECT_EQ(Json::parse(t.XswOk("-j vlan show up0"))["vlan"]["up0/1"],
            Json::parse(R"([{"vlan":0,"flags":["PVID","Egress Untagged"]}])"));
}

TEST(StatsCommand, SumsUpAndTellsRates) {
  Topology t({.ports = 2});
  PacketSocket port1("c1", kContainerDev, kTestType);
  const Bytes good = (Eth{kMac2, kMac1} / Payload(86)).bytes,
              spoof = (Eth{kMac2, kNobody} / Payload(86)).bytes;
  for (int i = 0; i < 10; i++) port1.Send(good), port1.Send(spoof);
  auto stats = [&] { return Json::parse(t.XswOk("-j stats up0"))["stats"]; };
  EXPECT_TRUE(WaitFor([&] { return stats()["up0/1"]["rx"]["frames"] == 20; })) << stats();
  EXPECT_EQ(stats()["up0/1"]["rx"]["bytes"], 2000);
  EXPECT_EQ(stats()["up0/1"]["drops"]["spoof"], 10);
  EXPECT_EQ(stats()["up0/2"]["tx"], Json::parse(R"({"bytes":1000,"frames":10})"));
  Process watch(t.XswArgv("-j stats up0 --watch 1"));
  for (int i = 0; i < 10; i++) port1.Send(good);
  // Two intervals at least, however busy the machine is; it ends when it is killed.
  const Result result = watch.Wait(6000);
  const Json line = Json::parse(result.out.substr(0, result.out.find('\n')), nullptr, false);
  ASSERT_FALSE(line.is_discarded()) << result.out << result.err;
  EXPECT_GT(line["seconds"], 0.9);
  EXPECT_TRUE(line["per_second"].contains("up0/1")) << line;
}

}  // namespace
}  // namespace xsw::test
