// SPDX-License-Identifier: Apache-2.0
// `xsw demo fabric` works, and leaves nothing, however it ends.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

Argv Demo(const std::string& more = "") {
  return Words(std::string(XSW_BINARY) + " -j --bpffs " + kTestBpffs + " demo fabric " + more);
}

class FabricDemo : public testing::Test {
 protected:
  FabricDemo() : sandbox_({.ipv6 = true, .any_cpu = true}) {}
  static std::string Left() { return MustRun("ip netns") + MustRun("ip -br link show type veth"); }

 private:
  Sandbox sandbox_;
};

TEST_F(FabricDemo, ReplacesOneThatWasKeptAndLeavesNothing) {
  const Result kept = RunCommand(Demo("--keep"));
  ASSERT_EQ(kept.status, 0) << kept.err;
  std::smatch init;
  ASSERT_TRUE(std::regex_search(kept.out, init, std::regex("nsenter -a -t ([0-9]+) ")));
  const pid_t pid = std::stoi(init[1]);
  EXPECT_EQ(
      RunCommand("nsenter -a -t " + init[1].str() + " ip netns exec c11 ping -c 1 172.16.0.12")
          .status,
      0);
  const Result demo = RunCommand(Demo());
  EXPECT_EQ(demo.status, 0) << demo.err;
  const auto json = nlohmann::json::parse(demo.out);
  for (const auto& ping : json["demo"]["fabric"]["pings"]) EXPECT_EQ(ping["works"], true) << ping;
  EXPECT_TRUE(WaitFor([&] { return kill(pid, 0) != 0; }));
  EXPECT_EQ(Left(), "");
}

TEST_F(FabricDemo, InterruptedItLeavesNothing) {
  Process demo(Demo());
  // The second host is being built.
  ASSERT_TRUE(WaitFor([] { return !RunCommand("ip netns pids xsw-demo-h2").out.empty(); }, 30000));
  kill(demo.pid(), SIGINT);
  const Result result = demo.Wait(20000);
  EXPECT_EQ(result.status, 128 + SIGINT);
  EXPECT_NE(result.err.find("interrupted, cleaned up"), std::string::npos) << result.err;
  EXPECT_EQ(Left(), "");
}

TEST_F(FabricDemo, WithoutFrrItNamesThePackage) {
  Must(mount("tmpfs", "/usr/lib/frr", "tmpfs", 0, "mode=0755") == 0, "mount over /usr/lib/frr");
  const Result result = RunCommand(Demo());
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("apt install frr"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace xsw::test
