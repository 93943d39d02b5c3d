// SPDX-License-Identifier: Apache-2.0
// xsw-cni killed before and after each call that changes something: the next DEL, or GC, leaves
// neither a port nor an address. (That a repeated ADD completes is the sweep's to show.)
#include <gtest/gtest.h>

#include "tests/cni/plugin.h"
#include "tests/sweep/injector.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

struct Case {
  const char* then;
  bool eswitch;  // there is one; else ADD makes it
};

class Killed : public testing::TestWithParam<Case> {
 protected:
  Killed()
      : plugin_(GetParam().eswitch),
        network_(Plugin::NetworkWithIpam({{"eswitch", Json::object()}})) {
    network_["cni.dev/valid-attachments"] = Json::array();
  }
  Trace Run(const char* command, const Accident& accident = {}) {
    return RunTraced(plugin_.Words(command, {}, network_.dump()), accident);
  }
  void ExpectNothingLeft(const std::string& after) {
    EXPECT_TRUE(plugin_.Ports().empty()) << after;
    EXPECT_EQ(Plugin::AddressesGiven(), 0) << after;
    EXPECT_EQ(MustRun("ip -br link").find("up0sf"), std::string::npos) << after;
    EXPECT_EQ(MustRun("ip -n pod1 -br link").find("eth0"), std::string::npos) << after;
  }
  Plugin plugin_;
  Json network_;
};

TEST_P(Killed, LeavesNothingThatTheNextCommandDoesNotRemove) {
  const std::vector<Call> calls = Run("ADD").calls;
  ASSERT_GT(calls.size(), 10u);
  plugin_.Ok(GetParam().then, {}, network_);
  ExpectNothingLeft(std::string("an undisturbed ") + GetParam().then);
  for (size_t i = 0; i < calls.size(); i++) {
    for (const How how : {How::kKillBefore, How::kKillAfter}) {
      if (!GetParam().eswitch) plugin_.t.Xsw("eswitch del up0");
      Run("ADD", {how, i});
      plugin_.Ok(GetParam().then, {}, network_);
      ExpectNothingLeft("killed at " + std::to_string(i) + ", " + calls[i].what);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Add, Killed,
                         testing::Values(Case{"DEL", true}, Case{"GC", true}, Case{"DEL", false}),
                         [](const auto& row) {
                           return std::string("ThenA") + row.param.then +
                                  (row.param.eswitch ? "" : "WithoutAnEswitch");
                         });

}  // namespace
}  // namespace xsw::test
