// SPDX-License-Identifier: Apache-2.0
// An eswitch as a document: saved, applied, compared.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
//                       what documents ask for, in c1, c2, c3
#include <gtest/gtest.h>

#include <set>

#include "tests/veth/documents.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// Everything at once, as `save` writes it.
const Json kBusy = OfUp0(Json::parse(R"({
    "miss": "drop",
    "ports": [
        {"sfnum": 1, "hw_addr": "02:00:00:00:00:01", "netns": "c1", "ifname": "eth0", "state": "active"},
        {"sfnum": 2, "hw_addr": "02:00:00:00:00:02", "netns": "c2", "ifname": "eth0", "state": "active",
         "vlans": "10,20-22", "pvid": 10, "qos": 3, "tx_max": "100mbit", "burst": "1m"},
        {"sfnum": 10},
        {"sfnum": 11, "netns": "c3", "ifname": "lan0", "state": "active", "mtu": 1400, "vlan": 7,
         "spoofchk": false, "trust": true, "promisc": true, "isolated": true, "link": "disable"},
        {"sfnum": 12, "class": "queues", "queues": 2, "owner": "nobody:nogroup", "memory_max": "1m",
         "state": "active"},
        {"sfnum": 13, "class": "queues", "program": "none", "netns": "c3", "ifname": "q0"}
    ],
    "fdb": [
        {"mac": "02:00:00:00:0a:00", "port": "host"},
        {"mac": "02:00:00:00:0a:01", "port": 2, "vlan": 20},
        {"mac": "02:00:00:00:0a:02", "port": 11, "vlan": 7}
    ],
    "mdb": [
        {"group": "01:00:5e:01:02:03", "port": 1},
        {"group": "01:00:5e:01:02:03", "port": 2, "vlan": 21}
    ]})"));

class ConfigurationApply : public testing::Test {
 protected:
  ConfigurationApply() : t({.ports = 2}) { t.sandbox().AddNetns("c3"); }
  // Until all that links tell of themselves in their own time has been told.
  void ApplyBusy() {
    Ok(Apply(t, kBusy));
    Topology::WaitForCarrier({Representor(12), Representor(13)});
  }
  static void Ok(const Result& result) { ASSERT_EQ(result.status, 0) << result.err; }
  void ExpectNoDifference(const Json& document) {
    EXPECT_EQ(Diff(t, document), std::vector<std::string>());
    EXPECT_EQ(Diff(t, document, "--prune"), std::vector<std::string>());
  }
  Topology t;
};

TEST_F(ConfigurationApply, ApplyOfAFileThenSaveGivesTheFile) {
  Ok(Apply(t, kBusy));
  EXPECT_EQ(Saved(t), kBusy);
  EXPECT_EQ(SchemaErrors(t.XswOk("save")), "");
}

TEST_F(ConfigurationApply, ApplyOfWhatWasSavedIsNoChange) {
  ApplyBusy();
  const Snapshot before = TakeSnapshot(t);
  const std::string saved = t.XswOk("save");
  ExpectNoDifference(Json::parse(saved));
  for (const char* more : {"", "--prune", "up0"}) {
    Ok(Apply(t, Json::parse(saved), more));
    EXPECT_EQ(Changes(before, TakeSnapshot(t)), "") << more;
  }
  EXPECT_EQ(t.XswOk("save up0"), saved);
}

TEST_F(ConfigurationApply, AnEswitchThatIsNotThereIsMade) {
  t.XswOk("eswitch del up0");
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  const std::vector<std::string> lines = Diff(t, kBusy);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front(), "eswitch add up0 miss drop");
  Ok(t.Xsw(std::string("-d apply ") + kDocument));
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "") << "diff or a dry run";
  Ok(Apply(t, kBusy));
  EXPECT_EQ(Saved(t), kBusy);
  ExpectNoDifference(kBusy);
}

