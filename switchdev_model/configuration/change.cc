// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/change.h"

namespace xsw {
namespace {

template <typename T, typename U>
void Differ(const T& from, const T& to, std::optional<U>* change) {
  if (from != to) *change = to;
}

template <typename T>
void Differ(const std::optional<T>& from, const std::optional<T>& to, std::optional<T>* change) {
  if (to && from != to) *change = to;
}

// Whole: one word of VLANs does away with the others.
VlanChange Between(const PortVlans& from, const PortVlans& to) {
  VlanChange change;
  if (from == to) return change;
  change.novlan = to == PortVlans{};
  if (change.novlan) return change;
  if (to.qos) change.qos = to.qos;
  if (!to.trunk) {
    change.vlan = to.pvid;
    return change;
  }
  change.vlans = to.tagged;
  if (to.pvid != XSW_VLAN_NONE) change.pvid = to.pvid;
  return change;
}

PortDescription AsNetdev(PortDescription block) {
  const PortDescription fresh;
  block.port_class = XSW_CLASS_NETDEV;
  block.queues = fresh.queues;
  block.program = fresh.program;
  block.owner = fresh.owner;
  block.memory_max = fresh.memory_max;
  return block;
}

PolicyChange Between(const Policy& from, const Policy& to) {
  PolicyChange change{.vlan = Between(from.vlans, to.vlans)};
  Differ(from.rates.tx_max, to.rates.tx_max, &change.tx_max);
  Differ(from.rates.rx_max, to.rates.rx_max, &change.rx_max);
  Differ(from.rates.burst, to.rates.burst, &change.burst);
  Differ(from.spoofchk, to.spoofchk, &change.spoofchk);
  Differ(from.trust, to.trust, &change.trust);
  Differ(from.promisc, to.promisc, &change.promisc);
  Differ(from.allmulti, to.allmulti, &change.allmulti);
  Differ(from.isolated, to.isolated, &change.isolated);
  Differ(from.link, to.link, &change.link);
  return change;
}

}  // namespace

EswitchSettings Between(const SettingsDescription& from, const SettingsDescription& to) {
  EswitchSettings change;
  Differ(from.mode, to.mode, &change.mode);
  Differ(from.xdp, to.xdp, &change.xdp);
  Differ(from.rx_path, to.rx_path, &change.rx_path);
  Differ(from.host, to.host, &change.host);
  Differ(from.miss, to.miss, &change.miss);
  return change;
}

bool IsEmpty(const EswitchSettings& settings) { return Words(settings).empty(); }

FunctionChange Between(const PortDescription& from, const PortDescription& to) {
  // What is written down is wanted also before its container starts.
  FunctionChange change{.netns_may_come = true, .policy = Between(from.policy, to.policy)};
  Differ(from.port_class, to.port_class, &change.port_class);
  Differ(from.hw_addr, to.hw_addr, &change.hw_addr);
  Differ(from.ifname, to.ifname, &change.ifname);
  Differ(from.netns, to.netns, &change.netns);
  if (to.netns) Differ(from.active, to.active, &change.active);
  Differ(from.mtu, to.mtu, &change.mtu);
  // Another class has none of these, and forgets them.
  if (to.port_class != XSW_CLASS_QUEUES) return change;
  Differ(from.queues, to.queues, &change.queues);
  Differ(from.program, to.program, &change.program);
  Differ(from.owner, to.owner, &change.owner);
  Differ(from.memory_max, to.memory_max, &change.memory_max);
  return change;
}

bool IsEmpty(const FunctionChange& change) { return Words(change).empty(); }

std::vector<PortDescription> Path(const PortDescription& from, const PortDescription& to) {
  const bool block = from.port_class == XSW_CLASS_QUEUES && to.port_class == XSW_CLASS_QUEUES;
  const bool changes =
      from.port_class != to.port_class || from.queues != to.queues || from.program != to.program;
  const bool moves = block && (from.netns != to.netns || from.ifname != to.ifname);
  if (!changes && !moves) return {to};
  std::vector<PortDescription> path;
  PortDescription at = from;
  at.active = false;
  if (from.active) path.push_back(at);
  if (!changes) path.push_back(AsNetdev(at));
  at = to;
  at.active = false;
  path.push_back(at);
  if (to.active) path.push_back(to);
  return path;
}

PortSpec SpecOf(uint32_t sfnum, const PortDescription& port) {
  return {.sfnum = sfnum, .function = Between(PortDescription(), port)};
}

}  // namespace xsw
