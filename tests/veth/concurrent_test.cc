// SPDX-License-Identifier: Apache-2.0
// Commands at once: writers take turns, all succeed, and the maps agree with the netdevs.
//
//    out ==wire== up0, on all CPUs
#include <bpf/bpf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/file.h>

#include <list>

#include "bpf/abi.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

std::vector<std::string> Times(int n, const std::string& line) {
  return std::vector<std::string>(static_cast<size_t>(n), line);
}

class Concurrent : public testing::Test {
 protected:
  explicit Concurrent(bool eswitch = true) : t({.eswitch = eswitch, .ports = 0, .any_cpu = true}) {}

  // Starts them all, then waits for all.
  std::vector<Result> RunAll(const std::vector<std::string>& lines) {
    std::list<Process> running;
    for (const std::string& line : lines) running.emplace_back(t.XswArgv(line));
    std::vector<Result> results;
    for (Process& process : running) results.push_back(process.Wait());
    return results;
  }
  void ExpectAllSucceed(const std::vector<std::string>& lines) {
    const std::vector<Result> results = RunAll(lines);
    for (size_t i = 0; i < lines.size(); i++) EXPECT_EQ(results[i].err, "") << lines[i];
    ExpectConsistent();
  }
  // Of up0.
  static std::string Dir() {
    for (const std::string& path : Tree(kTestBpffs)) {
      if (path.ends_with("/" + std::to_string(if_nametoindex("up0")))) return path;
    }
    Die("up0 has no directory");
  }
  void ExpectConsistent();
  void ExpectMapsAgree(const std::string& handle, const Json& port);

  Topology t;
};

template <typename Value, typename Key>
Value Lookup(const std::string& map, const Key& key) {
  Fd fd(bpf_obj_get(map.c_str()));
  Value value = {};
  EXPECT_EQ(bpf_map_lookup_elem(fd.get(), &key, &value), 0) << map;
  return value;
}

void Concurrent::ExpectMapsAgree(const std::string& handle, const Json& port) {
  SCOPED_TRACE(handle);
  const uint32_t index = std::stoi(handle.substr(handle.find('/') + 1));
  const Json link = LinkOf("", port["netdev"]);
  ASSERT_FALSE(link.is_null()) << port;
  const uint32_t ifindex = link["ifindex"];
  EXPECT_EQ(link["altnames"], Json::array({"up0pf0sf" + port["sfnum"].dump()}));
  EXPECT_EQ(Lookup<xsw_rep_slot>(Dir() + "/current/xsw_rep", ifindex % XSW_REP_SLOTS).port, index);
  EXPECT_EQ(Lookup<bpf_devmap_val>(Dir() + "/current/xsw_dev_tc", index).ifindex, ifindex);
  EXPECT_EQ(Lookup<bpf_devmap_val>(Dir() + "/current/xsw_dev_xdp", index).ifindex, ifindex);
  EXPECT_NE(ProgramsOn(port["netdev"]), "");
}

// Numbers and addresses are each port's own; flood list, FDB, unicast list and pins are those of
// the ports that are there.
void Concurrent::ExpectConsistent() {
  const Json ports = Json::parse(t.XswOk("-j port show"))["port"];
  std::set<std::string> numbers, addresses, fdb, accepted;
  std::set<uint32_t> active, members;
  for (const auto& [handle, port] : ports.items()) {
    if (!port.contains("sfnum")) continue;
    EXPECT_TRUE(numbers.insert(port["sfnum"].dump()).second) << ports;
    EXPECT_TRUE(addresses.insert(port["function"]["hw_addr"]).second) << ports;
    if (port["function"]["state"] == "active")
      active.insert(std::stoi(handle.substr(handle.find('/') + 1)));
    ExpectMapsAgree(handle, port);
  }
  for (const Json& entry : t.ShowFdb()) {
    if (entry["port"] == "up0/0") continue;
    accepted.insert(entry["mac"]);
    if (entry["flags"][0] == "self") fdb.insert(entry["mac"]);
  }
  EXPECT_EQ(fdb, addresses);
  EXPECT_EQ(UnicastList(kUplink), accepted);
  EXPECT_EQ(Tree(Dir() + "/ports").size(), 2 * addresses.size());
  uint32_t at = Lookup<xsw_port>(Dir() + "/current/xsw_port", 0u).next_member;
  while (at && members.insert(at).second)
    at = Lookup<xsw_port>(Dir() + "/current/xsw_port", at).next_member;
  EXPECT_EQ(members, active);
}