// The same by hand.
TEST_F(ConfigurationApply, TheLinesOfDiffDoWhatApplyDoes) {
  for (const char* more : {"", "--prune"}) {
    for (const std::string& line : Diff(t, kBusy, more)) t.XswOk(line);
    EXPECT_EQ(Saved(t), kBusy);
    const Json less = OfUp0(Json::parse(R"({"ports": [
        {"sfnum": 1, "hw_addr": "02:00:00:00:00:01", "netns": "c3", "ifname": "eth0", "vlan": 9},
        {"sfnum": 12, "mtu": 1300}, {"sfnum": 14, "tx_max": "1gbit"}],
        "fdb": [{"mac": "02:00:00:00:0a:01", "port": 14}]})"));
    for (const std::string& line : Diff(t, less, more)) t.XswOk(line);
    EXPECT_EQ(Diff(t, less, more), std::vector<std::string>());
    if (*more) {
      EXPECT_EQ(Saved(t), less);
    }
  }
}

TEST_F(ConfigurationApply, WhatTheFileDoesNotNameStaysUnlessPruned) {
  Ok(Apply(t, kBusy));
  const Json one =
      OfUp0(Json::parse(R"({"ports": [{"sfnum": 11, "netns": "c3", "ifname": "lan0"}]})"));
  Ok(Apply(t, one));
  Json expected = kBusy;
  Json& up0 = expected["eswitch"]["up0"];
  up0.erase("miss");
  up0["ports"][3] = one["eswitch"]["up0"]["ports"][0];
  up0["fdb"].erase(2);  // of a VLAN that its port no longer carries
  EXPECT_EQ(Saved(t), expected);
  Ok(Apply(t, one, "--prune"));
  EXPECT_EQ(Saved(t), one);
  int addresses = 0;
  for (const Json& entry : t.ShowFdb()) addresses += entry["port"] != "up0/0";
  EXPECT_EQ(addresses, 1);
  EXPECT_EQ(t.XswOk("mdb show"), "");
}

TEST_F(ConfigurationApply, AFailingStepTakesBackWhatWasDoneBefore) {
  ApplyBusy();
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  const std::string saved = t.XswOk("save"), groups = t.XswOk("mdb show");
  Json wanted = kBusy;
  Json& up0 = wanted["eswitch"]["up0"];
  up0["mode"] = "switchdev";
  up0["host"] = false;
  up0["fdb"] = {{{"mac", "02:00:00:00:0a:01"}, {"port", 20}}};
  up0["mdb"] = {{{"group", "01:00:5e:01:02:03"}, {"port", 20}}};
  up0["ports"][1] = {{"sfnum", 2}, {"netns", "c2"}, {"ifname", "eth1"}, {"mtu", 1300}, {"vlan", 5}};
  up0["ports"][3]["hw_addr"] = "02:00:00:00:00:44";
  // Each could be made, but not both.
  for (int sfnum : {20, 21})
    up0["ports"].push_back(
        {{"sfnum", sfnum}, {"netns", "c1"}, {"ifname", "same0"}, {"state", "active"}});
  const Result result = Apply(t, wanted, "--prune");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(
      result.err,
      "Error: xsw: /run/document.json: /eswitch/up0/ports/7: port up0 sfnum 21: name same0 is "
      "taken in the namespace of its function: say ifname NAME.\n");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
  EXPECT_EQ(t.XswOk("save"), saved);
  EXPECT_EQ(t.XswOk("mdb show"), groups);
}

TEST_F(ConfigurationApply, AnEswitchOfWhichAPortCannotBeMadeIsNotMade) {
  t.XswOk("eswitch del up0");
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  const Json wanted = OfUp0(Json::parse(R"({"ports": [{"sfnum": 1}, {"sfnum": 2, "mtu": 1501}]})"));
  const Result result = Apply(t, wanted);
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(
      result.err,
      "Error: xsw: /run/document.json: /eswitch/up0/ports/1: port up0 sfnum 2: mtu 1501 is not "
      "within 68 to 1500, the uplink's.\n");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
}

