// SPDX-License-Identifier: Apache-2.0
// The injector itself, on a small program with known calls (victim.cc) and on ip(8).
#include "tests/sweep/injector.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <filesystem>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr int kKilled = 128 + SIGKILL;

class Injector : public testing::Test {
 protected:
  Injector() : sandbox({}) {}

  // victim makes the directories a and c, and between them b in another thread.
  static Trace Victim(const Accident& accident) {
    return RunTraced({XSW_SWEEP_VICTIM, "/run"}, accident);
  }
  static bool IsThere(const std::string& name) { return std::filesystem::exists("/run/" + name); }
  static std::string Made() {
    std::string names;
    for (const char* name : {"a", "b", "c"}) {
      if (IsThere(name)) names += name;
    }
    return names;
  }

  Sandbox sandbox;
};

std::vector<std::string> Names(const Trace& trace) {
  std::vector<std::string> names;
  for (const Call& call : trace.calls) names.push_back(call.what);
  return names;
}

TEST_F(Injector, ListsTheCallsOfAllThreadsInTheirOrder) {
  const Trace trace = Victim({});
  EXPECT_EQ(trace.result.status, 0) << trace.result.err;
  EXPECT_EQ(trace.result.out, "done\n");
  EXPECT_EQ(Names(trace),
            (std::vector<std::string>{"mkdir /run/a", "mkdir /run/b", "mkdir /run/c"}));
  EXPECT_FALSE(trace.struck);
}

TEST_F(Injector, KillsBeforeOrAfterTheCallThatIsMeant) {
  const struct {
    How how;
    size_t call;
    const char* made;
  } rows[] = {
      {How::kKillBefore, 0, ""},  {How::kKillAfter, 0, "a"},   {How::kKillBefore, 1, "a"},
      {How::kKillAfter, 1, "ab"}, {How::kKillBefore, 2, "ab"}, {How::kKillAfter, 2, "abc"},
  };
  for (const auto& row : rows) {
    for (const char* name : {"a", "b", "c"}) std::filesystem::remove(std::string("/run/") + name);
    const Trace trace = Victim({row.how, row.call});
    EXPECT_TRUE(trace.struck);
    EXPECT_EQ(trace.result.status, kKilled);
    EXPECT_EQ(trace.calls.size(), row.call + 1);
    EXPECT_EQ(Made(), row.made);
  }
}

TEST_F(Injector, MakesOneCallFailAndNoOther) {
  const Trace trace = Victim({How::kFail, 1, ENOSPC});
  EXPECT_EQ(trace.result.err, "b: No space left on device\n");
  EXPECT_EQ(trace.result.out, "done\n");
  EXPECT_EQ(Made(), "ac");
}

TEST_F(Injector, AnAccidentBehindTheLastCallDoesNotHappen) {
  const Trace trace = Victim({How::kKillBefore, 3});
  EXPECT_FALSE(trace.struck);
  EXPECT_EQ(trace.result.status, 0);
}

TEST_F(Injector, RefusesANetlinkRequestInTheKernelsPlace) {
  const Argv add = Words("ip addr add 10.1.2.3/8 dev lo");
  const Trace refused = RunTraced(add, {How::kRefuse, 0, EXFULL});
  EXPECT_EQ(refused.result.status, 2);
  EXPECT_EQ(refused.result.err, "RTNETLINK answers: Exchange full\n");
  EXPECT_EQ(RunCommand("ip addr show to 10.1.2.3").out, "");
  EXPECT_EQ(RunTraced(add).result.status, 0);
}

TEST_F(Injector, TellsWhichRequestsChangeSomething) {
  EXPECT_EQ(Names(RunTraced(Words("ip addr show"))), std::vector<std::string>{});
  EXPECT_EQ(Names(RunTraced(Words("ip addr add 10.1.2.3/8 dev lo"))),
            std::vector<std::string>{"netlink newaddr"});
  EXPECT_EQ(Names(RunTraced(Words("ip neigh add 10.0.0.1 dev lo nud permanent"))),
            std::vector<std::string>{"netlink newneigh"});
}

TEST_F(Injector, KnowsTheBpfObjectsThatACommandMadeAndWhetherTheyLive) {
  const Trace trace =
      RunTraced(Words("bpftool map create /run/bpffs/m type hash key 4 value 4 "
                      "entries 1 name xsw_sweep"));
  ASSERT_EQ(trace.result.status, 0) << trace.result.err << trace.result.out;
  ASSERT_FALSE(trace.made.empty());
  const BpfObject& map = trace.made.back();
  EXPECT_EQ(map.name, "map xsw_sweep");
  EXPECT_TRUE(IsAlive(map));
  std::filesystem::remove("/run/bpffs/m");
  EXPECT_TRUE(WaitFor([&] { return !IsAlive(map); }));
}

}  // namespace
}  // namespace xsw::test
