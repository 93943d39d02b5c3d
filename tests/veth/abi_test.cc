// SPDX-License-Identifier: Apache-2.0
// An eswitch that another version of xsw has made: it can be removed, whole, and nothing else.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === parked
//                       up0sf3 === a queue block
#include <gtest/gtest.h>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

struct Version {
  const char* name;
  uint32_t abi;
  std::optional<uint32_t> value_size;
};
// Of the first words alone: abi, ifindex, netns and flags.
constexpr uint32_t kShortest = 24;
const Version kVersions[] = {
    {"Newer", XSW_ABI_VERSION + 1, std::nullopt},
    {"NewerAndShorter", XSW_ABI_VERSION + 1, kShortest},
    {"NewerAndLonger", XSW_ABI_VERSION + 1, 2 * sizeof(xsw_eswitch)},
    {"MuchNewer", 1000, std::nullopt},
};
std::ostream& operator<<(std::ostream& out, const Version& version) { return out << version.name; }

class OtherAbi : public testing::TestWithParam<Version> {
 protected:
  OtherAbi() : t({.eswitch = false}) {
    t.sandbox().AddNetns("c1");
    // The top directory of all eswitches stays.
    t.XswOk("eswitch add up0");
    t.XswOk("eswitch del up0");
    before = World();
    t.XswOk("eswitch add up0");
    t.XswOk("port add up0 hw_addr " + Text(kMac1) + " netns c1 ifname eth0 state active");
    t.XswOk("port add up0");
    t.XswOk("port add up0 class queues state active");
    t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
    EXPECT_EQ(UnicastList(kUplink).size(), 4u);
  }
  void BecomeOther() { SetAbi(StateDir(), GetParam().abi, GetParam().value_size); }
  // Beside the netdevs, the pins and the uplink's list.
  Snapshot World() {
    Snapshot world = TakeSnapshot(t, {.netns_ids = false});
    for (const std::string& mount : MountsBelow("/run/xsw")) world.insert("mount " + mount);
    return world;
  }
  Topology t;
  Snapshot before;
};

TEST_P(OtherAbi, CanBeRemovedWhole) {
  BecomeOther();
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Changes(before, World()), "");
  t.XswOk("eswitch add up0");
}

TEST_P(OtherAbi, GivesBackWhatItHadChangedOfTheUplink) {
  // As its version has written before it did so.
  auto state = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  state.flags |= XSW_ESWITCH_PROMISC | XSW_ESWITCH_ALLMULTI;
  Poke("xsw_eswitch", 0u, state);
  Ip("", "link set up0 promisc on allmulticast on\n");
  BecomeOther();
  t.XswOk("eswitch del up0");
  EXPECT_EQ(LinkOf("", kUplink)["promiscuity"], 0);
  EXPECT_EQ(LinkOf("", kUplink)["allmulti"], 0);
}

TEST_P(OtherAbi, IsRefusedByOtherCommandsWhichSayWhatToDo) {
  BecomeOther();
  const Snapshot there = World();
  const std::string version = "ABI version " + std::to_string(GetParam().abi);
  for (const char* command :
       {"eswitch set up0 host off", "eswitch upgrade up0", "-d eswitch upgrade up0", "port add up0",
        "port del up0/1", "port show up0/1", "port function set up0/1 mtu 1400", "fdb show up0",
        "fdb add up0 02:00:00:00:00:77 port up0/1", "mdb show up0", "vlan show up0",
        "eswitch add up0"}) {
    SCOPED_TRACE(command);
    const Result result = t.Xsw(command);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find(version), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("xsw eswitch del up0"), std::string::npos) << result.err;
  }
  EXPECT_EQ(Changes(there, World()), "");
}

TEST_P(OtherAbi, IsShownAsFarAsEveryVersionIsTheSame) {
  BecomeOther();
  const std::string abi = std::to_string(GetParam().abi);
  for (const char* command : {"eswitch show", "eswitch show up0"}) {
    const std::string shown = t.XswOk(command);
    EXPECT_EQ(shown.find("up0: abi " + abi + "\n  note: made by a newer xsw "), 0u) << shown;
  }
  EXPECT_EQ(Json::parse(t.XswOk("-j eswitch show"))["eswitch"]["up0"]["abi"], GetParam().abi);
}

TEST_P(OtherAbi, IsCollectedWhenItsNamespaceIsDead) {
  const Snapshot there = World();
  const std::vector<std::string> own = StateDirs();
  t.sandbox().AddNetns("doomed");
  MustRun("ip -n doomed link add eth0 type veth peer name far0");
  t.XswOk("-n doomed eswitch add eth0");
  t.XswOk("-n doomed port add eth0 netns c1 ifname other0 state active");
  for (const std::string& dir : StateDirs()) {
    if (dir != own.at(0)) SetAbi(dir, GetParam().abi, GetParam().value_size);
  }
  t.sandbox().DeleteNetns("doomed");
  ASSERT_TRUE(WaitFor([] { return LinkOf("c1", "other0").is_null(); }));
  MustRun("ip link add up1 type veth peer name far1");
  t.XswOk("eswitch add up1");
  t.XswOk("eswitch del up1");
  MustRun("ip link del up1");
  EXPECT_EQ(Changes(there, World()), "");
}

INSTANTIATE_TEST_SUITE_P(, OtherAbi, testing::ValuesIn(kVersions),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace xsw::test
