// SPDX-License-Identifier: Apache-2.0
// `xsw health`: each reporter says what is wrong while it is wrong, and how much has been mended.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "tests/veth/pins.h"
#include "tests/veth/reporters.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

void FillPermits(Topology& t) {
  t.XswOk("eswitch set up0 mode switchdev");
  std::vector<xsw_permit_key> keys(XSW_MAX_PERMITS);
  for (size_t i = 0; i < keys.size(); i++) keys[i] = {.vlan = static_cast<__u16>(i), .bridge = 7};
  PokeAll("xsw_permit", keys, xsw_permit{.port = 1});
}

void FillFdb(Topology& t) {
  std::ofstream batch("/run/trunks");
  for (int i = 3; i <= 18; i++) batch << "port add up0 sfnum " << i << "\n";
  for (int i = 3; i <= 18; i++) batch << "port function set up0/" << i << " vlans 1-4094\n";
  const int used = 3 + 16 + 16 * 4094 - 16;  // the untagged entries of trunks go
  for (int vlan = 1; used + vlan <= 65536; vlan++)
    batch << "fdb add up0 02:00:00:00:aa:aa port up0/3 vlan " << vlan << "\n";
  batch.close();
  t.XswOk("-b /run/trunks");
}

struct Row {
  const char* name;
  const char* reporter;
  std::function<void(Topology&)> harm;
  std::string said;  // a line
  // What mends it, and what is then said of what was mended: "healthy 1/1".
  std::string mended_by, after;
  const char* xdp = "off";
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const Row kRows[] = {
    {"ARepresentorWithoutPrograms", "programs",
     [](Topology&) { TakeOff("up0sf1", "ports/1_xsw_port_rx"); },
     "up0/1: xsw's programs are not on its representor up0sf1", "eswitch set up0 host on",
     "healthy 1/1"},
    {"AnUplinkWithoutPrograms", "programs",
     [](Topology&) { TakeOff(kUplink, "link_xsw_uplink_tx"); },
     "up0: xsw's programs are not on the uplink", "health recover up0 reporter programs",
     "healthy 1/1"},
    {"AnUplinkWithoutXdp", "programs", [](Topology&) { TakeOff(kUplink, "link_xsw_uplink_xdp"); },
     "up0: its XDP program has been taken off", "port add up0", "healthy 1/1", "on"},
    {"ANamespaceThatDied", "mending", EndNamespace, "up0/1: its netdevs are gone",
     "fdb add up0 02:00:00:00:0a:01 port up0/2", "healthy 1/1"},
    {"ARenamedRepresentor", "mending", [](Topology&) { MustRun("ip link set up0sf1 name blue0"); },
     "up0/1: its representor up0sf1 is called blue0", "eswitch set up0 host on", "healthy 1/1"},
    {"AnotherMtuOfTheUplink", "mending", [](Topology&) { MustRun("ip link set up0 mtu 1400"); },
     "up0: the uplink's MTU has changed", "port add up0", "healthy 3/3"},
    {"AnEntryOfNoPort", "mending",
     [](Topology&) {
       Poke("xsw_fdb", FdbKeyOf(MacOf(7)), xsw_fdb_entry{.port = 9, .flags = XSW_FDB_STATIC});
       MustRun("bridge fdb add " + Text(MacOf(7)) + " dev up0 self");
     },
     "up0/9: fdb " + Text(MacOf(7)) + " is of no port", "health recover up0 reporter mending",
     "healthy 1/1"},
    {"LostFrames", "lost_frames", [](Topology& t) { Lose(t, 1, 7); },
     "up0/1: 7 frames lost at its function", "health recover up0 reporter lost_frames",
     "healthy 7/7"},
    {"AFullMdb", "tables", [](Topology&) { FillMdb(XSW_MAX_MDB); }, "up0: mdb 65536/65536: full",
     "mdb del up0 33:33:00:00:00:01 port up0/1", "healthy 0/0"},
    {"FullPermits", "tables", FillPermits, "up0: permits 65536/65536: full",
     "eswitch set up0 mode legacy", "healthy 0/0"},
    {"AFullFdb", "tables", FillFdb, "up0: fdb 65536/65536: full",
     "fdb del up0 02:00:00:00:aa:aa port up0/3 vlan 1", "healthy 0/0"},
};

class Health : public testing::TestWithParam<Row> {
 protected:
  Topology t{{.xdp = GetParam().xdp, .ports = 2}};
};

TEST_P(Health, IsInErrorWhileItIsWrongAndRemembersWhatWasMended) {
  const Row& row = GetParam();
  EXPECT_EQ(Brief(Reporter(t, row.reporter)), "healthy 0/0") << "nothing is wrong yet";
  row.harm(t);
  if (HasFatalFailure()) return;
  const Snapshot before = TakeSnapshot(t);
  const std::string text = t.XswOk("health show");
  EXPECT_NE(text.find("  reporter " + std::string(row.reporter) + "\n    state error error "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n    " + row.said + "\n"), std::string::npos) << text;
  const Json reporter = Reporter(t, row.reporter);
  EXPECT_EQ(reporter["problems"][0]["handle"].get<std::string>() + ": " +
                reporter["problems"][0]["text"].get<std::string>(),
            row.said);
  EXPECT_FALSE(reporter.contains("last_recover_date")) << reporter;
  for (const char* other : {"programs", "tables", "lost_frames"})
    EXPECT_EQ(StateOf(t, other) == "healthy", other != std::string(row.reporter)) << other;
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "") << "who looks changes nothing";

  t.XswOk(row.mended_by);
  const Json after = Reporter(t, row.reporter);
  EXPECT_EQ(Brief(after), row.after) << after;
  EXPECT_FALSE(after.contains("problems"));
  EXPECT_EQ(after.contains("last_recover_date"), row.after != "healthy 0/0") << after;
}
INSTANTIATE_TEST_SUITE_P(, Health, testing::ValuesIn(kRows),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(HealthShow, HasDevlinksShape) {
  Topology t({.ports = 1});
  EXPECT_EQ(t.XswOk("health show up0"),
            "up0:\n"
            "  reporter programs\n"
            "    state healthy error 0 recover 0 grace_period 0 auto_recover true\n"
            "  reporter tables\n"
            "    state healthy error 0 recover 0\n"
            "  reporter lost_frames\n"
            "    state healthy error 0 recover 0 grace_period 0 auto_recover false\n"
            "  reporter mending\n"
            "    state healthy error 0 recover 0 grace_period 0 auto_recover true\n");
  EXPECT_EQ(t.XswOk("-j health show reporter programs"),
            R"({"health":{"up0":[{"reporter":"programs","state":"healthy","error":0,"recover":0,)"
            R"("grace_period":0,"auto_recover":true}]}})"
            "\n");
  t.XswOk("eswitch del up0");
  EXPECT_EQ(t.XswOk("health"), "");
  EXPECT_EQ(t.XswOk("-j health"), "{\"health\":{}}\n");
}

TEST(HealthShow, CountsOnAndSaysWhen) {
  Topology t({.ports = 1});
  for (int time = 1; time <= 3; time++) {
    TakeOff("up0sf1", "ports/1_xsw_port_tx");
    const std::string n = std::to_string(time), before = std::to_string(time - 1);
    EXPECT_EQ(Brief(Reporter(t, "programs")), "error " + n + "/" + before);
    t.XswOk("eswitch set up0 host on");
    EXPECT_EQ(Brief(Reporter(t, "programs")), "healthy " + n + "/" + n);
  }
  const std::string today = MustRun("date -u +%Y-%m-%d");
  EXPECT_EQ(Reporter(t, "programs")["last_recover_date"].get<std::string>() + "\n", today);
  EXPECT_EQ(Brief(Reporter(t, "mending")), "healthy 0/0");
}

TEST(HealthShow, NotesATableThatIsNearlyFull) {
  Topology t({.ports = 1});
  FillMdb(XSW_MAX_MDB * 9 / 10);
  EXPECT_FALSE(Reporter(t, "tables").contains("notes"));
  FillMdb(XSW_MAX_MDB * 9 / 10 + 1);
  EXPECT_EQ(Brief(Reporter(t, "tables")), "healthy 0/0");
  EXPECT_EQ(Reporter(t, "tables")["notes"][0]["text"], "mdb 58983/65536: nearly full");
  const std::string text = t.XswOk("health show up0 reporter tables");
  EXPECT_NE(text.find("\n    note: up0: mdb 58983/65536: nearly full\n"), std::string::npos)
      << text;
}

TEST(HealthShow, SaysOfManyTheFirstAndHowManyMore) {
  Topology t({.ports = 0});
  std::ofstream batch("/run/ports");
  for (int i = 1; i <= 12; i++) batch << "port add up0 sfnum " << i << "\n";
  batch.close();
  t.XswOk("-b /run/ports");
  for (int i = 1; i <= 12; i++)
    TakeOff(Representor(i), "ports/" + std::to_string(i) + "_xsw_port_rx");
  const std::string text = t.XswOk("health show up0 reporter programs");
  EXPECT_NE(text.find("representor up0sf8\n    and 4 more\n"), std::string::npos) << text;
  EXPECT_EQ(Reporter(t, "programs")["problems"].size(), 12u);
}

TEST(HealthRecover, SaysWhatOnlyTheUserCanMend) {
  Topology t({.ports = 1});
  MustRun("ip link set up0sf1 down");
  EXPECT_EQ(Brief(Reporter(t, "mending")), "error 1/0");
  const Result result = t.Xsw("health recover up0 reporter mending");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("still wrong: port up0/1: its representor is down (ip link set up0sf1 "
                            "up)"),
            std::string::npos)
      << result.err;
  MustRun("ip link set up0sf1 up");
  EXPECT_EQ(Brief(Reporter(t, "mending")), "healthy 0/0");
}

struct Bad {
  const char* line;
  int status;
  const char* said;
};
const Bad kBad[] = {
    {"health show nothing0", 1, "nothing0"},
    {"health show up0 reporter fw", 1,
     "reporter \"fw\" is not one of programs, tables, lost_frames, mending"},
    {"health show up0 programs", 2, "programs"},
    {"health show up0 reporter", 2, "reporter"},
    {"health recover", 2, "DEV"},
    {"health recover up0", 2, "reporter"},
    {"health recover up0 programs", 2, "programs"},
    {"health recover up0 reporter fw", 1, "reporter \"fw\" is not one of"},
    {"health recover nothing0 reporter programs", 1, "nothing0"},
    {"health recover up0 reporter tables", 1, "eswitch up0: reporter tables: only commands that"},
    {"health recover up0 reporter programs mending", 2, "mending"},
};

TEST(HealthOf, WhatIsNotThereIsRefusedAndChangesNothing) {
  Topology t({.ports = 1});
  TakeOff("up0sf1", "ports/1_xsw_port_rx");
  const Snapshot before = TakeSnapshot(t);
  for (const Bad& bad : kBad) {
    const Result result = t.Xsw(bad.line);
    EXPECT_EQ(result.status, bad.status) << bad.line << ": " << result.err;
    EXPECT_NE(result.err.find(bad.said), std::string::npos) << bad.line << ": " << result.err;
  }
  t.XswOk("-d health recover up0 reporter programs");
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
}

}  // namespace
}  // namespace xsw::test
