// SPDX-License-Identifier: Apache-2.0
// From what is and what is wanted to steps, without any eswitch.
#include "switchdev_model/configuration/plan.h"

#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "switchdev_model/configuration/document.h"
#include "switchdev_model/words.h"

namespace xsw {
namespace {

constexpr Mac kUplinkMac = {2, 0, 0, 0, 1, 1};

// Of one eswitch eth0, by what stands in it.
Description Describe(const std::string& inside) {
  absl::StatusOr<Document> document = ParseDocument(R"({"eswitch": {"eth0": {)" + inside + "}}}");
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? document->configuration["eth0"] : Description();
}

// Indices count up from 1.
Present PresentOf(const std::string& inside) {
  Present present{.uplink = "eth0", .uplink_mac = kUplinkMac, .description = Describe(inside)};
  uint32_t index = 1;
  for (const auto& [sfnum, port] : present.description.ports) {
    const Mac derived = DerivedMac(kUplinkMac, sfnum, 0);
    present.ports[sfnum] = {index++, port.hw_addr.value_or(derived), derived};
  }
  return present;
}

std::string Steps(const std::string& is, const std::string& wanted, bool prune = false) {
  const Present present = PresentOf(is);
  return absl::StrJoin(Texts(MakePlan(present, Describe(wanted), prune), "eth0"), "\n");
}

#define MAC(n) R"("hw_addr": "02:00:00:00:00:0)" #n "\""
#define M(n) "02:00:00:00:00:0" #n

TEST(Plan, OfWhatIsThereIsEmpty) {
  const std::string all =
      R"("mode": "switchdev", "ports": [{"sfnum": 1, "vlan": 7}, {"sfnum": 2, )" MAC(2) R"(,
         "class": "queues", "queues": 3}], "fdb": [{"mac": ")" M(9) R"(", "port": 1}],
         "mdb": [{"group": "239.1.1.1", "port": 2}])";
  EXPECT_EQ(Steps(all, all), "");
  EXPECT_EQ(Steps(all, all, true), "");
}

TEST(Plan, BeginsWithTheEswitchWhereThereIsNone) {
  const Present nothing{.uplink = "eth0", .uplink_mac = kUplinkMac, .exists = false};
  const Description wanted = Describe(
      R"("miss": "drop", "ports": [{"sfnum": 3, "class": "queues", "vlans": "1-9", "pvid": 4}],
         "fdb": [{"mac": ")" M(9) R"(", "port": 3}, {"mac": ")" M(8) R"(", "port": "host"}])");
  EXPECT_EQ(absl::StrJoin(Texts(MakePlan(nothing, wanted, false), "eth0"), "\n"),
            "eswitch add eth0 miss drop\n"
            "port add eth0 sfnum 3 class queues vlans 1-9 pvid 4\n"
            "fdb add eth0 " M(8) " port eth0/0\n"
            "fdb add eth0 " M(9) " port eth0sf3 vlan 4");
}

TEST(Plan, NamesOnlyWhatDiffers) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, "vlan": 7, "mtu": 1400, "netns": "c1"}, {"sfnum": 5}])",
                  R"("ports": [{"sfnum": 1, "tx_max": "10mbit", "burst": "64k"}])"),
            "port function set eth0/1 nonetns mtu 0 novlan tx_max 10mbit burst 64k");
  EXPECT_EQ(Steps(R"("host": false)", R"("xdp": "on")"), "eswitch set eth0 xdp on host on");
}

// The whole of a trunk is said: one word of VLANs does away with the others.
TEST(Plan, SaysAllOfAPortsVlansIfOneDiffers) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, "vlans": "1-9", "pvid": 4, "qos": 2}])",
                  R"("ports": [{"sfnum": 1, "vlans": "1-9", "pvid": 4, "qos": 3}])"),
            "port function set eth0/1 vlans 1-9 pvid 4 qos 3");
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, "vlan": 4, "qos": 2}])",
                  R"("ports": [{"sfnum": 1, "vlan": 4}])"),
            "port function set eth0/1 vlan 4");
}

TEST(Plan, ADerivedAddressOrNameIsSaidWhenAnotherWasThere) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, "ifname": "lan0", )" MAC(1) "}]",
                  R"("ports": [{"sfnum": 1}])"),
            "port function set eth0/1 hw_addr " + FormatMac(DerivedMac(kUplinkMac, 1, 0)) +
                " ifname eth0s1");
}

