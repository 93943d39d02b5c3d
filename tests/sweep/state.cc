// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/state.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace xsw::test {
namespace {

// Numbers that the kernel gives, and what it computes some time later.
constexpr const char* kNotCompared[] = {"ifindex", "link_index", "link_netnsid", "operstate",
                                        "flags",   "xdp",        "linkmode"};

std::vector<Json> Links(const std::string& netns) {
  InNetns in(netns);
  const Json links = Json::parse(RunCommand("ip -d -j link show").out, nullptr, false);
  if (!links.is_array()) return {};
  return {links.begin(), links.end()};
}

bool HasFlag(const Json& link, const char* flag) {
  for (const Json& one : link["flags"]) {
    if (one == flag) return true;
  }
  return false;
}

// A fact for each attribute, so that a difference is short.
void AddLink(const std::string& where, const Json& link, Snapshot* facts) {
  const std::string name = where + link.value("ifname", "?") + ": ";
  Json fact = link;
  for (const char* key : kNotCompared) fact.erase(key);
  fact["up"] = HasFlag(link, "UP");
  fact["noarp"] = HasFlag(link, "NOARP");
  for (const auto& [key, value] : fact.items()) facts->insert(name + key + " " + value.dump());
  facts->insert(name + "programs" + ProgramNamesOn(link));
}

void AddLinks(const std::string& netns, Snapshot* facts) {
  const std::vector<Json> links = Links(netns);
  InNetns in(netns);
  for (const Json& link : links) AddLink("netdev " + netns + " ", link, facts);
}

// And not the bare file on which one is mounted.
bool IsNamespace(const std::string& path) {
  struct statfs info = {};
  return statfs(path.c_str(), &info) == 0 && info.f_type == NSFS_MAGIC;
}

void AddLines(const std::string& what, const std::string& text, Snapshot* facts) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) facts->insert(what + line);
}

// One process for them all.
void AddShown(const Topology& topology, Snapshot* facts) {
  constexpr char kBatch[] = "/run/show.batch";  // the sandbox's own
  std::ofstream(kBatch) << "eswitch show\nport show\nfdb show\nvlan show\nmdb show\n";
  const Result shown = topology.Xsw(std::string("-b ") + kBatch);
  AddLines("xsw: ", shown.out + shown.err, facts);
}

void AddMounts(Snapshot* facts) {
  std::ifstream in("/proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    const Argv words = Words(line);
    if (words.size() > 4 && words[4].starts_with("/run")) facts->insert("mount " + words[4]);
  }
}

void AddAlive(const std::vector<BpfObject>& made, Snapshot* facts) {
  std::map<std::string, int> count;
  for (const BpfObject& object : made) {
    if (IsAlive(object)) count[object.name]++;
  }
  for (const auto& [name, n] : count) facts->insert("alive: " + std::to_string(n) + " " + name);
}

}  // namespace

Snapshot TakeState(const Topology& topology, const std::vector<BpfObject>& made) {
  Snapshot facts;
  AddShown(topology, &facts);
  for (const char* dir : {kTestBpffs, "/run/xsw"}) {
    for (const std::string& path : Tree(dir)) facts.insert(path);
  }
  const std::vector<Json> host = Links("");
  for (const std::string& path : Tree(kTestBpffs)) {
    if (path.ends_with("/xsw_eswitch")) AddMapFacts(path.substr(0, path.rfind('/')), host, &facts);
  }
  for (const Json& link : host) AddLink("netdev ", link, &facts);
  for (const std::string& path : Tree("/run/netns"))
    AddLinks(std::filesystem::path(path).filename(), &facts);
  for (const std::string& place : ParkingPlaces()) {
    if (IsNamespace("/run/netns/" + place)) AddLinks(place, &facts);
  }
  AddMounts(&facts);
  AddAlive(made, &facts);
  AddLines("uplink accepts ", RunCommand(std::string("bridge fdb show dev ") + kUplink).out,
           &facts);
  AddLines("uplink feature ", RunCommand(std::string("ethtool -k ") + kUplink).out, &facts);
  return facts;
}

}  // namespace xsw::test
