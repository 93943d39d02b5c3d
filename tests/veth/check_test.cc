// SPDX-License-Identifier: Apache-2.0
// `xsw check` names each difference, and --repair mends what can be.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <bpf/bpf.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  std::function<void(Topology&)> harm;
  std::string said;    // part of a line
  bool mended = true;  // by --repair; else its user has to
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

void SetFlags(uint32_t port, uint16_t add, uint16_t remove) {
  auto value = Peek<xsw_port>("xsw_port", port);
  value.flags = static_cast<uint16_t>((value.flags | add) & ~remove);
  Poke("xsw_port", port, value);
}

const Row kRows[] = {
    {"RepresentorWithoutPrograms", [](Topology&) { TakeOff("up0sf1", "ports/1_xsw_port_rx"); },
     "up0/1: xsw's programs are not on its representor up0sf1"},
    {"UplinkWithoutPrograms", [](Topology&) { TakeOff(kUplink, "link_xsw_uplink_rx"); },
     "up0: xsw's programs are not on the uplink"},
    {"NamespaceDied",
     [](Topology& t) {
       t.sandbox().DeleteNetns("c1");
       ASSERT_TRUE(WaitFor([] { return LinkOf("", "up0sf1").is_null(); }));
     },
     "up0/1: its netdevs are gone"},
    {"RepresentorDown", [](Topology&) { MustRun("ip link set up0sf1 down"); },
     "up0/1: its representor is down (ip link set up0sf1 up)", false},
    {"RepresentorRenamed", [](Topology&) { MustRun("ip link set up0sf1 name blue0"); },
     "up0/1: its representor up0sf1 is called blue0"},
    {"UplinkMtu", [](Topology&) { MustRun("ip link set up0 mtu 1400"); },
     "up0: the uplink's MTU has changed"},
    {"UplinkAddress", [](Topology&) { MustRun("ip link set up0 address 02:00:00:00:00:fe"); },
     "up0: the uplink has another address than the host's entry in the FDB"},
    {"AddressNotAccepted",
     [](Topology&) { MustRun("bridge fdb del " + Text(MacOf(1)) + " dev up0 self"); },
     "up0/1: the uplink does not accept " + Text(MacOf(1))},
    {"OwnAddressMissing",
     [](Topology&) {
       const xsw_fdb_key key = FdbKeyOf(MacOf(1));
       Must(bpf_map_delete_elem(OpenPin("xsw_fdb").get(), &key) == 0, "delete");
     },
     "up0/1: fdb " + Text(MacOf(1)) + ", its own, is missing"},
    {"EntryOfNoPort",
     [](Topology&) {
       Poke("xsw_fdb", FdbKeyOf(MacOf(7)), xsw_fdb_entry{.port = 9, .flags = XSW_FDB_STATIC});
       MustRun("bridge fdb add " + Text(MacOf(7)) + " dev up0 self");
     },
     "up0/9: fdb " + Text(MacOf(7)) + " is of no port"},
    {"EntryCutOff",
     [](Topology& t) {
       t.XswOk("fdb add up0 02:00:00:00:00:07 port up0/1");
       auto entry = Peek<xsw_fdb_entry>("xsw_fdb", FdbKeyOf(MacOf(7)));
       entry.flags |= XSW_FDB_PENDING;
       Poke("xsw_fdb", FdbKeyOf(MacOf(7)), entry);
     },
     "up0/1: fdb 02:00:00:00:00:07 was cut off half-way"},
    {"GroupMiscounted",
     [](Topology& t) {
       t.XswOk("mdb add up0 01:00:5e:01:01:01 port up0/1");
       xsw_mdb_key key{.mac = {0x01, 0x00, 0x5e, 0x01, 0x01, 0x01}};
       Poke("xsw_mdb", key, 3u);
     },
     "up0: mdb 01:00:5e:01:01:01 has 1 members, and counts 3"},
    {"ClosedAgainstItsUser", [](Topology&) { SetFlags(1, 0, XSW_PORT_ACTIVE); },
     "up0/1: is active, but its function has not come to its namespace"},
    {"OutOfTheFloodList",
     [](Topology&) {
       auto head = Peek<xsw_port>("xsw_port", 0u);
       head.next_member = 2;
       Poke("xsw_port", 0u, head);
     },
     "up0/1: gets no broadcast"},
};

class Check : public testing::TestWithParam<Row> {
 protected:
  Topology t{{.ports = 2}};
};

TEST_P(Check, NamesIt) {
  EXPECT_EQ(t.XswOk("check"), "") << "nothing is wrong yet";
  GetParam().harm(t);
  const Snapshot before = TakeSnapshot(t);
  const Result said = t.Xsw("check up0");
  EXPECT_EQ(said.status, 1) << said.err;
  EXPECT_EQ(said.err, "");
  EXPECT_NE(said.out.find(GetParam().said + "\n"), std::string::npos) << said.out;
  const Result json = t.Xsw("-j check");
  EXPECT_EQ(json.status, 1);
  EXPECT_FALSE(Json::parse(json.out)["check"].empty());
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "") << "a check changes nothing";

  const Result repaired = t.Xsw("check up0 --repair");
  EXPECT_EQ(repaired.status, GetParam().mended ? 0 : 1) << repaired.out << repaired.err;
  EXPECT_EQ(t.Xsw("check").status, GetParam().mended ? 0 : 1) << t.Xsw("check").out;
}
INSTANTIATE_TEST_SUITE_P(, Check, testing::ValuesIn(kRows),
                         [](const auto& info) { return std::string(info.param.name); });

// An ordinary day: what users may do without anything being wrong.
TEST(CheckIsSilent, WhileNothingIsWrong) {
  Topology t({.ports = 2});
  const char* const lines[] = {
      "port function set up0/1 vlans 10,20 pvid 10 hw_addr 02:00:00:00:00:77",
      "fdb add up0 02:00:00:00:00:78 port up0/1 vlan 20",
      "mdb add up0 01:00:5e:01:01:01 port up0/1 vlan 10",
      "port function set up0/1 link disable",
      "port function set up0/2 state inactive",
      "port add up0 class queues queues 2 state active",
      "port function set up0/2 class queues",
      "eswitch set up0 mode switchdev",
      "eswitch set up0 xdp on",
      "port del up0/1",
  };
  for (const char* line : lines) {
    t.XswOk(line);
    EXPECT_EQ(t.Xsw("check up0").out, "") << line;
  }
}

TEST(CheckIsSilent, WhileAPortWaitsForANamespaceThatIsNotThere) {
  Topology t({.ports = 1});
  t.sandbox().DeleteNetns("c1");
  ASSERT_TRUE(WaitFor([] { return LinkOf("", "up0sf1").is_null(); }));
  t.XswOk("check --repair");
  EXPECT_EQ(t.Xsw("check").out, "");
  t.sandbox().AddNetns("c1");
  EXPECT_EQ(t.Xsw("check").out,
            "up0/1: is active, but its function has not come to its namespace\n");
}

TEST(CheckOf, ANetdevWithoutEswitchIsAnError) {
  Topology t({.ports = 1});
  const Result result = t.Xsw("check nothing0");
  EXPECT_NE(result.status, 0);
  EXPECT_NE(result.err.find("nothing0"), std::string::npos) << result.err;
  EXPECT_EQ(t.Xsw("check up0 up1").status, 2);
}

}  // namespace
}  // namespace xsw::test
