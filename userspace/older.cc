// SPDX-License-Identifier: Apache-2.0
#include "userspace/older.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "userspace/link.h"
#include "userspace/mapped_array.h"
#include "userspace/netns.h"
#include "userspace/own_abi.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kPorts = XSW_MAX_PORTS + 1;

struct Eswitch4 {
  __u32 abi, ifindex;
  __u64 netns;
  __u8 mac[6], mode, xdp, rx_path, host, xdp_steers, xdp_wire, flags, miss, misses, promisc;
  __u32 fdb_generation, pad;
};
static_assert(sizeof(Eswitch4) == 40);

struct PortConf4 {
  __u32 present, sfnum, ifindex, mtu, master;
  __u8 port_class, program;
  __u16 queues;
  __s32 nsid;
  __u32 pad;
  __u64 steered_base;
  char representor[XSW_IFNAMSIZ], function[XSW_IFNAMSIZ], netns[XSW_NETNS_LEN];
  __u32 owner_uid, owner_gid;
};
static_assert(sizeof(PortConf4) == 144);

// xsw_stats of version 4 had no misses: its drops began where they are now, and drops[0], which is
// "not dropped", was always 0.
constexpr size_t kDropsOf4 = offsetof(xsw_stats, misses);

template <typename T>
absl::StatusOr<MappedArray<T>> MapOlder(const Older& from, const char* name) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenMap(from.state, name));
  return MappedArray<T>::Map(map.get(), kPorts);
}

// The namespace of "pid:N" that the function is in. Another has the process's number if they are
// not the same, or nobody can tell: then the user says it again.
absl::StatusOr<uint64_t> CookieOf(Netlink& nl, const PortConf4& conf) {
  if (!IsPid(conf.netns)) return 0;
  const absl::StatusOr<Fd> netns = OpenNetns(conf.netns);
  if (!netns.ok() || NetnsId(nl, *netns) != conf.nsid) return 0;
  return NetnsCookieOf(*netns);
}

absl::StatusOr<xsw_port_conf> FromPortConf4(Netlink& nl, const PortConf4& old, bool active) {
  xsw_port_conf conf{.present = old.present,
                     .sfnum = old.sfnum,
                     .ifindex = old.ifindex,
                     .mtu = old.mtu,
                     .master = old.master,
                     .port_class = old.port_class,
                     .program = old.program,
                     .queues = old.queues,
                     .nsid = old.nsid,
                     .active = active,
                     .steered_base = old.steered_base,
                     .owner_uid = old.owner_uid,
                     .owner_gid = old.owner_gid};
  std::memcpy(conf.representor, old.representor, sizeof(conf.representor));
  std::memcpy(conf.function, old.function, sizeof(conf.function));
  std::memcpy(conf.netns, old.netns, sizeof(conf.netns));
  XSW_ASSIGN_OR_RETURN(conf.netns_cookie, CookieOf(nl, old));
  return conf;
}

xsw_eswitch FromEswitch4(const Eswitch4& old, const Older& from) {
  const __u32 xdp = from.xdp ? XSW_ESWITCH_XDP : 0;
  xsw_eswitch eswitch{.ifindex = old.ifindex,
                      .netns = old.netns,
                      .flags = old.flags | xdp | XSW_ESWITCH_READY,
                      .mode = old.mode,
                      .xdp = old.xdp,
                      .rx_path = old.rx_path,
                      .host = old.host,
                      .xdp_steers = old.xdp_steers,
                      .xdp_wire = old.xdp_wire,
                      .miss = old.miss,
                      .misses = old.misses,
                      .promisc = old.promisc,
                      .tc = static_cast<__u8>(from.tcx ? XSW_TC_TCX : XSW_TC_CLSACT),
                      .mtu = from.uplink_mtu};
  std::memcpy(eswitch.mac, old.mac, sizeof(eswitch.mac));
  return eswitch;
}

}  // namespace

absl::Status ConvertEswitch(const Older& from, int to) {
  XSW_ASSIGN_OR_RETURN(Fd map, OpenMap(from.state, kEswitchMap));
  union {
    Eswitch4 four;
    xsw_eswitch later;
  } old = {};
  const __u32 zero = 0;
  if (bpf_map_lookup_elem(map.get(), &zero, &old)) return ErrnoStatus(errno, "read xsw_eswitch");
  xsw_eswitch eswitch = from.abi == 4 ? FromEswitch4(old.four, from) : old.later;
  eswitch.abi = OwnAbi();
  // Whatever a CPU remembers.
  eswitch.fdb_generation++;
  // Up to version 5 representors were quiet in every mode.
  if (from.abi <= 5 && eswitch.mode != XSW_MODE_LEGACY) eswitch.flags |= XSW_ESWITCH_MODE_CHANGES;
  if (bpf_map_update_elem(to, &zero, &eswitch, BPF_ANY))
    return ErrnoStatus(errno, "write xsw_eswitch");
  return absl::OkStatus();
}

absl::Status ConvertPort(const Older& from, int to) {
  XSW_ASSIGN_OR_RETURN(auto old, MapOlder<xsw_port>(from, kPortMap));
  XSW_ASSIGN_OR_RETURN(auto confs, MapOlder<PortConf4>(from, kPortConfMap));
  XSW_ASSIGN_OR_RETURN(auto ports, MappedArray<xsw_port>::Map(to, kPorts));
  for (size_t i = 0; i < kPorts; i++) {
    ports[i] = old[i];
    if (confs[i].mtu) ports[i].flags |= XSW_PORT_MTU;
  }
  return absl::OkStatus();
}

absl::Status ConvertPortConf(const Older& from, int to) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(auto old, MapOlder<PortConf4>(from, kPortConfMap));
  XSW_ASSIGN_OR_RETURN(auto ports, MapOlder<xsw_port>(from, kPortMap));
  XSW_ASSIGN_OR_RETURN(auto confs, MappedArray<xsw_port_conf>::Map(to, kPorts));
  for (size_t i = 0; i < kPorts; i++) {
    const bool active = ports[i].flags & XSW_PORT_ACTIVE;
    XSW_ASSIGN_OR_RETURN(confs[i], FromPortConf4(nl, old[i], active));
  }
  return absl::OkStatus();
}

xsw_stats ConvertStats(uint32_t abi, const xsw_stats& counted) {
  if (abi > 4) return counted;
  xsw_stats stats = counted;
  stats.misses = 0;
  std::memcpy(stats.drops, reinterpret_cast<const char*>(&counted) + kDropsOf4,
              sizeof(stats.drops));
  return stats;
}

}  // namespace xsw
