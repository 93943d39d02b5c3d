// SPDX-License-Identifier: Apache-2.0
// An environment in which xsw cannot work: it says which, and touches nothing.
//
//    out ==wire== up0   up0sf1 === eth0 in c1;   free0, no uplink
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <regex>
#include <utility>

#include "bpf/abi.h"
#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// Where everybody may run it, wherever it was built.
constexpr char kXswCopy[] = "/run/xsw-binary";

bool IsOneErrorLine(const std::string& text) {
  return std::regex_match(text, std::regex("Error: xsw: .*\\.\n"));
}

class Environment : public testing::Test {
 protected:
  Environment() : t({.ports = 1}) {
    MustRun("ip link add free0 type veth peer name free1");
    MustRun("cp " + t.XswArgv("")[0] + " " + kXswCopy);
    before = TakeSnapshot(t);
  }
  ~Environment() override { EXPECT_EQ(before.empty() ? "" : Changes(before, TakeSnapshot(t)), ""); }
  // For a test that goes on to change something.
  void ExpectNoChange() { EXPECT_EQ(Changes(std::exchange(before, {}), TakeSnapshot(t)), ""); }
  // Status 1 and one line with this in it, nothing on stdout. That nothing changes is looked at
  // once for all refusals of a test, in the end.
  static void ExpectRefusal(const Result& result, const std::string& part) {
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(IsOneErrorLine(result.err)) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  }
  std::string StateDir() { return kTestBpffs + std::string("/xsw/") + Cookie(); }
  std::string DirOf(const std::string& uplink) {
    return StateDir() + "/" + std::to_string(if_nametoindex(uplink.c_str()));
  }
  static std::string Cookie() {
    const std::string place = ParkingPlaces().at(0);  // ../../run/xsw/COOKIE/N.netns
    const std::string dir = place.substr(0, place.rfind('/'));
    return dir.substr(dir.rfind('/') + 1);
  }
  Topology t;
  Snapshot before;
};

const char* const kCommands[] = {
    "eswitch add free0",
    "eswitch set up0 host off",
    "eswitch del up0",
    "eswitch show",
    "port add up0",
    "port add up0 state active",
    "port function set up0/1 state inactive",
    "port function set up0/1 hw_addr 02:00:00:00:00:77",
    "port function set up0/1 mtu 1400",
    "port function set up0/1 ifname lan0",
    "port del up0/1",
    "port show",
    "fdb add up0 02:00:00:00:00:77 port up0/1",
    "fdb show",
};

TEST_F(Environment, WithoutCapabilitiesItSaysWhichItNeeds) {
  for (const char* command : kCommands) {
    SCOPED_TRACE(command);
    ExpectRefusal(RunCommand(std::string("setpriv --reuid 65534 --regid 65534 --clear-groups "
                                         "--bounding-set=-all ") +
                             kXswCopy + " --bpffs " + kTestBpffs + " " + command),
                  "CAP_NET_ADMIN");
  }
}

// As in a container with most of root's rights: each command fails whole, or does its work.
class OneCapabilityLess : public testing::TestWithParam<const char*> {};

// How a command that needs no such capability is known to have worked.
void ExpectDone(const Topology& t, const std::string& command, const std::string& changes) {
  if (command.find("show") == std::string::npos) {
    EXPECT_NE(changes, "") << "says nothing and has done nothing";
  }
  if (command == "port del up0/1") {
    EXPECT_TRUE(LinkOf("", "up0sf1").is_null()) << "says nothing and leaves the netdevs";
  }
  if (command == "eswitch del up0") {
    EXPECT_EQ(ProgramsOn(kUplink), "");
    EXPECT_TRUE(LinkOf("", "up0sf1").is_null());
    EXPECT_TRUE(UnicastList(kUplink).empty());
  }
  if (command.find(" add ") == std::string::npos) return;
  EXPECT_EQ(t.Xsw("port del up0/2").status, command.starts_with("port") ? 0 : 1);
}

