// SPDX-License-Identifier: Apache-2.0
// A removal that cannot do all of its work says so, and what is missing already is no reason to
// leave the rest.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === parked
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// A file that cannot be removed: something is mounted on it, itself.
class Unremovable {
 public:
  explicit Unremovable(const std::string& pin) : path_(PathOfPin(pin)) {
    MustRun("mount --bind " + path_ + " " + path_);
  }
  ~Unremovable() { MustRun("umount " + path_); }

 private:
  std::string path_;
};

class FailedDel : public testing::Test {
 protected:
  FailedDel() : t({.eswitch = false}) {
    t.sandbox().AddNetns("c1");
    // The top directory of all eswitches stays.
    t.XswOk("eswitch add up0");
    t.XswOk("eswitch del up0");
    without_eswitch = World();
    t.XswOk("eswitch add up0 xdp on");
    without_ports = World();
    t.XswOk("port add up0 hw_addr " + Text(kMac1) + " netns c1 ifname eth0 state active");
    t.XswOk("port add up0");
  }
  Snapshot World() { return TakeSnapshot(t, {.netns_ids = false}); }
  void ExpectFailure(const std::string& command, const std::string& part) {
    const Result result = t.Xsw(command);
    EXPECT_EQ(result.status, 1) << command << " says that it has done its work";
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  Topology t;
  Snapshot without_eswitch, without_ports;
};

TEST_F(FailedDel, APortWhoseAddressStaysInTheTableIsNotGone) {
  // From now on nobody may change it.
  Must(bpf_map_freeze(OpenPin("xsw_fdb").get()) == 0, "freeze xsw_fdb");
  ExpectFailure("port del up0/1", "FDB");
  EXPECT_TRUE(Has("xsw_fdb", FdbKeyOf(kMac1)));
  ExpectFailure("port function set up0/2 vlan 7", "FDB");
}

// With the cause gone, the same command ends it.
TEST_F(FailedDel, APortWhoseProgramCannotBeDetachedIsNotGone) {
  {
    Unremovable rx("ports/1_xsw_port_rx"), tx("ports/2_xsw_port_tx");
    ExpectFailure("port del up0/1", "1_xsw_port_rx");
    ExpectFailure("port del up0/2", "2_xsw_port_tx");
  }
  t.XswOk("port del up0/1");
  // Any writing command has finished this one.
  EXPECT_EQ(t.Xsw("port del up0/2").err, "Error: xsw: port up0/2: does not exist.\n");
  EXPECT_EQ(Changes(without_ports, World()), "");
}

class UnremovablePin : public FailedDel, public testing::WithParamInterface<const char*> {};

TEST_P(UnremovablePin, IsTheErrorOfEswitchDelAndTheSameCommandEndsIt) {
  {
    Unremovable pin(GetParam());
    ExpectFailure("eswitch del up0", GetParam());
    // It has begun: nobody takes what is left for an eswitch.
    ExpectFailure("port add up0", "has not come to its end");
  }
  t.XswOk("eswitch del up0");
  EXPECT_EQ(Changes(without_eswitch, World()), "");
}

std::string NameOf(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, UnremovablePin,
                         testing::Values("ports/1_xsw_port_rx", "ports/2_xsw_port_tx",
                                         "link_xsw_uplink_rx", "link_xsw_uplink_tx",
                                         "link_xsw_uplink_xdp", "xsw_fdb"),
                         NameOf);

class MissingPin : public FailedDel, public testing::WithParamInterface<const char*> {};

TEST_P(MissingPin, IsNoReasonToLeaveTheRest) {
  t.XswOk("fdb add up0 " + Text(kExtraMac1) + " port up0/1");
  t.XswOk("port add up0 class queues state active");
  Unpin(GetParam());
  t.XswOk("eswitch del up0");
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
  EXPECT_TRUE(LinkOf("", "up0sf1").is_null());
  EXPECT_EQ(MountsBelow("/run/xsw"), std::vector<std::string>{});
  EXPECT_EQ(Changes(without_eswitch, World()), "");
}

const char* const kPins[] = {"xsw_stats",
                             "xsw_fdb",
                             "xsw_mdb",
                             "xsw_rate",
                             "xsw_vlan",
                             "xsw_rep",
                             "xsw_dev_tc",
                             "xsw_dev_xdp",
                             "xsw_xsks",
                             "xsw_port_rx",
                             "link_xsw_uplink_rx",
                             "link_xsw_uplink_xdp",
                             "ports/1_xsw_port_rx",
                             "ports/2_xsw_port_tx",
                             "ports/3_xsks"};

INSTANTIATE_TEST_SUITE_P(, MissingPin, testing::ValuesIn(kPins), NameOf);

// Without these no port can be found any more. Then the error says what is left.
TEST_F(FailedDel, WithoutTheListOfPortsItIsWholeOrAnError) {
  Unpin("xsw_port_conf");
  const Result result = t.Xsw("eswitch del up0");
  if (result.status != 0) {
    EXPECT_NE(result.err.find("xsw_port_conf"), std::string::npos) << result.err;
    return;
  }
  EXPECT_EQ(Changes(without_eswitch, World()), "") << "success, and this is left";
}

}  // namespace
}  // namespace xsw::test
