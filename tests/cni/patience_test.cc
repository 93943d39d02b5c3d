// SPDX-License-Identifier: Apache-2.0
// xsw-cni waits for others, but not for ever.
#include <gtest/gtest.h>

#include "tests/cni/plugin.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

void ExpectTryAgain(const Result& result, const std::string& says) {
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(Answer(result)["code"], 11) << result.out;
  EXPECT_NE(result.out.find(says), std::string::npos) << result.out;
  // A runtime has no such word.
  EXPECT_EQ(result.out.find("--wait"), std::string::npos) << result.out;
}

// An IPAM plugin that hangs is ended after a minute, with all that it has started, and keeps nobody
// else waiting. Who waits for the eswitch's lock says who has it.
TEST(Patience, Ends) {
  Plugin plugin;
  Plugin::MakePlugin("hanging",
                     "echo $CNI_COMMAND >>/run/asked; [ $CNI_COMMAND = DEL ] || sleep 4321");
  Plugin::MakePlugin("silent", "exec >&- 2>&-; [ $CNI_COMMAND = DEL ] || sleep 4321");
  const Json network = Plugin::Network({{"cniVersion", "1.0.0"}, {"ipam", {{"type", "hanging"}}}});
  Process hanging(plugin.Words("ADD", {}, network.dump()));
  const Json silence = Plugin::Network({{"cniVersion", "1.0.0"}, {"ipam", {{"type", "silent"}}}});
  Process silent(
      plugin.Words("ADD", {{"CNI_CONTAINERID", "c3"}, {"CNI_IFNAME", "eth2"}}, silence.dump()));
  ASSERT_TRUE(WaitFor([&] { return plugin.Ports().size() == 2; }));
  const Variables other = {{"CNI_CONTAINERID", "c2"}, {"CNI_IFNAME", "eth1"}};
  plugin.Ok("ADD", other, Plugin::Network());
  {
    const std::string directory = MustRun("sh -c echo${IFS}/run/bpffs/xsw/*/*/link_xsw_uplink_rx");
    Process holder(
        {"flock", "--no-fork", directory.substr(0, directory.rfind('/')), "sleep", "100"});
    const std::string lock = "FLOCK  ADVISORY  WRITE " + std::to_string(holder.pid()) + " ";
    ASSERT_TRUE(
        WaitFor([&] { return MustRun("cat /proc/locks").find(lock) != std::string::npos; }));
    ExpectTryAgain(plugin.Call("DEL", other, Plugin::Network()),
                   "PID " + std::to_string(holder.pid()));
  }
  for (Process* add : {&hanging, &silent})
    ExpectTryAgain(add->Wait(100000), "has not answered for 60 s");
  EXPECT_EQ(MustRun("cat /run/asked"), "ADD\nDEL\n");
  EXPECT_NE(RunCommand("pgrep -f ^sleep.4321").status, 0);
  plugin.Ok("DEL", other, Plugin::Network());
  EXPECT_TRUE(plugin.Ports().empty());
}

}  // namespace
}  // namespace xsw::test
