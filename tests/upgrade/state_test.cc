// SPDX-License-Identifier: Apache-2.0
// The state of an older version: shown whole, written by nobody, upgraded without a change of what
// its user has set, and removed by `eswitch del`.
//
//     out ==wire== up0   up0sf1 === c1    a netdev with a policy, addresses, groups
//                        up0sf2 === a queue block
//                        up0sf3           inactive
//                        up0sf4 === the namespace of a process
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <filesystem>

#include "tests/upgrade/in_force.h"
#include "tests/upgrade/older_state.h"
#include "tests/veth/bridge.h"
#include "tests/veth/packet.h"
#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kUpgradeIt[] = "xsw eswitch upgrade up0";

class OlderOrOther : public testing::TestWithParam<uint32_t> {
 protected:
  OlderOrOther() : t({.ports = 0}) {
    t.AddPort(1, "mtu 1400 tx_max 1gbit rx_max 2gbit");
    t.ConfigureFunction(1);
    t.XswOk("port function set up0/1 trust on");
    t.XswOk("port function set up0/1 vlan 7");
    t.XswOk("port add up0 class queues queues 2 owner nobody state active");
    t.XswOk("port add up0 isolated on");
    t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
    t.XswOk("mdb add up0 01:00:5e:01:01:01 port up0/1");
    t.XswOk("eswitch set up0 miss drop");
    SendForeign();
  }
  // A drop that is counted.
  static void SendForeign() {
    const PacketSocket function("c1", kContainerDev, kTestType);
    EXPECT_TRUE(function.Send(Numbered(Eth{.dst = kMac2, .src = kNobody} / Payload(46), 1)));
  }
  // All that is shown, but for what a version before did not know.
  Json Shown() {
    Json all;
    for (const char* show : {"port show", "fdb show", "mdb show", "vlan show", "eswitch show"})
      all[show] = Json::parse(t.XswOk(std::string("-j -s ") + show));
    for (auto& [handle, port] : all["port show"]["port"].items())
      if (port.contains("statistics")) port["statistics"].erase("misses");
    all["eswitch show"]["eswitch"][kUplink].erase("note");
    return all;
  }
  std::string Note() {
    return Json::parse(t.XswOk("-j eswitch show up0"))["eswitch"][kUplink].value("note", "");
  }
  static constexpr Mac kNobody = {2, 9, 9, 9, 9, 9};
  Topology t;
};

TEST_P(OlderOrOther, IsShownWholeAndUpgradedAsItWas) {
  const Json before = Shown();
  EXPECT_EQ(before["port show"]["port"]["up0/1"]["statistics"]["drops"]["spoof"], 1);
  BecomeOlder(GetParam());
  const bool older = GetParam() < XSW_ABI_VERSION;
  EXPECT_EQ(Shown(), before) << Json::diff(before, Shown()).dump(1);
  EXPECT_EQ(Note().find(kUpgradeIt) != std::string::npos, older) << Note();
  EXPECT_EQ(t.XswOk("eswitch upgrade up0"),
            older ? "up0: upgraded to ABI version " + std::to_string(XSW_ABI_VERSION) + "\n"
                  : "up0: programs replaced\n");
  ExpectOneVersion();
  EXPECT_EQ(Shown(), before) << Json::diff(before, Shown()).dump(1);
  EXPECT_EQ(Note().find(kUpgradeIt), std::string::npos);
  SendForeign();
  EXPECT_EQ(Shown()["port show"]["port"]["up0/1"]["statistics"]["drops"]["spoof"], 2);
  const std::vector<std::string> pins = Tree(EswitchPath());
  EXPECT_EQ(t.XswOk("eswitch upgrade --all"), "up0: nothing to do\n");
  EXPECT_EQ(Tree(EswitchPath()), pins);
  t.XswOk("port function set up0/3 state active");
  t.XswOk("eswitch del up0");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
}

// Another build of this version may write.
class OlderState : public OlderOrOther {};