TEST(Plan, PruneRemovesWhatIsNotWantedLast) {
  const std::string is = R"("ports": [{"sfnum": 1}, {"sfnum": 2}, {"sfnum": 3}],
      "fdb": [{"mac": ")" M(8) R"(", "port": "host"}, {"mac": ")" M(9) R"(", "port": 2}],
      "mdb": [{"group": "239.1.1.1", "port": 1}])";
  const std::string wanted = R"("ports": [{"sfnum": 1, "mtu": 1400}, {"sfnum": 4}])";
  EXPECT_EQ(Steps(is, wanted),
            "port function set eth0/1 mtu 1400\n"
            "port add eth0 sfnum 4");
  EXPECT_EQ(Steps(is, wanted, true),
            "port function set eth0/1 mtu 1400\n"
            "port add eth0 sfnum 4\n"
            "fdb del eth0 " M(8) " port eth0/0\n"
            "mdb del eth0 01:00:5e:01:01:01 port eth0/1\n"
            "port del eth0/3\n"
            "port del eth0/2");
}

TEST(Plan, WhatAnotherHasIsWaitedFor) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, )" MAC(1) R"(}, {"sfnum": 2, )" MAC(2) "}]",
                  R"("ports": [{"sfnum": 1, )" MAC(2) R"(}, {"sfnum": 2, )" MAC(3) "}]"),
            "port function set eth0/2 hw_addr " M(3) "\n"
            "port function set eth0/1 hw_addr " M(2));
  EXPECT_EQ(
      Steps(R"("ports": [{"sfnum": 1, "netns": "c", "ifname": "a", "state": "active"}])",
            R"("ports": [{"sfnum": 2, "netns": "c", "ifname": "a", "state": "active"}])", true),
      "port del eth0/1\n"
      "port add eth0 sfnum 2 netns c ifname a state active");
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1}, {"sfnum": 2}], "fdb": [{"mac": ")" M(9) R"(", "port": 1}])",
                  R"("ports": [{"sfnum": 1}, {"sfnum": 2}], "fdb": [{"mac": ")" M(9) R"(", "port": 2}])"),
            "fdb del eth0 " M(9) " port eth0/1\n"
            "fdb add eth0 " M(9) " port eth0/2");
}

TEST(Plan, OfTwoThatHaveWhatTheOtherWantsOneStepsAside) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, )" MAC(1) R"(}, {"sfnum": 2, )" MAC(2) "}]",
                  R"("ports": [{"sfnum": 1, )" MAC(2) R"(}, {"sfnum": 2, )" MAC(1) "}]"),
            "port function set eth0/1 hw_addr " + FormatMac(DerivedMac(kUplinkMac, 1, 64)) +
                "\n"
                "port function set eth0/2 hw_addr " M(1) "\n"
                "port function set eth0/1 hw_addr " M(2));
  const std::string place = R"("netns": "c", "state": "active", "ifname": )";
  EXPECT_EQ(
      Steps(R"("ports": [{"sfnum": 1, )" + place + R"("a"}, {"sfnum": 2, )" + place + R"("b"}])",
            R"("ports": [{"sfnum": 1, )" + place + R"("b"}, {"sfnum": 2, )" + place + R"("a"}])"),
      "port function set eth0/1 ifname xswtmp1\n"
      "port function set eth0/2 ifname a\n"
      "port function set eth0/1 ifname b");
}

// The same address in two VLANs, which change places.
TEST(Plan, AddressesAreInVlans) {
  EXPECT_EQ(Steps(R"("ports": [{"sfnum": 1, "vlan": 7, )" MAC(
                      1) R"(}, {"sfnum": 2, "vlan": 8, )" MAC(1) "}]",
                  R"("ports": [{"sfnum": 1, "vlan": 8, )" MAC(
                      1) R"(}, {"sfnum": 2, "vlan": 7, )" MAC(1) "}]"),
            "port function set eth0/1 hw_addr " + FormatMac(DerivedMac(kUplinkMac, 1, 64)) +
                "\n"
                "port function set eth0/2 vlan 7\n"
                "port function set eth0/1 hw_addr " M(1) " vlan 8");
}

