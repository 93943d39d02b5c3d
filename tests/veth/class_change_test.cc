// SPDX-License-Identifier: Apache-2.0
// An inactive port gets another class: other netdevs behind the same port.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === the port whose class changes
#include <gtest/gtest.h>

#include <chrono>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kToQueues[] = "port function set up0/2 class queues queues 2 owner nobody";
constexpr char kToNetdev[] = "port function set up0/2 class netdev";

class ClassChange : public testing::Test {
 protected:
  ClassChange() : t({.ports = 2}) {
    t.XswOk(
        "port function set up0/2 vlans 10,20 pvid 10 tx_max 100mbit trust on promisc on "
        "hw_addr 02:00:00:00:00:77");
    t.XswOk("fdb add up0 02:00:00:00:00:78 port up0/2 vlan 20");
    t.XswOk("mdb add up0 01:00:5e:01:01:01 port up0/2 vlan 10");
    // It has been seen: in VLAN 10 alone, so that its counters are not all zero.
    Ping({"c2", IpOf(2)}, {kOutside, kOutsideIp});
    t.XswOk("port function set up0/2 state inactive");
    MustRun("ip link add br0 type bridge");
    MustRun("ip link set up0sf2 master br0");
    t.XswOk("port function set up0/1 spoofchk on");  // the next command notes the bridge
    before = Kept();
  }

  // What a change of class must not change.
  std::string Kept() const {
    const Json port = t.ShowPort(2);
    Json statistics = port["statistics"];
    statistics.erase("lost_at_function");
    statistics.erase("lost_at_socket");
    const Json link = LinkOf("", "up0sf2");
    return port["sfnum"].dump() + port["netdev"].dump() + port["function"]["hw_addr"].dump() +
           port["policy"].dump() + statistics.dump() + link.value("master", "") +
           link.value("address", "") + t.ShowFdb().dump() + t.XswOk("-j mdb show");
  }
  std::string Class() const { return t.ShowPort(2)["class"]; }

  Topology t;
  std::string before;
};

TEST_F(ClassChange, KeepsAllButTheNetdevsThereAndBack) {
  ASSERT_NE(t.ShowPort(2)["statistics"]["tx"].dump().find("\"frames\":"), std::string::npos);
  t.XswOk(kToQueues);
  const Json port = t.ShowPort(2);
  EXPECT_EQ(port["class"], "queues");
  EXPECT_EQ(port["queues"], 2);
  EXPECT_EQ(port["function"]["owner"], "nobody:nogroup");
  EXPECT_EQ(Kept(), before);
  EXPECT_NE(ProgramsOn("up0sf2").find("xdp"), std::string::npos) << "the class's program";
  t.XswOk("port function set up0/2 queues 4");
  EXPECT_EQ(t.ShowPort(2)["queues"], 4);
  EXPECT_EQ(LinkOf("", "up0sf2")["num_rx_queues"], 4);
  EXPECT_EQ(Kept(), before);
  t.XswOk(kToNetdev);
  EXPECT_EQ(Class(), "netdev");
  EXPECT_EQ(t.ShowPort(2)["function"].count("owner"), 0u);
  EXPECT_EQ(Kept(), before);
  EXPECT_EQ(ProgramsOn("up0sf2").find("xdp"), std::string::npos);
}

TEST_F(ClassChange, ThePortWorksInItsNewClass) {
  t.XswOk(kToQueues);
  t.XswOk("port function set up0/2 novlan state active");
  EXPECT_EQ(t.ShowPort(2)["function"]["opstate"], "attached");
  t.XswOk("port function set up0/2 state inactive");
  t.XswOk("port function set up0/2 class netdev state active netns c2 ifname eth0");
  t.ConfigureFunction(2);
  EXPECT_TRUE(Ping({"c2", IpOf(2)}, {kOutside, kOutsideIp}));
  EXPECT_TRUE(Ping({"c2", IpOf(2)}, {"c1", IpOf(1)}));
}

// Without a netns a queue block has one of its own.
TEST_F(ClassChange, LeavesNothingBehind) {
  t.XswOk("port add up0 sfnum 3");
  const std::vector<std::string> pins = Tree(kTestBpffs), run = Tree("/run/xsw");
  t.XswOk("port function set up0/3 class queues");
  EXPECT_NE(Tree("/run/xsw"), run) << "it has a namespace of its own";
  t.XswOk("port function set up0/3 class netdev");
  EXPECT_EQ(Tree(kTestBpffs), pins);
  EXPECT_EQ(Tree("/run/xsw"), run);
}

TEST_F(ClassChange, OfAnActivePortIsRefusedAndChangesNothing) {
  const Snapshot there = TakeSnapshot(t);
  const struct {
    const char* line;
    const char* error;
  } kRows[] = {
      {"port function set up0/1 class queues", "port up0/1: class, queues and program"},
      {"port function set up0/2 queues 2", "are for class queues"},
      {"port function set up0/2 class netdev queues 2", "are for class queues"},
      {"port function set up0/2 class queues queues 65", "queues 65 is not within 1 to 64"},
      {"port function set up0/2 class queues queues 0", "queues 0 is not within 1 to 64"},
      {"port function set up0/2 class ring", "ring"},
      {"port function set up0/2 class queues netns c1 ifname eth0", "name eth0 is taken"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.line);
    const Result result = t.Xsw(row.line);
    EXPECT_NE(result.status, 0);
    EXPECT_NE(result.err.find(row.error), std::string::npos) << result.err;
  }
  EXPECT_EQ(Changes(there, TakeSnapshot(t)), "");
  t.XswOk("port function set up0/1 class netdev");  // what it is
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
}

// The class that it has is no other word's loss.
TEST_F(ClassChange, TheSameClassBesideOtherWordsIsNoChangeOfIt) {
  t.XswOk("port function set up0/1 class netdev ifname wan0");
  EXPECT_FALSE(LinkOf("c1", "wan0").is_null());
  t.sandbox().AddNetns("c3");
  t.XswOk("port function set up0/1 class netdev netns c3");
  EXPECT_FALSE(LinkOf("c3", "wan0").is_null());
  EXPECT_EQ(t.ShowPort(1)["function"]["netns"], "c3");
}

TEST_F(ClassChange, KilledAtAnyMomentTheSameCommandEndsIt) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  t.XswOk(kToQueues);
  const double all_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  constexpr int kKills = 16;
  for (int kill = 1; kill <= kKills && !HasFailure(); kill++) {
    SCOPED_TRACE("killed after " + std::to_string(kill) + "/" + std::to_string(kKills));
    for (const char* line : {kToNetdev, kToQueues}) {
      Process change(t.XswArgv(line));
      WaitFor([&] { return change.Done(); }, static_cast<int>(all_ms * kill / kKills));
      change.Kill();
      // Another command first, every second time: it may finish or take back, and no more.
      if (kill % 2) t.XswOk("port function set up0/1 spoofchk on");
      t.XswOk(line);
      EXPECT_EQ(Class(), line == kToNetdev ? "netdev" : "queues");
      EXPECT_EQ(Kept(), before);
    }
  }
}

}  // namespace
}  // namespace xsw::test
