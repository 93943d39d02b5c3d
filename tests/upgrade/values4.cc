// SPDX-License-Identifier: Apache-2.0
#include "tests/upgrade/values4.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstring>
#include <vector>

#include "tests/veth/pins.h"

namespace xsw::test {
namespace {

// bpf/abi.h of version 4, with its offsets written out: not the declarations that are under test.
class Value {
 public:
  explicit Value(size_t size) : bytes_(size) {}
  template <typename T>
  void Put(size_t at, const T& value) {
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
  }
  void Write(int map, __u32 key) const {
    Must(bpf_map_update_elem(map, &key, bytes_.data(), BPF_ANY) == 0, "write a value of version 4");
  }

 private:
  std::vector<char> bytes_;
};

constexpr __u8 kFlagsOf4 = XSW_ESWITCH_PROMISC | XSW_ESWITCH_RXVLAN_OFF | XSW_ESWITCH_ALLMULTI;
constexpr size_t kWordsBeforeDrops = 16;

// Each CPU's counters. Version 4 had no misses, and 32 drops in their place.
struct Cpu {
  __u64 words[sizeof(xsw_stats) / sizeof(__u64)];
};

}  // namespace

void WriteEswitch4(int map) {
  const auto now = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  Value value(40);
  value.Put(0, __u32{4});
  value.Put(4, now.ifindex);
  value.Put(8, now.netns);
  value.Put(16, now.mac);
  value.Put(22, now.mode);
  value.Put(23, now.xdp);
  value.Put(24, now.rx_path);
  value.Put(25, now.host);
  value.Put(26, now.xdp_steers);
  value.Put(27, now.xdp_wire);
  value.Put(28, static_cast<__u8>(now.flags & kFlagsOf4));
  value.Put(29, now.miss);
  value.Put(30, now.misses);
  value.Put(31, now.promisc);
  value.Put(32, now.fdb_generation);
  value.Write(map, 0);
}

void WritePorts4(int ports, int confs) {
  const Fd ports_now = OpenPin("xsw_port"), confs_now = OpenPin("xsw_port_conf");
  for (__u32 i = 0; i <= XSW_MAX_PORTS; i++) {
    xsw_port port = {};
    xsw_port_conf now = {};
    Must(bpf_map_lookup_elem(ports_now.get(), &i, &port) == 0, "read a port");
    Must(bpf_map_lookup_elem(confs_now.get(), &i, &now) == 0, "read a port's description");
    port.flags &= ~XSW_PORT_MTU;
    Must(bpf_map_update_elem(ports, &i, &port, BPF_ANY) == 0, "write a port of version 4");
    Value value(144);
    value.Put(0, now.present);
    value.Put(4, now.sfnum);
    value.Put(8, now.ifindex);
    value.Put(12, now.mtu);
    value.Put(16, now.master);
    value.Put(20, now.port_class);
    value.Put(21, now.program);
    value.Put(22, now.queues);
    value.Put(24, now.nsid);
    value.Put(32, now.steered_base);
    value.Put(40, now.representor);
    value.Put(56, now.function);
    value.Put(72, now.netns);
    value.Put(136, now.owner_uid);
    value.Put(140, now.owner_gid);
    value.Write(confs, i);
  }
}

void WriteStats4(int map) {
  std::vector<Cpu> now(libbpf_num_possible_cpus());
  const Fd stats = OpenPin("xsw_stats");
  for (__u32 i = 0; i <= XSW_MAX_PORTS; i++) {
    Must(bpf_map_lookup_elem(stats.get(), &i, now.data()) == 0, "read counters");
    for (Cpu& cpu : now) {
      std::memmove(&cpu.words[kWordsBeforeDrops], &cpu.words[kWordsBeforeDrops + 1],
                   sizeof(cpu.words) - (kWordsBeforeDrops + 1) * sizeof(__u64));
      cpu.words[std::size(cpu.words) - 1] = 0;
    }
    Must(bpf_map_update_elem(map, &i, now.data(), BPF_ANY) == 0, "write counters of version 4");
  }
}

}  // namespace xsw::test