// Its entries stay, and all else that a port of another class would lose if it were made anew.
TEST(Plan, AClassIsChangedWhileThePortIsInactive) {
  const std::string is = R"("ports": [{"sfnum": 1, "vlan": 7}, {"sfnum": 2}],
      "fdb": [{"mac": ")" M(9) R"(", "port": 1}])";
  const std::string queues = R"("class": "queues", "queues": 2, "owner": "4242:4343")";
  EXPECT_EQ(Steps(is, R"("ports": [{"sfnum": 1, "vlan": 7, )" + queues +
                          R"(}, {"sfnum": 2, "mtu": 1400}])"),
            "port function set eth0/2 mtu 1400\n"
            "port function set eth0/1 class queues queues 2 owner 4242:4343");
  const std::string active =
      R"("ports": [{"sfnum": 1, "state": "active", "class": "queues", "queues": )";
  EXPECT_EQ(Steps(active + "2}]", active + "3}]"),
            "port function set eth0/1 state inactive\n"
            "port function set eth0/1 queues 3\n"
            "port function set eth0/1 state active");
  EXPECT_EQ(Steps(active + "2}]", R"("ports": [{"sfnum": 1, "netns": "c1", "state": "active"}])"),
            "port function set eth0/1 state inactive\n"
            "port function set eth0/1 class netdev netns c1\n"
            "port function set eth0/1 state active");
}

// A block in its place has to be something else before it is one in another.
TEST(Plan, AQueueBlockMovesByWayOfANetdev) {
  const std::string block =
      R"("ports": [{"sfnum": 1, "class": "queues", "queues": 2, "program": "none")";
  EXPECT_EQ(Steps(block + "}]", block + R"(, "netns": "c1"}])"),
            "port function set eth0/1 class netdev\n"
            "port function set eth0/1 class queues queues 2 program none netns c1");
}

TEST(Plan, TheModeComesLastWhereNothingFlowsBefore) {
  const std::string port = R"("ports": [{"sfnum": 1}])";
  EXPECT_EQ(Steps(R"("mode": "switchdev_inactive")", port),
            "port add eth0 sfnum 1\neswitch set eth0 mode legacy");
  EXPECT_EQ(Steps(R"("mode": "legacy")", R"("mode": "switchdev_inactive", )" + port),
            "eswitch set eth0 mode switchdev_inactive\nport add eth0 sfnum 1");
}

// A namespace that a process has named is not the file's to say, nor is the state then.
TEST(Plan, WhatTheFileLeavesOpenStays) {
  Present present = PresentOf(R"("ports": [{"sfnum": 1, "netns": "c1", "state": "active"}])");
  present.description.ports[1].netns = "pid:4711";
  EXPECT_EQ(FormatDocument({{"eth0", ToSave(present)}}, -1),
            R"({"eswitch":{"eth0":{"ports":[{"sfnum":1,"netns":null}]}}})");
  const Description wanted =
      Describe(R"("ports": [{"sfnum": 1, "netns": null}, {"sfnum": 2, "netns": null}])");
  EXPECT_EQ(absl::StrJoin(Texts(MakePlan(present, wanted, true), "eth0"), "\n"),
            "port add eth0 sfnum 2");
}

// Its port no longer carries the VLAN, or has the address as its own now.
TEST(Plan, EntriesThatDoNothingAreNotSavedAndStayUnlessPruned) {
  Present present = PresentOf(R"("ports": [{"sfnum": 1, "vlan": 8, )" MAC(1) "}]");
  present.description.fdb = {{1, *ParseMac(M(9)), 7}, {1, *ParseMac(M(1)), 8}};
  present.description.mdb = {{*ParseMac("01:00:5e:01:01:01"), 7, 1}};
  const Description saved = ToSave(present);
  EXPECT_TRUE(saved.fdb.empty() && saved.mdb.empty());
  EXPECT_TRUE(MakePlan(present, saved, false).steps.empty());
  EXPECT_EQ(absl::StrJoin(Texts(MakePlan(present, Describe(R"("ports": [{"sfnum": 1, "vlan": 7, )" MAC(1) "}]"), true), "eth0"), "\n"),
            "port function set eth0/1 vlan 7\n"
            "fdb del eth0 " M(1) " port eth0/1 vlan 8\n"
            "fdb del eth0 " M(9) " port eth0/1 vlan 7\n"
            "mdb del eth0 01:00:5e:01:01:01 port eth0/1 vlan 7");
}

}  // namespace
}  // namespace xsw
