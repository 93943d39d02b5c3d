// SPDX-License-Identifier: Apache-2.0
// A port from add to del: its states, its defaults, and every attribute of its function changed
// live.
//
//    out ==wire== up0   up0sf1 === eth0 in c1, c2, the host, or parked
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kOtherMac[] = "02:00:00:00:00:77";

// "active/attached"
std::string StateOf(const Topology& t, int port) {
  const Json function = t.ShowPort(port)["function"];
  return function.value("state", "") + "/" + function.value("opstate", "");
}

// What its user does with a function that has arrived.
void SetFunctionUp(const std::string& netns, int port, const std::string& dev = kContainerDev) {
  InNetns in(netns);
  MustRun("ip link set " + dev + " up");
  MustRun("ip addr add " + IpOf(port) + "/24 dev " + dev);
}

bool ReachesTheOutside(const std::string& netns, int port) {
  FlushNeighbours(kOutside);
  return Ping({netns, IpOf(port)}, {kOutside, kOutsideIp});
}

class Lifecycle : public testing::Test {
 protected:
  Lifecycle() : t({.ports = 0}) {
    t.sandbox().AddNetns("c1");
    t.sandbox().AddNetns("c2");
  }
  // Port 1, active in c1, set up.
  void AddBusyPort() {
    t.XswOk("port add up0 hw_addr " + Text(kMac1) + " netns c1 ifname eth0 state active");
    SetFunctionUp("c1", 1);
    ASSERT_TRUE(ReachesTheOutside("c1", 1));
  }
  Topology t;
};

TEST_F(Lifecycle, APortGoesThroughItsStatesAndBack) {
  t.XswOk("port add up0 netns c1 ifname eth0");
  EXPECT_EQ(StateOf(t, 1), "inactive/detached");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null()) << "an inactive function is in its namespace";

  t.XswOk("port function set up0/1 state active");
  EXPECT_EQ(StateOf(t, 1), "active/detached");
  EXPECT_EQ(LinkOf("c1", "eth0").value("operstate", ""), "DOWN");

  SetFunctionUp("c1", 1);
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  EXPECT_TRUE(ReachesTheOutside("c1", 1));

  t.XswOk("port function set up0/1 state inactive");
  EXPECT_EQ(StateOf(t, 1), "inactive/detached");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());

  t.XswOk("port function set up0/1 state active");
  EXPECT_EQ(StateOf(t, 1), "active/detached");
  SetFunctionUp("c1", 1);
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

TEST_F(Lifecycle, SettingAStateThatIsThereChangesNothing) {
  AddBusyPort();
  const Snapshot before = TakeSnapshot(t);
  t.XswOk("port function set up0/1 state active");
  t.XswOk("port function set up0/1 netns c1 ifname eth0 state active");
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  t.XswOk("port function set up0/1 state inactive");
  const Snapshot inactive = TakeSnapshot(t);
  t.XswOk("port function set up0/1 state inactive");
  EXPECT_EQ(Changes(inactive, TakeSnapshot(t)), "");
}

TEST_F(Lifecycle, DelIsAllowedInEveryStateAndLeavesNothing) {
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  t.XswOk("port add up0 netns c1 ifname eth0");
  t.XswOk("port del up0/1");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "") << "inactive";
  t.XswOk("port add up0 netns c1 ifname eth0 state active");
  t.XswOk("port del up0/1");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "") << "active, detached";
  t.XswOk("port add up0 netns c1 ifname eth0 state active");
  SetFunctionUp("c1", 1);
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  t.XswOk("port del up0/1");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "") << "active, attached";
}

TEST_F(Lifecycle, DefaultsAreTheLowestFreeSfnumStableAddressesAndNamesAfterTheUplink) {
  t.XswOk("port add up0");
  const Json port = t.ShowPort(1);
  EXPECT_EQ(port["sfnum"], 1);
  EXPECT_EQ(port["netdev"], "up0sf1");
  EXPECT_EQ(port["function"]["ifname"], "up0s1");
  EXPECT_EQ(port["mtu"], 1500);
  EXPECT_EQ(LinkOf("", "up0sf1")["altnames"], Json::array({"up0pf0sf1"}));
  EXPECT_EQ(LinkOf("", "up0pf0sf1")["ifname"], "up0sf1");
  const std::string mac = port["function"]["hw_addr"];
  EXPECT_EQ(std::stoi(mac.substr(0, 2), nullptr, 16) & 3, 2) << mac << ": locally administered";

  t.XswOk("port add up0 sfnum 3");
  t.XswOk("port add up0");
  EXPECT_EQ(t.ShowPort(3)["sfnum"], 2) << "the lowest free";
  EXPECT_NE(t.ShowPort(2)["function"]["hw_addr"], mac);
  t.XswOk("port del up0/1");
  t.XswOk("port add up0 sfnum 1");
  EXPECT_EQ(t.ShowPort(1)["function"]["hw_addr"], mac) << "the same after del and add";
}

