// SPDX-License-Identifier: Apache-2.0
// Tables that are full: how full they are is shown, showing them takes little, and one entry more
// is refused with the table's name and limit.
//
//    out ==wire== up0, with trunks that fill the address table
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>

#include "bpf/abi.h"
#include "tests/veth/pins.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

class Limits : public testing::Test {
 protected:
  Limits() : t({.ports = 0}) {}
  Json Use() const { return Json::parse(t.XswOk("-j -s eswitch show"))["eswitch"]["up0"]["use"]; }
  // `xsw fdb show`, say, in text and in JSON: of that many entries, within a second of CPU time.
  void ExpectShownFast(const std::string& show, int entries) const;
  Topology t;
};

// Of the commands that have been run so far, in seconds.
double CpuTime() {
  rusage used = {};
  getrusage(RUSAGE_CHILDREN, &used);
  auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void Limits::ExpectShownFast(const std::string& show, int entries) const {
  double start = CpuTime();
  const std::string text = t.XswOk(show);
  EXPECT_LT(CpuTime() - start, 1.0 * Patience());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), entries);
  start = CpuTime();
  const std::string json = t.XswOk("-j " + show);
  EXPECT_LT(CpuTime() - start, 1.0 * Patience());
  EXPECT_EQ(Json::parse(json)[Words(show)[0]]["up0"].size(), entries);
}

TEST_F(Limits, AreShownWithTheirUse) {
  t.XswOk("port add up0");
  t.XswOk("fdb add up0 02:00:00:00:00:77 port up0/1");
  t.XswOk("mdb add up0 239.1.2.3 port up0/1");
  EXPECT_EQ(Use(), Json::parse(R"({"ports":{"used":1,"limit":4096},"fdb":{"used":3,"limit":65536},
                                   "mdb":{"used":2,"limit":65536}})"));
  const std::string text = t.XswOk("-s eswitch show up0");
  EXPECT_NE(text.find("\n  use: ports 1/4096 fdb 3/65536 mdb 2/65536\n"), std::string::npos)
      << text;
  EXPECT_EQ(t.XswOk("eswitch show up0").find("use"), std::string::npos);
}

TEST_F(Limits, AFullAddressTableIsShownFastAndRefusesMore) {
  std::ofstream batch("/run/trunks");
  for (int i = 1; i <= 17; i++) batch << "port add up0 sfnum " << i << "\n";
  for (int i = 1; i <= 16; i++) batch << "port function set up0/" << i << " vlans 1-4094\n";
  batch.close();
  t.XswOk("-b /run/trunks");
  const Json before = Use();
  const Result result = t.Xsw("port function set up0/17 vlans 1-60");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("the FDB is full (65536)"), std::string::npos) << result.err;
  EXPECT_EQ(Use(), before) << "all of it or nothing";
  int vlan = 0;
  for (int used = before["fdb"]["used"]; used < 65536; used++)
    t.XswOk("fdb add up0 02:00:00:00:aa:aa port up0/1 vlan " + std::to_string(++vlan));
  const Result port = t.Xsw("port add up0");
  EXPECT_EQ(port.status, 1);
  EXPECT_NE(port.err.find("the FDB is full (65536)"), std::string::npos) << port.err;
  ExpectShownFast("fdb show", 65536);
}

TEST_F(Limits, AFullGroupTableIsShownFastAndRefusesMore) {
  t.XswOk("port add up0");
  FillMdb(XSW_MAX_MDB);
  EXPECT_EQ(Use()["mdb"]["used"], 65536);
  const Result result = t.Xsw("mdb add up0 239.1.2.3 port up0/1");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("the MDB is full (65536)"), std::string::npos) << result.err;
  EXPECT_EQ(Use()["mdb"]["used"], 65536);
  ExpectShownFast("mdb show", 65536);
}

}  // namespace
}  // namespace xsw::test
