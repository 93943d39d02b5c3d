// SPDX-License-Identifier: Apache-2.0
// A container's death takes its port's pair, and somebody else's netdev gets the representor's
// ifindex: it is nobody's port.
//
//    out ==wire== up0   up0sf1 === eth0 in c1, which dies;   foreign0, of up0sf1's ifindex
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// How it comes to the number.
enum class Arrival { kMadeHere, kMovedHere };

class ForeignNetdev : public testing::TestWithParam<Arrival> {
 protected:
  ForeignNetdev() : t({.ports = 2}), ifindex_(LinkOf("", "up0sf1")["ifindex"]) {
    t.sandbox().DeleteNetns("c1");
    Must(WaitFor([] { return LinkOf("", "up0sf1").is_null(); }), "end c1");
    t.sandbox().AddNetns("elsewhere");
    const std::string netns = GetParam() == Arrival::kMadeHere ? "" : "elsewhere";
    Ip(netns,
       "link add foreign0 index " + std::to_string(ifindex_) + " type veth peer name foreign1\n");
    if (!netns.empty())
      MustRun("ip -n elsewhere link set foreign0 netns " + std::to_string(getpid()));
    foreign_ = LinkOf("", "foreign0");
    EXPECT_EQ(foreign_["ifindex"], ifindex_);
  }
  void ExpectForeignUntouched() {
    EXPECT_EQ(LinkOf("", "foreign0"), foreign_);
    EXPECT_EQ(ProgramsOn("foreign0"), "");
  }
  Topology t;
  const int ifindex_;
  Json foreign_;
};

TEST_P(ForeignNetdev, IsNotShownAsThePorts) {
  const Json port = t.ShowPort(1);
  EXPECT_FALSE(port.contains("netdev")) << port;
  EXPECT_EQ(port["function"]["opstate"], "detached");
  EXPECT_EQ(t.Xsw("port show foreign0").status, 1);
  EXPECT_EQ(t.Xsw("port function set foreign0 mtu 1400").status, 1);
  const Json ports = Json::parse(t.XswOk("-j port show"))["port"];
  EXPECT_FALSE(ports["up0/1"].contains("netdev")) << ports["up0/1"];
  ExpectForeignUntouched();
}

TEST_P(ForeignNetdev, SurvivesTheEndOfThePort) {
  t.XswOk("port del up0/1");
  ExpectForeignUntouched();
  EXPECT_EQ(t.Xsw("port show up0/1").status, 1);
  EXPECT_TRUE(Ping({"c2", IpOf(2)}, {kOutside, kOutsideIp}));
}

TEST_P(ForeignNetdev, SurvivesTheEndOfTheEswitch) {
  t.XswOk("eswitch del up0");
  ExpectForeignUntouched();
}

TEST_P(ForeignNetdev, IsPassedByWhenThePairIsMadeAnew) {
  t.sandbox().AddNetns("c1");
  t.XswOk("eswitch set up0 host on");
  ExpectForeignUntouched();
  ASSERT_FALSE(LinkOf("", "up0sf1").is_null()) << "the pair was not made anew";
  EXPECT_NE(LinkOf("", "up0sf1")["ifindex"], ifindex_);
  EXPECT_EQ(t.ShowPort(1)["netdev"], "up0sf1");
  t.ConfigureFunction(1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp}));
  EXPECT_TRUE(Ping({"c2", IpOf(2)}, {"c1", IpOf(1)}));
}

TEST_P(ForeignNetdev, KeepsWhatItIsWhenThePortIsChanged) {
  t.XswOk("port function set up0/1 mtu 1400 hw_addr 02:00:00:00:00:77 link disable");
  ExpectForeignUntouched();
}

INSTANTIATE_TEST_SUITE_P(, ForeignNetdev, testing::Values(Arrival::kMadeHere, Arrival::kMovedHere),
                         [](const auto& info) {
                           return info.param == Arrival::kMadeHere ? "MadeHere" : "MovedHere";
                         });

}  // namespace
}  // namespace xsw::test