TEST_F(Lifecycle, AnIndexIsUsedAgainAndInheritsNothing) {
  AddBusyPort();
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  t.XswOk("port add up0");
  t.XswOk("port del up0/1");
  t.XswOk("port add up0 sfnum 9");
  EXPECT_EQ(t.ShowPort(1)["sfnum"], 9);
  EXPECT_EQ(StateOf(t, 1), "inactive/detached");
  EXPECT_EQ(t.ShowPort(1)["statistics"]["rx"]["unicast"]["frames"], 0);
  for (const Json& entry : t.ShowFdb()) EXPECT_NE(entry["mac"], "02:00:00:00:0a:01");
}

TEST_F(Lifecycle, ANewHwAddrIsThatOfFunctionFdbAndUplink) {
  AddBusyPort();
  t.XswOk(std::string("port function set up0/1 hw_addr ") + kOtherMac);
  EXPECT_EQ(t.ShowPort(1)["function"]["hw_addr"], kOtherMac);
  EXPECT_EQ(LinkOf("c1", "eth0")["address"], kOtherMac);
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{kOtherMac});
  int entries = 0;
  for (const Json& entry : t.ShowFdb()) entries += entry["port"] == "up0/1";
  EXPECT_EQ(entries, 1) << t.ShowFdb();
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

// The user's own FDB entry is another matter than the hw_addr.
TEST_F(Lifecycle, AnFdbEntryOutlivesItsTimeAsHwAddr) {
  AddBusyPort();
  t.XswOk(std::string("fdb add up0 ") + kOtherMac + " port up0/1");
  const Json before = t.ShowFdb();
  t.XswOk(std::string("port function set up0/1 hw_addr ") + kOtherMac);
  t.XswOk("port function set up0/1 hw_addr " + Text(kMac1));
  EXPECT_EQ(t.ShowFdb(), before);
}

