// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/state.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
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

// Below the sandbox's own /run, which is mounted over the machine's: what is below that one was
// there before, and goes when somebody else on the machine removes it.
void AddMounts(Snapshot* facts) {
  std::ifstream in("/proc/self/mountinfo");
  std::set<std::string> ours;  // ids; a mount comes after the one that it is in
  for (std::string line; std::getline(in, line);) {
    const Argv words = Words(line);  // id, that of the parent, device, root, where
    if (words.size() < 5) continue;
    if (words[4] == "/run") ours = {words[0]};
    if (!ours.contains(words[1])) continue;
    ours.insert(words[0]);
    facts->insert("mount " + words[4]);
  }
}

// Without an eswitch the host knows no namespace but those with a name: what was hidden in a mount
// or a file is gone. With one it depends on who has asked for whose number.
void AddNamelessNamespaces(Snapshot* facts) {
  std::istringstream in(RunCommand("ip netns list-id").out);
  for (std::string line; std::getline(in, line);) {
    if (line.find("name: ") == std::string::npos) facts->insert("a namespace without a name");
  }
}

void AddUplink(const std::string& uplink, Snapshot* facts) {
  AddLines(uplink + " accepts ", RunCommand("bridge fdb show dev " + uplink).out, facts);
  AddLines(uplink + " feature ", RunCommand("ethtool -k " + uplink).out, facts);
}

void AddAlive(const std::vector<BpfObject>& made, Snapshot* facts) {
  std::map<std::string, int> count;
  for (const BpfObject& object : made) {
    // What has been mended is history: Tree() leaves its pin out as well.
    if (object.name != "map xsw_health" && IsAlive(object))
      facts->insert(kAlive + object.name + " no. " + std::to_string(++count[object.name]));
  }
}

}  // namespace

Snapshot TakeState(const Topology& topology, const std::vector<BpfObject>& made) {
  Snapshot facts;
  AddShown(topology, &facts);
  for (const char* dir : {kTestBpffs, "/run/xsw"}) {
    for (const std::string& path : Tree(dir)) facts.insert(path);
  }
  const std::vector<Json> host = Links("");
  const std::vector<std::string> pins = Tree(kTestBpffs);
  for (const std::string& path : pins) {
    if (path.ends_with("/xsw_eswitch")) AddMapFacts(path.substr(0, path.rfind('/')), host, &facts);
  }
  // The top directory alone.
  if (pins.size() <= 1) AddNamelessNamespaces(&facts);
  for (const Json& link : host) AddLink("netdev ", link, &facts);
  for (const std::string& path : Tree("/run/netns"))
    AddLinks(std::filesystem::path(path).filename(), &facts);
  for (const std::string& place : ParkingPlaces()) {
    if (IsNamespace("/run/netns/" + place)) AddLinks(place, &facts);
  }
  AddMounts(&facts);
  AddAlive(made, &facts);
  for (const char* uplink : {kUplink, kFullUplink}) AddUplink(uplink, &facts);
  return facts;
}

}  // namespace xsw::test