TEST_F(Concurrent, AWriterWaitsForAnotherAndAReaderDoesNot) {
  t.XswOk("port add up0");
  Fd lock(open(Dir().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Must(flock(lock.get(), LOCK_EX) == 0, "flock");
  Process writer(t.XswArgv("port add up0"));
  // /proc/locks lists it behind an arrow.
  const std::string pid = " " + std::to_string(writer.pid()) + " ";
  ASSERT_TRUE(WaitFor([&] {
    const std::string locks = ReadFile("/proc/locks");
    const size_t at = locks.find(pid);
    return at != std::string::npos && locks.substr(locks.rfind('\n', at), at).find("->") < at;
  }));
  EXPECT_EQ(Json::parse(t.XswOk("-j port show"))["port"].size(), 2u);
  EXPECT_FALSE(writer.Done());
  lock = Fd();
  EXPECT_EQ(writer.Wait().err, "");
  EXPECT_EQ(Json::parse(t.XswOk("-j port show"))["port"].size(), 3u);
}

TEST_F(Concurrent, TwoAndEightPortAddsAllSucceed) {
  ExpectAllSucceed({"port add up0", "port add up0"});
  t.sandbox().AddNetns("c1");
  std::vector<std::string> eight;
  for (int i = 0; i < 8; i++)
    eight.push_back(i % 2 ? "port add up0" : "port add up0 netns c1 state active");
  ExpectAllSucceed(eight);
  EXPECT_EQ(Json::parse(t.XswOk("-j port show"))["port"].size(), 11u);
}

TEST_F(Concurrent, OnlyOneGetsANumberOrAnAddress) {
  int won = 0;
  for (const Result& result : RunAll(Times(3, "port add up0 sfnum 7"))) {
    won += result.status == 0;
    EXPECT_EQ(result.err,
              result.status ? "Error: xsw: port up0 sfnum 7: in use by port up0/1.\n" : "");
  }
  EXPECT_EQ(won, 1);
  won = 0;
  for (const Result& result : RunAll(Times(3, "port add up0 hw_addr 02:00:00:00:00:77")))
    won += result.status == 0;
  EXPECT_EQ(won, 1);
  ExpectConsistent();
}

TEST_F(Concurrent, MixedWritersAllSucceed) {
  t.sandbox().AddNetns("c1");
  for (int port = 1; port <= 4; port++) t.XswOk("port add up0 netns c1");
  ExpectAllSucceed({"port add up0 netns c1 state active", "port del up0/1",
                    "port function set up0/2 state active",
                    "port function set up0/3 hw_addr 02:00:00:00:00:77 mtu 1400", "port add up0",
                    "fdb add up0 02:00:00:00:00:78 port up0/4", "eswitch set up0 host off",
                    "-s port show"});
  ExpectAllSucceed({"port function set up0/2 state inactive", "port del up0/3",
                    "fdb del up0 02:00:00:00:00:78 port up0/4", "eswitch set up0 host on",
                    "port function set up0/4 state active", "port add up0 state active"});
}

TEST_F(Concurrent, ADelAmongAddsLeavesNothing) {
  const std::vector<Result> results =
      RunAll({"port add up0", "eswitch del up0", "port add up0", "port add up0"});
  EXPECT_EQ(results[1].err, "");
  for (const Result& result : results) {
    EXPECT_TRUE(result.status == 0 ||
                result.err == "Error: xsw: eswitch up0: does not exist (xsw eswitch add up0).\n")
        << result.err;
  }
  for (const std::string& dir : {std::string("/run/xsw"), kTestBpffs + std::string("/xsw")})
    EXPECT_TRUE(Tree(dir).empty()) << Tree(dir)[0];
  EXPECT_EQ(ProgramsOn(kUplink), "");
  EXPECT_EQ(UnicastList(kUplink), std::set<std::string>{});
  for (int port = 1; port <= 3; port++) EXPECT_TRUE(LinkOf("", Representor(port)).is_null());
}

class ConcurrentEswitch : public Concurrent {
 protected:
  ConcurrentEswitch() : Concurrent(/*eswitch=*/false) {}
};

TEST_F(ConcurrentEswitch, OneOfManyAddsSucceedsAndTheOthersAreTold) {
  for (int round = 0; round < 4; round++) {
    int won = 0;
    for (const Result& result : RunAll(Times(2 + round, "eswitch add up0"))) {
      won += result.status == 0;
      EXPECT_EQ(result.err, result.status ? "Error: xsw: eswitch up0: already exists.\n" : "");
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(t.Xsw("port add up0").err, "");
    ExpectConsistent();
    t.XswOk("eswitch del up0");
  }
}

TEST_F(ConcurrentEswitch, TwoDelsLeaveNothing) {
  t.XswOk("eswitch add up0");
  t.XswOk("port add up0 state active");
  for (const Result& result : RunAll({"eswitch del up0", "eswitch del up0"})) {
    EXPECT_TRUE(result.status == 0 ||
                result.err == "Error: xsw: eswitch up0: does not exist (xsw eswitch add up0).\n")
        << result.err;
  }
  EXPECT_EQ(ProgramsOn(kUplink), "");
  EXPECT_TRUE(Tree("/run/xsw").empty());
  t.XswOk("eswitch add up0");
}

TEST_F(ConcurrentEswitch, AddsInManyNamespacesAllSucceed) {
  std::vector<std::string> adds, dels;
  for (int i = 1; i <= 4; i++) {
    t.sandbox().AddNetns(ContainerName(i));
    MustRun("ip -n " + ContainerName(i) + " link add up0 type veth peer name far0");
    adds.push_back("-n " + ContainerName(i) + " eswitch add up0");
    dels.push_back("-n " + ContainerName(i) + " eswitch del up0");
  }
  for (int round = 0; round < 2; round++) {
    for (const Result& result : RunAll(adds)) EXPECT_EQ(result.err, "");
    for (const Result& result : RunAll(dels)) EXPECT_EQ(result.err, "");
  }
  EXPECT_TRUE(Tree("/run/xsw").empty());
}

// xsw_rep has a slot for each ifindex modulo its size: one that is taken costs a new port another
// try.
TEST_F(Concurrent, APortWhoseIfindexHasATakenSlotGetsAnotherIfindex) {
  ASSERT_EQ(t.Xsw("port add up0 sfnum 50").status, 0);
  const uint32_t last = LinkOf("", "up0sf50")["ifindex"];
  Fd map(bpf_obj_get((Dir() + "/current/xsw_rep").c_str()));
  for (uint32_t next = last + 1; next <= last + 2; next++) {
    const uint32_t slot = next % XSW_REP_SLOTS;
    const xsw_rep_slot taken = {.ifindex = next + XSW_REP_SLOTS, .port = 4000};
    ASSERT_EQ(bpf_map_update_elem(map.get(), &slot, &taken, BPF_ANY), 0);
  }
  t.XswOk("port add up0 sfnum 51");
  const uint32_t ifindex = LinkOf("", "up0sf51")["ifindex"];
  EXPECT_GT(ifindex, last + 2);
  EXPECT_EQ(Lookup<xsw_rep_slot>(Dir() + "/current/xsw_rep", ifindex % XSW_REP_SLOTS).ifindex,
            ifindex);
  EXPECT_EQ(Lookup<xsw_rep_slot>(Dir() + "/current/xsw_rep", (last + 1) % XSW_REP_SLOTS).port,
            4000u);
}

}  // namespace
}  // namespace xsw::test
