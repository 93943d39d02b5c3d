// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/snapshot.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <sstream>

#include "abi.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

constexpr char kNetnsDir[] = "/run/netns";

// Of 6.6; Debian 12's header is of 6.1.
constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);
constexpr auto kTcxEgress = static_cast<bpf_attach_type>(47);

Json IpLinks(const std::string& netns, const std::string& more = "") {
  InNetns in(netns);
  Result result = RunCommand("ip -d -j link show " + more);
  Json links = Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  return links.is_array() ? links : Json::array();
}

void AddLinks(Snapshot& facts, const std::string& netns) {
  for (const Json& link : IpLinks(netns)) facts.insert("netns " + netns + ": " + link.dump());
}

void AddLines(Snapshot& facts, const std::string& what, const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) facts.insert(what + ": " + line);
}

std::string Hex(const std::vector<uint8_t>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : bytes) text += {kDigits[byte >> 4], kDigits[byte & 15]};
  return text;
}

bool IsZero(const std::vector<uint8_t>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; });
}

// It says that the FDB may have changed, and every writing command counts it up.
void HideGeneration(std::vector<uint8_t>* eswitch) {
  for (size_t i = 0; i < sizeof(xsw_eswitch::fdb_generation); i++)
    (*eswitch)[offsetof(xsw_eswitch, fdb_generation) + i] = 0;
}

// Elements that are there and not all zero.
void AddMap(Snapshot& facts, const std::string& pin) {
  Fd map(bpf_obj_get(pin.c_str()));
  bpf_map_info info = {};
  __u32 len = sizeof(info);
  if (!map || bpf_obj_get_info_by_fd(map.get(), &info, &len)) return;
  std::vector<uint8_t> key(info.key_size), value(info.value_size);
  const void* previous = nullptr;
  // All that these tests write comes first in an array.
  for (int i = 0; i < 100 && !bpf_map_get_next_key(map.get(), previous, key.data()); i++) {
    previous = key.data();
    if (bpf_map_lookup_elem(map.get(), key.data(), value.data())) continue;
    if (pin.ends_with("/xsw_eswitch")) HideGeneration(&value);
    if (IsZero(value)) continue;
    facts.insert(pin + ": " + Hex(key) + " -> " + Hex(value));
  }
}

bool IsSettingsMap(const std::string& path) {
  for (const char* name : {"eswitch", "port", "port_conf", "fdb", "rep", "dev_xdp", "dev_tc"}) {
    if (path.ends_with("/xsw_" + std::string(name))) return true;
  }
  return false;
}

std::string ProgramIds(int ifindex, bpf_attach_type hook, const char* name) {
  __u32 ids[16], count = 16, flags = 0;
  if (bpf_prog_query(ifindex, hook, 0, &flags, ids, &count)) return "";
  std::string text;
  for (__u32 i = 0; i < count; i++) text += " " + std::string(name) + " " + std::to_string(ids[i]);
  return text;
}

std::string ProgramsOf(const Json& link) {
  const int ifindex = link.value("ifindex", 0);
  std::string xdp;
  if (link.contains("xdp")) xdp = " xdp " + link["xdp"]["prog"]["id"].dump();
  const std::string all =
      xdp + ProgramIds(ifindex, kTcxIngress, "ingress") + ProgramIds(ifindex, kTcxEgress, "egress");
  return all.empty() ? all : all.substr(1);
}

}  // namespace

std::vector<std::string> Tree(const std::string& dir) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(dir, error)) {
    // What has been mended is history, as counters are.
    if (entry.path().filename() != "xsw_health") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> ParkingPlaces() {
  std::vector<std::string> places;
  for (const std::string& path : Tree("/run/xsw")) {
    if (path.ends_with(".netns")) places.push_back("../.." + path);
  }
  return places;
}

std::string ProgramsOn(const std::string& dev) { return ProgramsOf(LinkOf("", dev)); }

Json LinkOf(const std::string& netns, const std::string& dev) {
  const Json links = IpLinks(netns, "dev " + dev);
  return links.empty() ? Json() : links[0];
}

std::set<std::string> UnicastList(const std::string& dev) {
  std::set<std::string> list;
  for (const Json& entry : Json::parse(MustRun("bridge -j fdb show dev " + dev))) {
    const std::string mac = entry["mac"];
    if ((std::stoi(mac.substr(0, 2), nullptr, 16) & 1) == 0) list.insert(mac);
  }
  return list;
}

Snapshot TakeSnapshot(const Topology& topology, SnapshotOptions options) {
  Snapshot facts;
  for (const char* show : {"-j port show", "-j fdb show", "-j eswitch show"}) {
    const Result result = topology.Xsw(show);
    facts.insert(result.out + result.err);
  }
  for (const char* dir : {kTestBpffs, "/run/xsw"}) {
    for (const std::string& path : Tree(dir)) {
      facts.insert(path);
      if (IsSettingsMap(path)) AddMap(facts, path);
    }
  }
  for (const std::string& path : Tree(kNetnsDir)) AddLinks(facts, fs::path(path).filename());
  for (const std::string& place : ParkingPlaces()) AddLinks(facts, place);
  for (const Json& link : IpLinks(""))
    facts.insert(link.dump() + " with programs " + ProgramsOf(link));
  if (options.netns_ids) AddLines(facts, "netns id", RunCommand("ip netns list-id").out);
  AddLines(facts, "uplink accepts", RunCommand(std::string("bridge fdb show dev ") + kUplink).out);
  return facts;
}

std::string Changes(const Snapshot& before, const Snapshot& after) {
  std::string text;
  for (const std::string& fact : before) {
    if (!after.contains(fact)) text += "- " + fact + "\n";
  }
  for (const std::string& fact : after) {
    if (!before.contains(fact)) text += "+ " + fact + "\n";
  }
  return text;
}

}  // namespace xsw::test
