// SPDX-License-Identifier: Apache-2.0
// `active` is what a port's user has said, and stays so whatever happens to the function meanwhile.
//
//    out ==wire== up0   up0sf1 === eth0 in c1, on its way to c2
//                       up0sf2 === eth0 in c3
#include <gtest/gtest.h>

#include <chrono>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kMove[] = "port function set up0/1 netns c2 ifname wan0";
constexpr char kMoveBack[] = "port function set up0/1 netns c1 ifname eth0 state active";

class Intent : public testing::Test {
 protected:
  Intent() : t({.ports = 1}) {
    t.sandbox().AddNetns("c2");
    t.sandbox().AddNetns("c3");
    t.XswOk("port add up0 sfnum 2 netns c3 ifname eth0 state active");
  }
  std::string State(int port) {
    const Json function = t.ShowPort(port)["function"];
    return function.value("state", "") + "/" + function.value("opstate", "");
  }
  void ExpectWorksIn(const std::string& netns, const std::string& dev) {
    ASSERT_FALSE(LinkOf(netns, dev).is_null()) << "it is not in its container";
    Ip(netns, "link set " + dev + " up\naddr replace " + IpOf(1) + "/24 dev " + dev + "\n");
    Topology::WaitForCarrier({"up0sf1"});
    FlushNeighbours(kOutside);
    EXPECT_TRUE(Ping({netns, IpOf(1)}, {kOutside, kOutsideIp}));
    EXPECT_EQ(State(1), "active/attached");
  }
  void EndContainer(const std::string& netns, int port) {
    t.sandbox().DeleteNetns(netns);
    ASSERT_TRUE(WaitFor([&] { return LinkOf("", Representor(port)).is_null(); }));
  }
  Topology t;
};

// The user says nothing of its state, before or after.
TEST_F(Intent, AMoveThatWasKilledLeavesAnActivePortAndTheSameCommandEndsIt) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  t.XswOk(kMove);
  const double all_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  constexpr int kKills = 24;
  for (int kill = 1; kill <= kKills && !HasFailure(); kill++) {
    SCOPED_TRACE("killed after " + std::to_string(kill) + "/" + std::to_string(kKills));
    t.XswOk(kMoveBack);
    Process move(t.XswArgv(kMove));
    WaitFor([&] { return move.Done(); }, static_cast<int>(all_ms * kill / kKills));
    move.Kill();
    EXPECT_EQ(t.ShowPort(1)["function"]["state"], "active");
    t.XswOk(kMove);
    ExpectWorksIn("c2", "wan0");
    t.XswOk(kMove);
    ExpectWorksIn("c2", "wan0");
  }
}

// As a move that was killed has left it: closed for traffic, and meant to be active.
TEST_F(Intent, APortThatIsClosedAgainstItsUsersWillIsOpenedByTheNextWritingCommand) {
  auto conf = Peek<xsw_port_conf>("xsw_port_conf", 1u);
  conf.active = 1;
  Poke("xsw_port_conf", 1u, conf);
  auto port = Peek<xsw_port>("xsw_port", 1u);
  port.flags &= ~XSW_PORT_ACTIVE;
  Poke("xsw_port", 1u, port);
  EXPECT_EQ(t.ShowPort(1)["function"]["state"], "active");
  t.XswOk("port function set up0/2 spoofchk on");
  ExpectWorksIn("c1", "eth0");
}

// The other way round: `state inactive` was killed after the word was noted.
TEST_F(Intent, APortThatIsOpenAgainstItsUsersWillIsClosedByTheNextWritingCommand) {
  auto conf = Peek<xsw_port_conf>("xsw_port_conf", 1u);
  conf.active = 0;
  Poke("xsw_port_conf", 1u, conf);
  EXPECT_EQ(t.ShowPort(1)["function"]["state"], "inactive");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null()) << "it is not parked";
  t.XswOk("port function set up0/1 state active");
  ExpectWorksIn("c1", "eth0");
}

TEST_F(Intent, APortWhoseNamespaceDiedComesHomeWithACommandOnAnyPort) {
  EndContainer("c1", 1);
  EXPECT_EQ(State(1), "active/detached");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_EQ(State(1), "active/detached") << "there is nowhere to go yet";
  // A command on the port itself that says nothing of its state.
  t.XswOk("port function set up0/1 mtu 1400");
  EXPECT_EQ(State(1), "active/detached");
  t.sandbox().AddNetns("c1");
  t.XswOk("port function set up0/2 spoofchk on");
  ExpectWorksIn("c1", "eth0");
  EXPECT_EQ(LinkOf("c1", "eth0")["mtu"], 1400);
}

// Nothing of the pair could be made for a while.
TEST_F(Intent, APortThatCouldNotBeMadeAnewIsActiveWhenItCan) {
  EndContainer("c1", 1);
  MustRun("ip link add up0sf1 type bridge");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_EQ(State(1), "active/detached");
  MustRun("ip link del up0sf1");
  t.sandbox().AddNetns("c1");
  t.XswOk("port function set up0/2 spoofchk on");
  ExpectWorksIn("c1", "eth0");
}

TEST_F(Intent, AQueueBlockWhoseNamespaceDiedComesHomeActive) {
  t.sandbox().AddNetns("c4");
  t.XswOk("port add up0 sfnum 3 class queues netns c4 ifname q0 state active");
  EndContainer("c4", 3);
  EXPECT_EQ(State(3), "active/detached");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_EQ(State(3), "active/detached");
  t.sandbox().AddNetns("c4");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_EQ(State(3), "active/attached");
  EXPECT_FALSE(LinkOf("c4", "q0").is_null());
}

// What its user has said last counts, also while it is away.
TEST_F(Intent, APortThatWasMadeInactiveMeanwhileStaysParked) {
  EndContainer("c1", 1);
  t.XswOk("port function set up0/1 state inactive");
  t.sandbox().AddNetns("c1");
  t.XswOk("port function set up0/2 spoofchk on");
  EXPECT_EQ(State(1), "inactive/detached");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null());
}

}  // namespace
}  // namespace xsw::test
