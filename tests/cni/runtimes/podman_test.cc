// SPDX-License-Identifier: Apache-2.0
// podman gives its containers ports of an eswitch: they reach all there is, and leave nothing.
#include "tests/cni/runtimes/podman.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <set>
#include <vector>

#include "tests/cni/runtimes/rootfs.h"

namespace xsw::test {
namespace {

constexpr int kAtOnce = 20;

Json Lan() {
  return LanOf({LanPlugin(), {{"type", "portmap"}, {"capabilities", {{"portMappings", true}}}}});
}

class PodmanTest : public testing::TestWithParam<const char*> {
 protected:
  PodmanTest() : podman_(GetParam(), Lan()), before_(LanState()) {}
  void TearDown() override {
    podman_.Ok("rm -f -a -t 0");
    EXPECT_EQ(DifferenceFrom(before_), "");
  }
  static Json Ports() { return Json::parse(Machine().XswOk("-j port show"))["port"]; }

  Podman podman_;
  const std::set<std::string> before_;
};

TEST_P(PodmanTest, TwoContainersReachEachOtherTheHostAndTheOutside) {
  const Attached a = podman_.Start("a"), b = podman_.Start("b");
  for (const auto& [from, to] : PathsOf(a.at(), b.at())) ExpectReaches(from, to);
  EXPECT_EQ(podman_.Try("exec a ping -c 1 -W 5 " + b.ip).status, 0);
}

TEST_P(PodmanTest, AStaticAddressAndMacAreTheContainers) {
  const Attached a = podman_.Start("a", "--ip 10.9.0.40 --mac-address 02:00:00:00:77:01");
  EXPECT_EQ(a.ip, "10.9.0.40");
  EXPECT_EQ(a.mac, "02:00:00:00:77:01");
  ExpectReaches(Outside(), a.at());
  InNetns in(kOutside);
  EXPECT_NE(MustRun("ip neigh show 10.9.0.40").find(a.mac), std::string::npos);
}

TEST_P(PodmanTest, APublishedPortLeadsToTheContainer) {
  podman_.Start("a", "-p 8080:80");
  EXPECT_TRUE(WaitFor([] { return Ask(kOutside, kHostIp, 8080) == "a"; }));
  EXPECT_EQ(Ask("", kHostIp, 8080), "a");
  EXPECT_EQ(Ask("", "127.0.0.1", 8080), "a");
  podman_.Ok("rm -f -t 0 a");
  EXPECT_EQ(Ask(kOutside, kHostIp, 8080), "");
}

TEST_P(PodmanTest, AStoppedContainerHasNoPortAndOneThatIsStartedAgainHas) {
  podman_.Start("a");
  podman_.Ok("stop -t 0 a");
  EXPECT_EQ(DifferenceFrom(before_), "");
  podman_.Ok("start a");
  ExpectReaches(Outside(), podman_.AttachedOf("a").at());
}

// By what a container ends, and what podman is told then.
struct End {
  const char* name;
  const char* command;  // of podman; empty: conmon is killed
  const char* then;
};
constexpr End kEnds[] = {
    {"removed", "rm -f -t 0 a", ""},
    {"stopped", "stop -t 0 a", "rm a"},
    {"its process is killed", "kill a", "rm a"},
    {"conmon is killed", "", "rm -f -t 0 a"},
};

TEST_P(PodmanTest, HoweverAContainerEndsItLeavesNothing) {
  for (const End& end : kEnds) {
    SCOPED_TRACE(end.name);
    podman_.Start("a");
    if (!*end.command) {
      ASSERT_EQ(kill(podman_.ConmonOf("a"), SIGKILL), 0);
    } else {
      podman_.Ok(end.command);
      // Of a process that was killed podman hears in the background.
      EXPECT_EQ(DifferenceFrom(before_), "");
    }
    if (*end.then) podman_.Ok(end.then);
    EXPECT_EQ(DifferenceFrom(before_), "");
  }
}

// Another runtime changes nothing of it.
class PodmanManyTest : public PodmanTest {};
TEST_P(PodmanManyTest, TwentyAtOnceAreTwentyPorts) {
  std::vector<std::unique_ptr<Process>> runs;
  for (int i = 0; i < kAtOnce; i++)
    runs.push_back(
        std::make_unique<Process>(podman_.Command(Podman::RunLine("n" + std::to_string(i)))));
  for (const auto& run : runs) {
    const Result result = run->Wait(120000);
    EXPECT_EQ(result.status, 0) << result.err;
  }
  std::set<std::string> ips, macs;
  for (int i = 0; i < kAtOnce; i++) {
    const Attached it = podman_.AttachedOf("n" + std::to_string(i));
    ips.insert(it.ip);
    macs.insert(it.mac);
    EXPECT_TRUE(WaitFor([&] { return Ping(it.at(), Outside()); })) << it.ip;
  }
  EXPECT_EQ(ips.size(), kAtOnce);
  EXPECT_EQ(macs.size(), kAtOnce);
  EXPECT_EQ(Ports().size(), kAtOnce + 1);
}

INSTANTIATE_TEST_SUITE_P(Runtime, PodmanManyTest, testing::Values("runc"),
                         [](const auto& info) { return std::string(info.param); });
INSTANTIATE_TEST_SUITE_P(Runtime, PodmanTest, testing::Values("runc", "crun"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace xsw::test
