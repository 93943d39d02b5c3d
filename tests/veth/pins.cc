// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/pins.h"

#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr char kState[] = "/xsw_eswitch";

// Longer than any version's.
struct Value {
  uint32_t words[64] = {};
};

Value Read(const Fd& map) {
  const uint32_t zero = 0;
  Value value;
  Must(map && bpf_map_lookup_elem(map.get(), &zero, value.words) == 0, "read xsw_eswitch");
  return value;
}

Fd OpenMap(const std::string& path) {
  Fd map(bpf_obj_get(path.c_str()));
  Must(static_cast<bool>(map), "open " + path);
  return map;
}

}  // namespace

std::vector<std::string> StateDirs() {
  std::vector<std::string> dirs;
  for (const std::string& path : Tree(kTestBpffs)) {
    if (path.ends_with(kState)) dirs.push_back(path.substr(0, path.rfind('/')));
  }
  return dirs;
}

std::string StateDir(const std::string& uplink) {
  for (const std::string& dir : StateDirs()) {
    if (Read(OpenMap(dir + kState)).words[1] == if_nametoindex(uplink.c_str())) return dir;
  }
  Die(uplink + " has no eswitch");
}

std::string EswitchPath(const std::string& uplink) {
  const std::string state = StateDir(uplink);
  return state.substr(0, state.rfind('/'));
}

std::string PathOfPin(const std::string& name) {
  return (name.starts_with("xsw_") ? StateDir() : EswitchPath()) + "/" + name;
}

Fd OpenPin(const std::string& name) { return OpenMap(PathOfPin(name)); }

void Unpin(const std::string& name) {
  const std::string path = PathOfPin(name);
  Must(unlink(path.c_str()) == 0, "remove " + path);
}

void SetAbi(const std::string& state_dir, uint32_t abi, std::optional<uint32_t> value_size) {
  const std::string path = state_dir + kState;
  Fd map = OpenMap(path);
  Value value = Read(map);
  value.words[0] = abi;
  if (value_size) {
    const bpf_map_create_opts opts = {.sz = sizeof(opts), .map_flags = BPF_F_MMAPABLE};
    map = Fd(bpf_map_create(BPF_MAP_TYPE_ARRAY, "xsw_eswitch", 4, *value_size, 1, &opts));
    Must(map && unlink(path.c_str()) == 0 && bpf_obj_pin(map.get(), path.c_str()) == 0,
         "replace " + path);
  }
  const uint32_t zero = 0;
  Must(bpf_map_update_elem(map.get(), &zero, value.words, BPF_ANY) == 0, "write " + path);
}

void TakeOff(const std::string& dev, const std::string& pin) {
  const std::string before = ProgramsOn(dev);
  Unpin(pin);
  // The kernel does so when all that use RCU have paused: on a busy machine that is seconds.
  Must(WaitFor([&] { return ProgramsOn(dev) != before; }, 60000 * Patience()),
       "take " + pin + " off " + dev);
}

void FillMdb(uint32_t entries) {
  std::vector<xsw_mdb_key> keys(entries);
  for (size_t i = 0; i < keys.size(); i++)
    keys[i] = {.mac = {0x33, 0x33, 0, 0, static_cast<__u8>(i >> 8), static_cast<__u8>(i)},
               .port = 1};
  PokeAll("xsw_mdb", keys, 1u);
}

xsw_fdb_key FdbKeyOf(const Mac& mac, uint16_t vlan) {
  xsw_fdb_key key = {.vlan = vlan};
  std::copy(mac.begin(), mac.end(), key.mac);
  return key;
}

std::vector<std::string> MountsBelow(const std::string& dir) {
  std::vector<std::string> mounts;
  std::ifstream in("/proc/self/mountinfo");
  for (std::string line; std::getline(in, line);) {
    // "36 35 0:4 net:[4026532000] /run/xsw/... rw - nsfs nsfs rw": the fifth word.
    std::istringstream words(line);
    std::string path;
    for (int i = 0; i < 5; i++) words >> path;
    if (path.starts_with(dir + "/")) mounts.push_back(path);
  }
  return mounts;
}

}  // namespace xsw::test
