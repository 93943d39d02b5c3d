// SPDX-License-Identifier: Apache-2.0
// A function's namespace that was named by a process: the number outlives the process, and may be a
// stranger's then.
//
//    out ==wire== up0   up0sf1 === parked, meant for the namespace of process 5000
//
// In a PID namespace of the test's own, where the next process has the number that the test says.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr char kPid[] = "5000";

// Processes that see each other alone, and a /proc that is theirs.
class PidWorld {
 public:
  PidWorld() : init_(Words("unshare --pid --fork --kill-child --mount-proc sleep 86399")) {
    Must(WaitFor(
             [this] { return Run("cat /proc/1/cmdline").out.find("86399") != std::string::npos; }),
         "make a PID namespace");
  }
  Argv Enter(const Argv& command) const {
    const std::string ns = "/proc/" + std::to_string(init_.pid()) + "/ns/";
    Argv argv = {"nsenter", "--pid=" + ns + "pid_for_children", "--mount=" + ns + "mnt"};
    argv.insert(argv.end(), command.begin(), command.end());
    return argv;
  }
  Result Run(const std::string& line) const { return RunCommand(Enter(Words(line))); }

 private:
  Process init_;
};

// Process kPid of that world, in a network namespace of its own.
class Tenant {
 public:
  explicit Tenant(const PidWorld& world)
      : world_(world), own_(Namespace("1")), parent_(world.Enter(Script())) {
    // No other process may be started there meanwhile: it would get the number.
    Must(WaitFor([this] { return parent_.Done() || !parent_.OutSoFar().empty(); }) &&
             WaitFor([this] { return !Namespace(kPid).empty() && Namespace(kPid) != own_; }),
         "start a process of a given number");
  }
  ~Tenant() {
    auto gone = [this] {
      world_.Run(std::string("kill -9 ") + kPid);
      return parent_.Done();
    };
    Must(WaitFor(gone, 20000), "end a process");
  }
  // Of its netdevs, beside the loopback.
  Json Links() const {
    const Result result = world_.Run("nsenter -t " + std::string(kPid) + " -n ip -j link show");
    Json links = Json::parse(result.out);
    links.erase(0);
    return links;
  }

 private:
  static Argv Script() {
    const std::string last = std::to_string(std::stoi(kPid) - 1);
    return {"sh", "-c",
            "echo " + last + " > /proc/sys/kernel/ns_last_pid; unshare -n sleep 1000 & echo; wait"};
  }
  std::string Namespace(const std::string& pid) const {
    return world_.Run("readlink /proc/" + pid + "/ns/net").out;
  }
  const PidWorld& world_;
  const std::string own_;
  Process parent_;
};

class PidReuse : public testing::Test {
 protected:
  PidReuse() : t({.ports = 0}) {}
  Result Xsw(const std::string& line) const { return RunCommand(world.Enter(t.XswArgv(line))); }
  void ExpectOk(const std::string& line) const {
    const Result result = Xsw(line);
    EXPECT_EQ(result.status, 0) << line << ": " << result.err;
  }
  void ExpectRefusal(const std::string& line) const {
    const Result result = Xsw(line);
    EXPECT_EQ(result.status, 1) << line;
    EXPECT_NE(result.err.find("up0/1"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find(std::string("pid:") + kPid), std::string::npos) << result.err;
  }
  Json Function() const {
    return Json::parse(Xsw("-j port show up0/1").out)["port"]["up0/1"]["function"];
  }
  Topology t;
  PidWorld world;
};

TEST_F(PidReuse, AnInactiveFunctionIsNotGivenToAStranger) {
  {
    Tenant tenant(world);
    ExpectOk(std::string("port add up0 ifname eth0 netns ") + kPid);
    EXPECT_EQ(tenant.Links(), Json::array());
  }
  Tenant stranger(world);
  ExpectRefusal("port function set up0/1 state active");
  ExpectRefusal("port function set up0/1 ifname lan0 state active");
  EXPECT_EQ(stranger.Links(), Json::array()) << "it has somebody else's function";
  EXPECT_EQ(Function()["state"], "inactive");
  ExpectOk(std::string("port function set up0/1 state active netns ") + kPid);
  EXPECT_EQ(stranger.Links()[0]["ifname"], "eth0") << "its user has said so anew";
}

TEST_F(PidReuse, AnActiveFunctionThatWasLostIsNotGivenToAStranger) {
  {
    Tenant tenant(world);
    ExpectOk(std::string("port add up0 ifname eth0 state active netns ") + kPid);
    EXPECT_EQ(tenant.Links()[0]["ifname"], "eth0");
  }
  ASSERT_TRUE(WaitFor([] { return LinkOf("", "up0sf1").is_null(); }));
  Tenant stranger(world);
  ExpectOk("eswitch set up0 host on");
  EXPECT_EQ(stranger.Links(), Json::array()) << "it has somebody else's function";
  EXPECT_EQ(Function()["opstate"], "detached");
  ExpectRefusal("port function set up0/1 state active");
  Xsw("port function set up0/1 ifname lan0");
  Xsw("port function set up0/1 mtu 1400");
  EXPECT_EQ(stranger.Links(), Json::array()) << "it has somebody else's function";
}

TEST_F(PidReuse, AFunctionThatWasTakenBackIsNotGivenToAStranger) {
  {
    Tenant tenant(world);
    ExpectOk(std::string("port add up0 ifname eth0 state active netns ") + kPid);
    ExpectOk("port function set up0/1 state inactive");
    ExpectOk("port function set up0/1 state active");
    EXPECT_EQ(tenant.Links()[0]["ifname"], "eth0") << "the namespace is the same";
    ExpectOk("port function set up0/1 state inactive");
  }
  Tenant stranger(world);
  ExpectRefusal("port function set up0/1 state active");
  EXPECT_EQ(stranger.Links(), Json::array()) << "it has somebody else's function";
}

}  // namespace
}  // namespace xsw::test
