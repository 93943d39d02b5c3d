// SPDX-License-Identifier: Apache-2.0
// Ports whose namespace goes and comes back are brought home by xswd, with nobody typing a command.
//
//    out ==wire== up0   up0sf1 === eth0 in c1      class netdev
//                       up0sf2 === eth0 in pod     class queues
#include <gtest/gtest.h>

#include <chrono>

#include "tests/veth/queues/lab.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// Of a netdev of the host; null if there is none.
Json Value(const std::string& dev, const std::string& key) {
  const Json link = LinkOf("", dev);
  return link.contains(key) ? link[key] : Json();
}

class Home : public testing::Test {
 protected:
  Home() : t({.ports = 1}) {
    t.sandbox().AddNetns("pod");
    t.XswOk("port add up0 sfnum 2 class queues netns pod ifname eth0 state active");
  }
  void EndContainer(const std::string& netns, const std::string& representor) {
    const Json ifindex = Value(representor, "ifindex");
    t.sandbox().DeleteNetns(netns);
    // xswd may have made another one by then.
    ASSERT_TRUE(WaitFor([&] { return Value(representor, "ifindex") != ifindex; }));
  }
  // How long after its namespace the function is there; it has all of limit_ms.
  double MsUntilHome(const std::string& netns, const std::string& dev) {
    t.sandbox().AddNetns(netns);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(WaitFor([&] { return !LinkOf(netns, dev).is_null(); })) << "it has not come";
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
  }
  QueueLab t;
};

TEST_F(Home, AFunctionIsThereSoonAfterItsNamespace) {
  std::vector<double> ms;
  for (int round = 0; round < 5 && !HasFailure(); round++) {
    EndContainer("c1", "up0sf1");
    ms.push_back(MsUntilHome("c1", "eth0"));
  }
  std::sort(ms.begin(), ms.end());
  std::printf("a function is home %.0f ms after its namespace (median of %zu, most %.0f ms)\n",
              ms[ms.size() / 2], ms.size(), ms.back());
  t.ConfigureFunction(1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "attached");
}

TEST_F(Home, AQueueBlockToo) {
  EndContainer("pod", "up0sf2");
  MsUntilHome("pod", "eth0");
  ASSERT_TRUE(WaitFor([&] { return t.ShowPort(2)["function"]["opstate"] == "attached"; }));
  EXPECT_TRUE(t.Serves(2));
}

TEST_F(Home, ANamespaceThatCameWhileXswdWasNotThere) {
  EndContainer("c1", "up0sf1");
  t.xswd().Kill();
  t.sandbox().AddNetns("c1");
  EXPECT_TRUE(LinkOf("c1", "eth0").is_null()) << "somebody else has brought it home";
  t.StartXswd();
  EXPECT_TRUE(WaitFor([] { return !LinkOf("c1", "eth0").is_null(); }));
}

// The pair is made anew also while its namespace is away: the representor, its bridge and its name
// are back.
TEST_F(Home, ARepresentorIsBackWithoutItsNamespace) {
  MustRun("ip link add br0 type bridge");
  MustRun("ip link set up0sf1 master br0");
  t.XswOk("port function set up0/2 spoofchk on");
  EndContainer("c1", "up0sf1");
  EXPECT_TRUE(WaitFor([] { return Value("up0sf1", "master") == "br0"; }));
  EXPECT_EQ(t.ShowPort(1)["function"]["state"], "active");
  EXPECT_EQ(t.ShowPort(1)["function"]["opstate"], "detached");
}

// What its user wants inactive stays so, and namespaces that no port wants are nothing to xswd.
TEST_F(Home, WhatIsAsItShouldBeIsLeftAlone) {
  t.XswOk("port function set up0/1 state inactive");
  const Snapshot before = TakeSnapshot(t, {.netns_ids = false});
  t.sandbox().AddNetns("stranger");
  t.sandbox().DeleteNetns("stranger");
  // Its next port is served: it has looked at all of that.
  t.XswOk("port add up0 sfnum 3 class queues state active");
  EXPECT_TRUE(t.Serves(3));
  t.XswOk("port del up0/3");
  EXPECT_EQ(Changes(before, TakeSnapshot(t, {.netns_ids = false})), "");
}

}  // namespace
}  // namespace xsw::test
