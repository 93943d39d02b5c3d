// SPDX-License-Identifier: Apache-2.0
// The pinned state of an eswitch, read and written past xsw: for what a killed command, another
// version or an administrator leaves.
//
//   xsw_eswitch state = Peek<xsw_eswitch>("xsw_eswitch", 0u);
//   Poke("xsw_fdb", key, xsw_fdb_entry{.port = 1, .flags = XSW_FDB_STATIC});
//   Unpin("link_xsw_uplink_rx");
#ifndef XSW_TESTS_VETH_PINS_H_
#define XSW_TESTS_VETH_PINS_H_

#include <bpf/bpf.h>

#include <optional>
#include <string>
#include <vector>

#include "bpf/abi.h"
#include "tests/veth/sandbox.h"
#include "tests/veth/topology.h"

namespace xsw::test {

// The directories below kTestBpffs that hold an eswitch's maps and programs.
std::vector<std::string> StateDirs();
// That of the eswitch on this netdev of the calling thread's namespace, however it is named, and
// the eswitch's own directory, which has the links. Die without one.
std::string StateDir(const std::string& uplink = kUplink);
std::string EswitchPath(const std::string& uplink = kUplink);

// A pin of up0's eswitch, by its name below either.
std::string PathOfPin(const std::string& name);
// A pinned map of up0's eswitch. Dies without one.
Fd OpenPin(const std::string& name);
// Removes a pin of up0's eswitch, as `rm` does.
void Unpin(const std::string& name);

// The same, until the program has left its netdev, a moment after its last pin.
void TakeOff(const std::string& dev, const std::string& pin);

template <typename Key>
bool Has(const std::string& map, const Key& key) {
  char value[1024];
  return bpf_map_lookup_elem(OpenPin(map).get(), &key, value) == 0;
}

template <typename Value, typename Key>
Value Peek(const std::string& map, const Key& key) {
  Value value = {};
  Must(bpf_map_lookup_elem(OpenPin(map).get(), &key, &value) == 0, "read " + map);
  return value;
}

template <typename Key, typename Value>
void Poke(const std::string& map, const Key& key, const Value& value) {
  Must(bpf_map_update_elem(OpenPin(map).get(), &key, &value, BPF_ANY) == 0, "write " + map);
}

template <typename Key, typename Value>
void PokeAll(const std::string& map, const std::vector<Key>& keys, const Value& value) {
  const std::vector<Value> values(keys.size(), value);
  auto count = static_cast<__u32>(keys.size());
  Must(!bpf_map_update_batch(OpenPin(map).get(), keys.data(), values.data(), &count, nullptr),
       "fill " + map);
}
// So many entries in up0's table of groups; how it has become so full is of no matter.
void FillMdb(uint32_t entries);

// Writes another version into the state in this directory: in place, or in a map of another size
// that takes its place.
void SetAbi(const std::string& state_dir, uint32_t abi,
            std::optional<uint32_t> value_size = std::nullopt);

xsw_fdb_key FdbKeyOf(const Mac& mac, uint16_t vlan = 0);

// Of the test itself, below this directory.
std::vector<std::string> MountsBelow(const std::string& dir);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_PINS_H_
