// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/lan.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

constexpr char kGivenAddresses[] = "/run/cni-test/host-local";
constexpr int kSoonMs = 10000;

// One line each of what a command says, those alone that have the words.
void AddLines(const std::string& text, const std::string& words, std::set<std::string>* to) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find(words) != std::string::npos) to->insert(line);
}

}  // namespace

Json LanPlugin(const Json& more) {
  Json range = {{"subnet", "10.9.0.0/24"},
                {"rangeStart", "10.9.0.32"},
                {"rangeEnd", "10.9.0.63"},
                {"gateway", kHostIp}};
  Json plugin = {{"type", "xsw"},
                 {"master", kUplink},
                 {"ipam",
                  {{"type", "host-local"},
                   {"dataDir", kGivenAddresses},
                   {"ranges", Json::array({Json::array({range})})},
                   {"routes", Json::array({{{"dst", "0.0.0.0/0"}}})}}}};
  plugin.update(more);
  return plugin;
}

Json LanOf(const std::vector<Json>& plugins, const std::string& version) {
  return {{"cniVersion", version}, {"name", kLan}, {"plugins", plugins}};
}

void WriteLan(const std::string& path, const Json& lan) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream file(path);
  Must(static_cast<bool>(file << lan.dump(2) << std::flush), "write " + path);
}

Attached AttachedIn(const std::string& netns) {
  const Json link = LinkOf(netns, kContainerDev);
  InNetns in(netns);
  const Json addresses = Json::parse(MustRun("ip -4 -j addr show eth0"), nullptr, false);
  if (!link.is_object() || !addresses.is_array() || addresses.empty()) {
    ADD_FAILURE() << "namespace " << netns << " has no eth0 with an address";
    return {};
  }
  return {netns, addresses[0]["addr_info"][0]["local"], link["address"]};
}

void ExpectReaches(const Endpoint& from, const Endpoint& to) {
  EXPECT_TRUE(WaitFor([&] { return Ping(from, to); }, kSoonMs)) << from.ip << " to " << to.ip;
  TcpStream stream(from, to);
  EXPECT_TRUE(stream.Transfer(1 << 20)) << from.ip << " to " << to.ip;
  EXPECT_TRUE(stream.intact());
}

std::vector<std::pair<Endpoint, Endpoint>> PathsOf(const Endpoint& a, const Endpoint& b) {
  return {{a, b}, {b, a}, {a, Host()}, {Host(), b}, {b, Outside()}, {Outside(), a}};
}

std::set<std::string> LanState() {
  std::set<std::string> state;
  for (const char* shown : {"port show", "fdb show", "check"})
    AddLines(Machine().Xsw(shown).out, "", &state);
  for (const char* kernels : {"ip -o link show", "ls /run/netns"})
    AddLines(MustRun(kernels), "", &state);
  // Chains that all containers share stay; rules in them name one.
  for (const char* rules : {"-A CNI-DN", "-A CNI-FORWARD -s", "-A CNI-FORWARD -d"})
    AddLines(MustRun("iptables-save"), rules, &state);
  std::error_code error;
  for (const auto& file :
       fs::directory_iterator(std::string(kGivenAddresses) + "/" + kLan, error)) {
    const std::string name = file.path().filename();
    // Next to them: its lock, and which it has given last.
    if (name != "lock" && !name.starts_with("last_")) state.insert("given " + name);
  }
  return state;
}

std::string DifferenceFrom(const std::set<std::string>& before) {
  std::string changes;
  WaitFor([&] { return (changes = Changes(before, LanState())).empty(); }, kSoonMs);
  return changes;
}

}  // namespace xsw::test
