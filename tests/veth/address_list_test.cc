// SPDX-License-Identifier: Apache-2.0
// The uplink accepts its ports' addresses and no others: its unicast list (`bridge fdb show dev
// up0`) follows them. A NIC would throw the frames away before any program sees them.
//
//     out ==wire== up0   up0sf1 === c1, up0sf2 === c2
#include <gtest/gtest.h>

#include <set>

#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

using Addresses = std::set<std::string>;

// The list's unicast entries.
Addresses AcceptedByUplink() {
  Addresses addresses;
  for (const Json& entry : Json::parse(MustRun("bridge -j fdb show dev up0"))) {
    const std::string mac = entry["mac"];
    const bool multicast = std::stoi(mac.substr(0, 2), nullptr, 16) & 1;
    const Json flags = entry.value("flags", Json::array());
    if (!multicast && std::find(flags.begin(), flags.end(), "self") != flags.end())
      addresses.insert(mac);
  }
  return addresses;
}

class AddressList : public testing::TestWithParam<std::string> {
 protected:
  AddressList() : topology_({.xdp = GetParam(), .ports = 2}) {}
  const Addresses both_ = {Text(kMac1), Text(kMac2)};
  Topology topology_;
};

TEST_P(AddressList, HoldsEachPortsAddress) { EXPECT_EQ(AcceptedByUplink(), both_); }

TEST_P(AddressList, FollowsAChangedHwAddr) {
  topology_.XswOk("port function set up0/1 hw_addr 02:00:00:00:77:01");
  EXPECT_EQ(AcceptedByUplink(), (Addresses{"02:00:00:00:77:01", Text(kMac2)}));
}

TEST_P(AddressList, FollowsFdbAddAndDel) {
  topology_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  topology_.XswOk("fdb add up0 " + Text(kExtraMac2) + " port up0/0");  // the host's
  Addresses more = both_;
  more.insert({Text(kExtraMac1), Text(kExtraMac2)});
  EXPECT_EQ(AcceptedByUplink(), more);
  topology_.XswOk("fdb del up0 " + Text(kExtraMac1) + " port up0/1");
  topology_.XswOk("fdb del up0 " + Text(kExtraMac2) + " port up0/0");
  EXPECT_EQ(AcceptedByUplink(), both_);
}

TEST_P(AddressList, ForgetsAllAddressesOfADeletedPort) {
  topology_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  topology_.XswOk("port del up0/1");
  EXPECT_EQ(AcceptedByUplink(), (Addresses{Text(kMac2)}));
}

TEST_P(AddressList, IsTheUsersOwnAgainAfterDel) {
  MustRun("bridge fdb add 02:00:00:00:66:06 dev up0 self permanent");
  topology_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  topology_.XswOk("eswitch del up0");
  EXPECT_EQ(AcceptedByUplink(), (Addresses{"02:00:00:00:66:06"}));
}

TEST_P(AddressList, OfTheOldNetdevSurvivesItsNewAddress) {
  MustRun("ip link set up0 address 02:00:00:00:55:05");
  topology_.XswOk("port function set up0/2 hw_addr 02:00:00:00:77:02");
  EXPECT_EQ(AcceptedByUplink(), (Addresses{Text(kMac1), "02:00:00:00:77:02"}));
}

// The host's own entry in the FDB follows the uplink's address, with the next writing command.
TEST_P(AddressList, OfTheHostFollowsTheUplink) {
  const Mac now = {2, 0, 0, 0, 0x55, 5};
  Observers see(topology_);
  MustRun("ip link set up0 address " + Text(now));
  topology_.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  see.Send(kFunction1, Numbered(Eth{.dst = now, .src = kMac1} / Payload(60), 1));
  see.Send(kFunction1, Numbered(Eth{.dst = kHostMac, .src = kMac1} / Payload(60), 2));
  const Arrivals arrived = see.Arrived();
  EXPECT_EQ(WhoGot(arrived, 1), Each({kHost}));
  EXPECT_EQ(WhoGot(arrived, 2), Each({kWire}));
}

// The FDB leads frames to a changed address at once, and none to the old one.
TEST_P(AddressList, AndFdbChangeTogether) {
  const Mac now = {2, 0, 0, 0, 0x77, 1};
  Observers see(topology_);
  topology_.XswOk("port function set up0/1 hw_addr " + Text(now));
  see.Send(kWire, Numbered(Eth{.dst = now, .src = kOutsideMac} / Payload(60), 1));
  see.Send(kWire, Numbered(Eth{.dst = kMac1, .src = kOutsideMac} / Payload(60), 2));
  see.Send(kFunction1, Numbered(Eth{.dst = kOutsideMac, .src = now} / Payload(60), 3));
  see.Send(kFunction1, Numbered(Eth{.dst = kOutsideMac, .src = kMac1} / Payload(60), 4));
  const Arrivals arrived = see.Arrived();
  EXPECT_EQ(WhoGot(arrived, 1), Each({kFunction1}));
  EXPECT_EQ(WhoGot(arrived, 2), Each({kHost}));
  EXPECT_EQ(WhoGot(arrived, 3), Each({kWire}));
  EXPECT_EQ(WhoGot(arrived, 4), Each({}));
}

INSTANTIATE_TEST_SUITE_P(Xdp, AddressList, testing::Values("off", "on"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace xsw::test