TEST_F(Lifecycle, ARunningFunctionIsRenamedWithoutLosingItsAddresses) {
  AddBusyPort();
  t.XswOk("port function set up0/1 ifname wan0");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
  EXPECT_EQ(t.ShowPort(1)["function"]["ifname"], "wan0");
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

TEST_F(Lifecycle, ARunningFunctionMovesToAnotherNamespace) {
  AddBusyPort();
  t.XswOk("port function set up0/1 netns c2");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
  EXPECT_EQ(t.ShowPort(1)["function"]["netns"], "c2");
  EXPECT_EQ(StateOf(t, 1), "active/detached") << "a move takes a netdev down";
  SetFunctionUp("c2", 1);
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  EXPECT_TRUE(ReachesTheOutside("c2", 1));
}

TEST_F(Lifecycle, AFunctionOfTheUplinksOwnNamespaceWorks) {
  t.XswOk("port add up0 hw_addr " + Text(kMac1) + " ifname local0 state active");
  EXPECT_EQ(StateOf(t, 1), "active/detached");
  MustRun("ip link set local0 up");
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  t.XswOk("port function set up0/1 netns c1 ifname eth0");
  SetFunctionUp("c1", 1);
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

TEST_F(Lifecycle, MtuIsThatOfBothEnds) {
  AddBusyPort();
  t.XswOk("port function set up0/1 mtu 1400");
  EXPECT_EQ(t.ShowPort(1)["mtu"], 1400);
  EXPECT_EQ(LinkOf("", "up0sf1")["mtu"], 1400);
  EXPECT_EQ(LinkOf("c1", "eth0")["mtu"], 1400);
  t.XswOk("port add up0 mtu 1300");
  EXPECT_EQ(LinkOf("", "up0sf2")["mtu"], 1300);
  t.XswOk("port function set up0/2 mtu 1200");
  t.XswOk("port function set up0/2 netns c2 state active");
  EXPECT_EQ(LinkOf("c2", "up0s2")["mtu"], 1200) << "set while it was parked";
}

TEST_F(Lifecycle, OneCommandSetsEverything) {
  t.XswOk("port add up0");
  t.XswOk(std::string("port function set up0/1 mtu 1400 hw_addr ") + kOtherMac +
          " netns c2 ifname lan0 state active");
  const Json function = t.ShowPort(1)["function"];
  EXPECT_EQ(function, (Json{{"hw_addr", kOtherMac},
                            {"state", "active"},
                            {"opstate", "detached"},
                            {"netdev_state", "down"},
                            {"netns", "c2"},
                            {"ifname", "lan0"}}));
  const Json link = LinkOf("c2", "lan0");
  EXPECT_EQ(link["mtu"], 1400);
  EXPECT_EQ(link["address"], kOtherMac);
}

// A namespace without a name, as a container runtime or `unshare -n` makes it.
class Unnamed {
 public:
  Unnamed() : process_(Words("unshare -n sleep 1000")) {
    const std::string own = NamespaceOf("self");
    Must(WaitFor([&] { return !NamespaceOf(pid()).empty() && NamespaceOf(pid()) != own; }),
         "unshare -n");
  }
  std::string pid() const { return std::to_string(process_.pid()); }
  void End() { process_.Kill(); }

 private:
  static std::string NamespaceOf(const std::string& pid) {
    char name[64];
    const ssize_t n = readlink(("/proc/" + pid + "/ns/net").c_str(), name, sizeof(name));
    return n > 0 ? std::string(name, n) : "";
  }
  Process process_;
};

TEST_F(Lifecycle, ANamespaceIsNamedByAProcessInIt) {
  Unnamed container;
  t.XswOk("port add up0 hw_addr " + Text(kMac1) + " netns " + container.pid() +
          " ifname eth0 state active");
  EXPECT_EQ(t.ShowPort(1)["function"]["netns"], "pid:" + container.pid());
  const std::string inside = "nsenter -t " + container.pid() + " -n ";
  MustRun(inside + "ip link set eth0 up");
  MustRun(inside + "ip addr add " + IpOf(1) + "/24 dev eth0");
  EXPECT_EQ(StateOf(t, 1), "active/attached");
  EXPECT_EQ(RunCommand(inside + "ping -c1 -W2 " + kOutsideIp).status, 0);
  // Every attribute can be changed in there.
  t.XswOk(std::string("port function set up0/1 mtu 1400 ifname wan0 hw_addr ") + kOtherMac);
  FlushNeighbours(kOutside);
  EXPECT_EQ(RunCommand(inside + "ping -c1 -W2 " + kOutsideIp).status, 0);
  t.XswOk("port function set up0/1 netns c1 ifname eth0");
  SetFunctionUp("c1", 1);
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

// The number still means the same namespace; pid_reuse_test.cc has the other case.
TEST_F(Lifecycle, ALostFunctionIsPutBackByAPid) {
  Unnamed container;
  t.XswOk("port add up0 netns " + container.pid() + " ifname eth0 state active");
  const std::string inside = "nsenter -t " + container.pid() + " -n ";
  MustRun(inside + "ip link del eth0");
  t.XswOk("eswitch set up0 host on");
  EXPECT_EQ(RunCommand(inside + "ip link show eth0").status, 0);
  EXPECT_EQ(StateOf(t, 1), "active/detached") << "nobody has set it up";
  MustRun(inside + "ip link set eth0 up");
  EXPECT_EQ(StateOf(t, 1), "active/attached");
}

TEST_F(Lifecycle, ADeadProcessIsNoNamespace) {
  AddBusyPort();
  Unnamed container;
  const Snapshot before = TakeSnapshot(t);
  container.End();
  const Result result = t.Xsw("port function set up0/1 mtu 1400 netns " + container.pid());
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, "Error: xsw: port up0/1: network namespace pid:" + container.pid() +
                            " does not exist.\n");
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  EXPECT_TRUE(ReachesTheOutside("c1", 1));
}

TEST_F(Lifecycle, AnIncompleteCommandLeavesARunningFunctionRunning) {
  AddBusyPort();
  MustRun("ip -n c2 link add eth0 type bridge");
  TcpStream stream({"c1", IpOf(1)}, {kOutside, kOutsideIp});
  ASSERT_TRUE(stream.connected() && stream.Transfer(1 << 20));
  for (const char* change : {"netns c2", "mtu 1400 netns c2", "ifname lo"}) {
    EXPECT_EQ(t.Xsw(std::string("port function set up0/1 ") + change).status, 1) << change;
    EXPECT_TRUE(stream.Transfer(1 << 20, 5000)) << "the connection broke: " << change;
  }
}

}  // namespace
}  // namespace xsw::test