TEST_P(OlderState, IsWrittenByNobody) {
  BecomeOlder(GetParam());
  const Snapshot there = TakeSnapshot(t);
  for (const char* command :
       {"eswitch set up0 host off", "eswitch add up0", "port add up0", "-d port add up0",
        "port del up0/1", "port function set up0/1 mtu 1300",
        "fdb add up0 02:00:00:00:00:77 port up0/1", "-d fdb del up0 02:00:00:00:0a:01 port up0/1",
        "mdb del up0 01:00:5e:01:01:01 port up0/1"}) {
    SCOPED_TRACE(command);
    const Result result = t.Xsw(command);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find(kUpgradeIt), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("ABI version " + std::to_string(GetParam())), std::string::npos);
  }
  t.XswOk("-d eswitch upgrade up0");
  EXPECT_EQ(Changes(there, TakeSnapshot(t)), "");
}

// Until version 5 representors were quiet in every mode. In mode switchdev they are netdevs like
// others now; what a user has done to one since stays.
TEST_P(OlderState, SpeaksInModeSwitchdev) {
  t.XswOk("eswitch set up0 mode switchdev");
  MustRun("ip link set up0sf1 arp off addrgenmode none");
  BecomeOlder(GetParam());
  t.XswOk("eswitch upgrade up0");
  const std::string link = MustRun("ip -d link show up0sf1");
  EXPECT_EQ(link.find("NOARP") != std::string::npos, GetParam() > 5) << link;
  EXPECT_EQ(link.find("addrgenmode none") != std::string::npos, GetParam() > 5) << link;
}

TEST_P(OlderOrOther, CanBeRemovedWhole) {
  BecomeOlder(GetParam());
  t.XswOk("eswitch del up0");
  EXPECT_EQ(StateDirs(), std::vector<std::string>{});
  EXPECT_EQ(ProgramsOn(kUplink), "");
  EXPECT_TRUE(LinkOf("", "up0sf1").is_null() && LinkOf("", "up0sf2").is_null());
  EXPECT_EQ(MountsBelow("/run/xsw"), std::vector<std::string>{});
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
  t.XswOk("eswitch add up0");
}

// The programs cannot be loaded: the old version runs on.
TEST_P(OlderOrOther, AnErrorLeavesItRunning) {
  BecomeOlder(GetParam());
  const Snapshot there = TakeSnapshot(t);
  Argv argv = {"prlimit", "--nofile=16"};
  for (const std::string& word : t.XswArgv("eswitch upgrade up0")) argv.push_back(word);
  const Result result = RunCommand(argv);
  EXPECT_EQ(result.status, 1) << result.out;
  EXPECT_EQ(Changes(there, TakeSnapshot(t)), "");
  t.XswOk("eswitch upgrade up0");
  ExpectOneVersion();
}

// Which namespace a PID means, version 4 did not note: it is the one that the function is in.
TEST_P(OlderOrOther, KeepsAPortInTheNamespaceOfAProcess) {
  Process inside({"unshare", "-n", "sleep", "600"});
  const std::string pid = std::to_string(inside.pid());
  const auto netns = [](const std::string& process) {
    return std::filesystem::read_symlink("/proc/" + process + "/ns/net");
  };
  ASSERT_TRUE(WaitFor([&] { return netns(pid) != netns("self"); }));
  t.XswOk("port add up0 netns " + pid + " ifname lan0 state active");
  BecomeOlder(GetParam());
  t.XswOk("eswitch upgrade up0");
  t.XswOk("port function set up0/4 state inactive");
  t.XswOk("port function set up0/4 state active");
  EXPECT_EQ(RunCommand("nsenter --net=/proc/" + pid + "/ns/net ip link show lan0").status, 0);
}

// A map of that kind and size in place of a pinned one of up0's, with what is in that.
void Shrink(const std::string& name, bpf_map_type type, uint32_t value_size, uint32_t entries) {
  const Fd old = OpenPin(name);
  bpf_map_info info = {};
  __u32 size = sizeof(info);
  Must(bpf_obj_get_info_by_fd(old.get(), &info, &size) == 0, "read " + name);
  const bpf_map_create_opts opts = {.sz = sizeof(opts),
                                    .map_flags = info.map_flags & BPF_F_MMAPABLE};
  const Fd map(bpf_map_create(type, name.c_str(), info.key_size, value_size, entries, &opts));
  Must(static_cast<bool>(map), "make another " + name);
  std::vector<char> key(info.key_size), value(info.value_size);
  const void* previous = nullptr;
  while (type != BPF_MAP_TYPE_DEVMAP &&
         bpf_map_get_next_key(old.get(), previous, key.data()) == 0) {
    previous = key.data();
    Must(bpf_map_lookup_elem(old.get(), key.data(), value.data()) == 0, "read " + name);
    // An array's last keys are beyond the end of a shorter one.
    bpf_map_update_elem(map.get(), key.data(), value.data(), BPF_ANY);
  }
  const std::string pin = PathOfPin(name);
  Must(unlink(pin.c_str()) == 0 && bpf_obj_pin(map.get(), pin.c_str()) == 0, "replace " + pin);
}