// Removed ports come last: none is lost for another's error.
TEST_F(ConfigurationApply, AnErrorCostsNoPortThatWasToGo) {
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  Json ports = Json::array();
  for (int sfnum : {20, 21})
    ports.push_back({{"sfnum", sfnum}, {"netns", "c1"}, {"ifname", "same0"}, {"state", "active"}});
  EXPECT_EQ(Apply(t, OfUp0({{"ports", ports}}), "--prune").status, 1);
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
}

// As before a container starts: at boot all of them are not there yet.
TEST_F(ConfigurationApply, AFunctionWaitsForItsNamespace) {
  for (const char* netns : {"c1", "c3"}) t.sandbox().DeleteNetns(netns);
  const Json wanted = OfUp0(Json::parse(R"({"ports": [
      {"sfnum": 1, "hw_addr": "02:00:00:00:00:01", "netns": "c1", "ifname": "eth0", "state": "active"},
      {"sfnum": 2, "hw_addr": "02:00:00:00:00:02", "netns": "c9", "ifname": "eth0", "state": "active"},
      {"sfnum": 3, "netns": "c3", "ifname": "eth0", "state": "active"},
      {"sfnum": 4, "class": "queues", "netns": "c3", "ifname": "eth1", "state": "active"}]})"));
  Ok(t.Xsw("-d apply " + std::string((WriteDocument(wanted.dump()), kDocument))));
  Ok(Apply(t, wanted));
  ExpectNoDifference(wanted);
  for (int port : {1, 2, 3, 4}) {
    const Json function = t.ShowPort(port)["function"];
    EXPECT_EQ(function["state"], "active") << port;
    EXPECT_EQ(function["opstate"], "detached") << port;
  }
  EXPECT_FALSE(LinkOf("", "up0sf3").is_null()) << "its representor is there for the bridge";
  EXPECT_EQ(t.Xsw("check").out, "") << "nothing is wrong with a port that waits";
  for (const char* netns : {"c1", "c3", "c9"}) t.sandbox().AddNetns(netns);
  Ok(Apply(t, wanted));
  for (const char* place : {"c1 eth0", "c9 eth0", "c3 eth0", "c3 eth1"}) {
    const std::string text = place;
    EXPECT_FALSE(LinkOf(text.substr(0, 2), text.substr(3)).is_null()) << place;
  }
  t.ConfigureFunction(1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

TEST_F(ConfigurationApply, AnUplinkThatWasUnpluggedGetsItsEswitchBack) {
  const Json saved = Saved(t);
  MustRun("ip link del up0");
  MustRun("ip link add up0 type veth peer name far0");
  for (const char* dev : {"up0", "far0"}) MustRun(std::string("ip link set up ") + dev);
  WriteDocument(saved.dump());
  Ok(t.Xsw(std::string("-d apply ") + kDocument));
  Ok(Apply(t, saved));
  EXPECT_EQ(Saved(t), saved);
  ExpectNoDifference(saved);
  for (int port : {1, 2}) t.ConfigureFunction(port);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
}

TEST_F(ConfigurationApply, ANamespaceThatAProcessNamesIsNotSaved) {
  Process container(Words("unshare -n sleep 1000"));
  const std::string pid = std::to_string(container.pid());
  ASSERT_TRUE(WaitFor([&] {
    return t.Xsw("port add up0 sfnum 3 netns " + pid + " ifname eth0 state active").status == 0;
  }));
  Json saved = Saved(t);
  EXPECT_EQ(saved["eswitch"]["up0"]["ports"][2],
            Json::parse(R"({"sfnum": 3, "netns": null, "ifname": "eth0"})"));
  ExpectNoDifference(saved);
  const Snapshot before = TakeSnapshot(t);
  Ok(Apply(t, saved));
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  // Anew it waits for whoever knows its namespace.
  t.XswOk("eswitch del up0");
  Ok(Apply(t, saved));
  EXPECT_EQ(t.ShowPort(3)["function"]["state"], "inactive");
  ExpectNoDifference(saved);
}

TEST_F(ConfigurationApply, DerivedAddressesAreNotSaved) {
  t.XswOk("port add up0 sfnum 3");
  const std::string mac = t.ShowPort(3)["function"]["hw_addr"];
  EXPECT_EQ(Saved(t)["eswitch"]["up0"]["ports"][2], Json::parse(R"({"sfnum": 3})"));
  t.XswOk("port function set up0/3 hw_addr 02:00:00:00:00:33 ifname lan0 mtu 1400");
  const Json saved = Saved(t);
  Ok(Apply(t, OfUp0(Json::parse(R"({"ports": [{"sfnum": 3}]})"))));
  EXPECT_EQ(t.ShowPort(3)["function"]["hw_addr"], mac);
  EXPECT_EQ(t.ShowPort(3)["function"]["ifname"], "up0s3");
  EXPECT_EQ(t.ShowPort(3)["mtu"], 1500);
  // It follows the uplink again.
  MustRun("ip link set up0 mtu 1300");
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(t.ShowPort(3)["mtu"], 1300);
  MustRun("ip link set up0 mtu 1500");
  // Another port has taken it meanwhile: that of this one is another, and is derived too.
  t.XswOk("port del up0/3");
  t.XswOk("port add up0 sfnum 4 hw_addr " + mac);
  t.XswOk("port add up0 sfnum 3");
  EXPECT_NE(t.ShowPort(4)["function"]["hw_addr"], mac);
  EXPECT_EQ(Saved(t)["eswitch"]["up0"]["ports"][2], Json::parse(R"({"sfnum": 3})"));
  EXPECT_FALSE(saved.is_null());
}

// In the VLAN that the port has had, another port has the address.
TEST_F(ConfigurationApply, AnAddressAndItsVlanChangeInOneCommand) {
  t.XswOk("port add up0 sfnum 8 vlan 9 hw_addr 02:00:00:00:00:08");
  t.XswOk("port add up0 sfnum 9 vlans 3,9 hw_addr 02:00:00:00:00:09");
  t.XswOk("port function set up0/4 vlan 7 hw_addr 02:00:00:00:00:08");
  std::multiset<std::string> entries;
  for (const Json& entry : t.ShowFdb())
    if (entry["port"] == "up0/3" || entry["port"] == "up0/4")
      entries.insert(entry["mac"].get<std::string>() + " vlan " + entry["vlan"].dump() + " of " +
                     entry["port"].get<std::string>());
  EXPECT_EQ(entries, (std::multiset<std::string>{"02:00:00:00:00:08 vlan 7 of up0/4",
                                                 "02:00:00:00:00:08 vlan 9 of up0/3"}));
  EXPECT_EQ(UnicastList(kUplink).count("02:00:00:00:00:09"), 0u);
}

TEST_F(ConfigurationApply, OneFileForSeveralUplinks) {
  MustRun("ip link add up1 type veth peer name far1");
  t.XswOk("eswitch add up1 miss drop");
  t.XswOk("port add up1 sfnum 5");
  const Json both = Saved(t);
  ASSERT_EQ(both["eswitch"].size(), 2u);
  EXPECT_EQ(Json::parse(t.XswOk("save up1"))["eswitch"].size(), 1u);
  t.XswOk("eswitch del up1");
  t.XswOk("eswitch del up0");
  Ok(Apply(t, both, "up1"));
  EXPECT_EQ(Json::parse(t.XswOk("save"))["eswitch"], (Json{{"up1", both["eswitch"]["up1"]}}));
  Ok(Apply(t, both));
  EXPECT_EQ(Saved(t), both);
  EXPECT_EQ(Apply(t, both, "up2").err, "Error: xsw: /run/document.json: has no eswitch up2.\n");
}

}  // namespace
}  // namespace xsw::test
