// SPDX-License-Identifier: Apache-2.0
// Whatever a user gets wrong is told in one line that names object and reason, and changes nothing.
//
//    out ==wire== up0   up0sf1 === eth0 in c1, active
//                       up0sf2 === eth0 in c2, active; "taken" (altname "takenalias") is there too
//                       up0sf3 --- inactive, for c2
//                       up0sf4 --- inactive, for "gone", a namespace that has been deleted
//    free0 (no uplink), lo, tun0 (no Ethernet), br0 with member0, up0sf9 (somebody's netdev);
//    br0 has the altname up0pf0sf8
//
// The rows are in bad_input_rows.h; each also runs as a dry run, which has to refuse the same.
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "tests/veth/bad_policy_rows.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {

std::ostream& operator<<(std::ostream& out, const BadInput& row) { return out << row.command; }

namespace {

class BadInputTest : public testing::TestWithParam<BadInput> {
 protected:
  void SetUp() override {
    if (!world_) BuildWorld();
  }
  static void TearDownTestSuite() { world_.reset(); }

  static void BuildWorld();
  static void AddOtherNetdevs();
  static void AddPolicies();
  static void ExpectNoChange();
  static void ExpectMessage(const Result& result, const BadInput& row);

  static std::unique_ptr<Topology> world_;
  static Snapshot before_;
};

std::unique_ptr<Topology> BadInputTest::world_;
Snapshot BadInputTest::before_;

void BadInputTest::AddOtherNetdevs() {
  MustRun("ip link add free0 type veth peer name free1");
  MustRun("ip link add br0 type bridge");
  MustRun("ip link property add dev br0 altname up0pf0sf8");
  MustRun("ip link add member0 type veth peer name member1");
  MustRun("ip link set member0 master br0");
  MustRun("ip link add up0sf9 type bridge");
  MustRun("ip tuntap add dev tun0 mode tun");
  for (const char* netns : {"c1", "c2"}) {
    InNetns in(netns);
    MustRun("ip link add taken type bridge");
    MustRun("ip link property add dev taken altname takenalias");
  }
}

void BadInputTest::AddPolicies() {
  std::ofstream batch("/run/policies");
  batch << "port function set up0/2 trust on promisc on\n"
        << "port function set up0/3 vlan 9\n"
        << "fdb add up0 02:00:00:00:00:01 port up0/3\n"
        << "mdb add up0 33:33:00:00:00:05 port up0/1\n";
  for (int i = 0; i < 128; i++)
    batch << "fdb add up0 " << Text({2, 0, 0, 1, 0, static_cast<uint8_t>(i)}) << " port up0/4\n";
  batch.close();
  world_->XswOk("-b /run/policies");
}

void BadInputTest::BuildWorld() {
  world_ = std::make_unique<Topology>(TopologyOptions{.ports = 2});
  AddOtherNetdevs();
  world_->XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  world_->XswOk("port add up0 sfnum 3 netns c2");
  world_->sandbox().AddNetns("gone");
  world_->XswOk("port add up0 sfnum 4 netns gone");
  world_->sandbox().DeleteNetns("gone");
  AddPolicies();
  before_ = TakeSnapshot(*world_);
}

void BadInputTest::ExpectMessage(const Result& result, const BadInput& row) {
  EXPECT_EQ(result.status, row.status) << result.err;
  EXPECT_EQ(result.out, "");
  ASSERT_TRUE(result.err.ends_with('\n')) << result.err;
  std::string rest = result.err.substr(0, result.err.size() - 1);
  const size_t last = rest.rfind('\n');
  const std::string line = last == std::string::npos ? rest : rest.substr(last + 1);
  const std::string usage = rest.substr(0, rest.size() - line.size());
  EXPECT_EQ(fnmatch(("Error: xsw: " + std::string(row.error) + ".").c_str(), line.c_str(), 0), 0)
      << "said:     " << line << "\nexpected: " << row.error;
  if (row.status == 1) {
    EXPECT_EQ(usage, "") << "more than one line";
  }
  const bool of_a_command = std::string(row.name).starts_with("Word") ||
                            std::string(row.name).starts_with("Value") ||
                            std::string(row.name).starts_with("Verb");
  const std::string object = std::string(row.command).substr(0, std::string(row.command).find(' '));
  if (of_a_command) {
    EXPECT_TRUE(usage.starts_with("Usage: xsw " + object + " ")) << "usage: " << usage;
  }
}

void BadInputTest::ExpectNoChange() {
  const std::string changes = Changes(before_, TakeSnapshot(*world_));
  EXPECT_EQ(changes, "");
  if (!changes.empty()) world_.reset();
}

// A look at everything costs more than many commands, so malformed ones and dry runs share the one
// after the last, unless they have gone wrong.
bool IsLast(const BadInput& row) {
  const std::string name = row.name;
  return name == std::rbegin(kBadInputs)->name || name == std::rbegin(kBadPolicies)->name;
}

TEST_P(BadInputTest, IsRefusedAndChangesNothing) {
  const BadInput& row = GetParam();
  ExpectMessage(world_->Xsw(row.command), row);
  if (std::string(row.name).starts_with("Function")) {
    EXPECT_TRUE(Ping({"c1", IpOf(1)}, {"c2", IpOf(2)})) << "traffic of port 1 has stopped";
  }
  if (row.status == 1 || HasFailure() || IsLast(row)) ExpectNoChange();
}

TEST_P(BadInputTest, IsRefusedInADryRunToo) {
  ExpectMessage(world_->Xsw(std::string("-d ") + GetParam().command), GetParam());
  if (HasFailure() || IsLast(GetParam())) ExpectNoChange();
}

std::string NameOf(const testing::TestParamInfo<BadInput>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(, BadInputTest, testing::ValuesIn(kBadInputs), NameOf);
INSTANTIATE_TEST_SUITE_P(Policy, BadInputTest, testing::ValuesIn(kBadPolicies), NameOf);

// What Words() cannot write.
TEST_F(BadInputTest, AnEmptyDeviceNameIsRefused) {
  for (const char* verb : {"add", "set", "del"}) {
    Argv argv = world_->XswArgv(std::string("eswitch ") + verb);
    argv.push_back("");
    if (std::string(verb) == "set") argv.insert(argv.end(), {"host", "off"});
    EXPECT_NE(RunCommand(argv).status, 0) << verb;
    EXPECT_EQ(Changes(before_, TakeSnapshot(*world_)), "") << verb;
  }
  world_.reset();
}

TEST_F(BadInputTest, ACommandOfNoWordsPrintsTheHelpAndFails) {
  const Result result = world_->Xsw("");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("xsw port add DEV"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace xsw::test