uint32_t EntriesOf(const std::string& name) {
  bpf_map_info info = {};
  __u32 size = sizeof(info);
  Must(bpf_obj_get_info_by_fd(OpenPin(name).get(), &info, &size) == 0, "read " + name);
  return info.max_entries;
}

// As if this version had made room: a table that held less, VLANs of which there were half.
TEST(OlderStateThatIsSmaller, IsCopied) {
  Topology t({.ports = 1});
  t.XswOk("mdb add up0 01:00:5e:01:01:01 port up0/1");
  t.XswOk("port function set up0/1 vlans 7,100");
  const auto shown = [&] { return t.XswOk("-j mdb show") + t.XswOk("-j vlan show"); };
  const std::string before = shown();
  BecomeVersion5();
  Shrink("xsw_mdb", BPF_MAP_TYPE_HASH, sizeof(uint32_t), 16);
  Shrink("xsw_vlan", BPF_MAP_TYPE_ARRAY, sizeof(xsw_vlans) / 2, XSW_MAX_PORTS + 1);
  t.XswOk("eswitch upgrade up0");
  EXPECT_EQ(EntriesOf("xsw_mdb"), XSW_MAX_MDB);
  EXPECT_EQ(shown(), before);
}

TEST(OlderStateThatIsSmaller, IsCopiedAlsoWhereTheProgramsAreTheSame) {
  Topology t({.ports = 1});
  t.XswOk("mdb add up0 01:00:5e:01:01:01 port up0/1");
  Shrink("xsw_mdb", BPF_MAP_TYPE_HASH, sizeof(uint32_t), 16);
  EXPECT_EQ(t.XswOk("eswitch upgrade up0"), "up0: programs replaced\n");
  EXPECT_EQ(EntriesOf("xsw_mdb"), XSW_MAX_MDB);
  EXPECT_NE(t.XswOk("mdb show").find("01:00:5e:01:01:01"), std::string::npos);
}

// Permits are of one version's maps: xsw-bridge finds the new ones.
TEST(OffloadOfAnUpgradedEswitch, GoesOn) {
  Topology t({.ports = 2});
  t.XswOk("eswitch set up0 mode switchdev");
  MakeBridge(2);
  BecomeVersion6();
  const Offload offload(t);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)})) << "all rises";
  t.XswOk("eswitch upgrade up0");
  for (int i = 0; i < 2; i++) {
    EXPECT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)}));
    EXPECT_TRUE(offload.Covers(2, 2));
    BecomeOtherBuild();
    EXPECT_EQ(t.XswOk("eswitch upgrade up0"), "up0: programs replaced\n");
  }
  EXPECT_TRUE(offload.Covers(2, 2));
}

TEST(OlderStateThatIsSmaller, IsRefusedWhereThereIsNoWay) {
  Topology t({.ports = 1});
  BecomeVersion5();
  Shrink("xsw_dev_tc", BPF_MAP_TYPE_DEVMAP, sizeof(bpf_devmap_val), 16);
  const std::vector<std::string> pins = Tree(kTestBpffs);
  const Result result = t.Xsw("eswitch upgrade up0");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("there is no way for xsw_dev_tc"), std::string::npos) << result.err;
  EXPECT_EQ(Tree(kTestBpffs), pins);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

std::string NameOf(const testing::TestParamInfo<uint32_t>& info) {
  return "Version" + std::to_string(info.param);
}
INSTANTIATE_TEST_SUITE_P(, OlderOrOther, testing::Values(4u, 5u, 6u, XSW_ABI_VERSION), NameOf);
INSTANTIATE_TEST_SUITE_P(, OlderState, testing::Values(4u, 5u, 6u), NameOf);

}  // namespace
}  // namespace xsw::test