TEST_P(OneCapabilityLess, FailsWholeAndSaysWhich) {
  std::unique_ptr<Topology> t;
  Snapshot before;
  for (const char* command : kCommands) {
    SCOPED_TRACE(command);
    if (!t) {
      t = std::make_unique<Topology>(TopologyOptions{.ports = 1});
      MustRun("ip link add free0 type veth peer name free1");
      before = TakeSnapshot(*t);
    }
    Argv argv = {"setpriv", std::string("--bounding-set=-") + GetParam(), "--inh-caps=-all"};
    for (const std::string& word : t->XswArgv(command)) argv.push_back(word);
    const Result result = RunCommand(argv);
    const std::string changes = Changes(before, TakeSnapshot(*t));
    if (result.status == 0) {
      ExpectDone(*t, command, changes);
    } else {
      EXPECT_EQ(changes, "");
      EXPECT_TRUE(IsOneErrorLine(result.err) && result.err.find("CAP_") != std::string::npos)
          << result.err;
    }
    if (!changes.empty()) t.reset();
  }
}
INSTANTIATE_TEST_SUITE_P(, OneCapabilityLess, testing::Values("net_admin", "sys_admin", "bpf"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(Environment, ThePrivateBpffsOfAMountNamespaceIsRefused) {
  const char* const part = "/sys/fs/bpf of this mount namespace is private and ends with it";
  for (const char* command : kCommands) {
    SCOPED_TRACE(command);
    ExpectRefusal(RunCommand(std::string(kXswCopy) + " " + command), part);
  }
  const Result inside = RunCommand(std::string("ip netns exec c1 ") + kXswCopy + " port show");
  ExpectRefusal(inside, "`xsw -n NETNS` from outside, or say --bpffs PATH");
}

TEST_F(Environment, AnotherFilesystemIsNoBpffs) {
  for (const char* path : {"/run", "/nowhere", "/etc/passwd"}) {
    SCOPED_TRACE(path);
    ExpectRefusal(RunCommand(std::string(kXswCopy) + " --bpffs " + path + " eswitch add free0"),
                  std::string("--bpffs ") + path + ": not a bpf filesystem");
  }
}

TEST_F(Environment, StateOfAnotherAbiVersionIsLeftAlone) {
  const std::string map = DirOf("up0") + "/current/xsw_eswitch";
  const std::string key = " key 0 0 0 0 value hex ";
  const Json dump = Json::parse(MustRun("bpftool -j map dump pinned " + map));
  std::string value, other = "63 0 0 0";
  for (const Json& byte : dump[0]["value"]) value += " " + byte.get<std::string>().substr(2);
  other += value.substr(4 * 3);
  MustRun("bpftool map update pinned " + map + key + other);
  before = TakeSnapshot(t);
  for (const char* command : kCommands) {
    if (std::string(command) == "eswitch add free0") continue;
    // See abi_test.cc.
    if (std::string(command) == "eswitch del up0") continue;
    if (std::string(command) == "eswitch show") continue;
    SCOPED_TRACE(command);
    ExpectRefusal(t.Xsw(command),
                  "eswitch up0: made by a newer xsw (an xsw with ABI version 99, this one has " +
                      std::to_string(XSW_ABI_VERSION) + ")");
  }
  EXPECT_EQ(t.Xsw("eswitch add up0").status, 1);
  EXPECT_TRUE(Ping({"c1", IpOf(1)}, {kOutside, kOutsideIp})) << "traffic does not need an xsw";
  ExpectNoChange();
  MustRun("bpftool map update pinned " + map + key + value);
  t.XswOk("port function set up0/1 mtu 1400");
}

TEST_F(Environment, AnInterruptedAddIsNamedAndTheSameCommandFinishesIt) {
  Must(mkdir(DirOf("free0").c_str(), 0700) == 0, "mkdir");
  EXPECT_EQ(t.Xsw("port add free0").err,
            "Error: xsw: eswitch free0: does not exist (xsw eswitch add free0).\n")
      << "nothing is in it yet";
  Must(symlink("free0", (DirOf("free0") + "/uplink").c_str()) == 0, "symlink");
  before = TakeSnapshot(t);
  for (const char* command : {"port add free0", "port show free0/1", "eswitch show free0",
                              "fdb show free0", "eswitch set free0 host off"}) {
    SCOPED_TRACE(command);
    ExpectRefusal(t.Xsw(command),
                  "free0: a command that was to add or remove it has not come to "
                  "its end: xsw eswitch add free0, or xsw eswitch del free0");
  }
  t.XswOk("eswitch show up0");
  t.XswOk("port show up0/1");
  ExpectNoChange();
  t.XswOk("eswitch add free0");
  t.XswOk("port add free0");
  t.XswOk("eswitch del free0");
  Must(mkdir(DirOf("free0").c_str(), 0700) == 0, "mkdir");
  t.XswOk("eswitch del free0");
  EXPECT_EQ(t.Xsw("eswitch show free0").err,
            "Error: xsw: eswitch free0: does not exist (xsw eswitch add free0).\n");
}

// One broken or foreign directory does not hide the eswitches beside it.
TEST_F(Environment, AForeignDirectoryIsNamedWithoutHidingTheRest) {
  Must(mkdir((StateDir() + "/aforeign").c_str(), 0700) == 0, "mkdir");
  before.clear();
  for (const char* command : {"eswitch show", "port show", "fdb show", "port del up0sf1"}) {
    const Result result = t.Xsw(command);
    const bool listed = result.out.find("up0") != std::string::npos || result.status == 0;
    EXPECT_TRUE(listed) << command << " does not get to up0: " << result.err;
    if (result.status != 0) {
      EXPECT_NE(result.err.find("aforeign"), std::string::npos) << result.err;
    }
  }
}

TEST_F(Environment, AnXdpProgramOfSomebodyElseStays) {
  const bpf_insn pass[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS},
                           {.code = BPF_JMP | BPF_EXIT}};
  Fd program(bpf_prog_load(BPF_PROG_TYPE_XDP, "somebodys", "GPL", pass, 2, nullptr));
  Must(static_cast<bool>(program), "load an XDP program");
  for (const char* dev : {"up0", "free0"}) {
    const int ifindex = static_cast<int>(if_nametoindex(dev));
    Must(bpf_xdp_attach(ifindex, program.get(), XDP_FLAGS_DRV_MODE, nullptr) == 0, "attach XDP");
  }
  before = TakeSnapshot(t);
  const char* const part = "another XDP program is on it, which xsw leaves alone: say xdp shared";
  ExpectRefusal(t.Xsw("eswitch set up0 host off xdp on"), part);
  ExpectRefusal(t.Xsw("eswitch add free0 xdp on"), part);
  ExpectNoChange();
  t.XswOk("eswitch add free0 xdp off");
  t.XswOk("eswitch del free0");
  EXPECT_NE(ProgramsOn("free0"), "");
}

}  // namespace
}  // namespace xsw::test
