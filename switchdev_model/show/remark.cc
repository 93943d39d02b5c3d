// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/remark.h"

#include <linux/if_ether.h>

#include <algorithm>
#include <set>

#include "switchdev_model/policy/policy.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/tables/fdb.h"
#include "userspace/ethtool.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// The frame as the programs have seen it, and what they have done.
struct Way {
  uint32_t from;
  Mac dst;
  uint16_t vlan;
  bool admitted;     // always, from the wire
  bool hit = false;  // the FDB has the destination
  bool to_wire = false;
  bool rises = false;           // on the sender's representor
  std::set<uint32_t> met;       // ports that it was sent to, or dropped at
  std::set<uint32_t> sent;      // the former
  std::set<uint32_t> sent_xdp;  // those by XDP
};

// Of the first tag whose ID is not 0, as bpf/vlan.h has it.
uint16_t VlanOfFrame(const std::vector<uint8_t>& frame) {
  for (size_t at = 12; at + 4 <= frame.size(); at += 4) {
    const int type = frame[at] << 8 | frame[at + 1];
    if (type != ETH_P_8021Q && type != ETH_P_8021AD) break;
    const int vlan = (frame[at + 2] << 8 | frame[at + 3]) & XSW_VLAN_MASK;
    if (vlan) return static_cast<uint16_t>(vlan | (type == ETH_P_8021AD ? XSW_VLAN_AD : 0));
  }
  return 0;
}

void WalkStep(const FrameStep& step, bool xdp, Way* way) {
  if (step.what == XSW_STEP_ADMIT) {
    way->admitted = true;
    way->vlan = step.vlan;
  }
  way->hit |= step.what == XSW_STEP_HIT;
  way->to_wire |= step.what == XSW_STEP_TO_WIRE;
  way->rises |= step.what == XSW_STEP_TO_STACK && step.port != XSW_UPLINK;
  if (step.what == XSW_STEP_TO_PORT || step.what == XSW_STEP_DROP) way->met.insert(step.port);
  if (step.what == XSW_STEP_TO_PORT) (xdp ? way->sent_xdp : way->sent).insert(step.port);
}

Way WayOf(uint32_t port, const std::vector<uint8_t>& frame, const std::vector<Explained>& parts) {
  Way way{.from = port, .vlan = VlanOfFrame(frame), .admitted = port == XSW_UPLINK};
  std::copy_n(frame.begin(), way.dst.size(), way.dst.begin());
  for (const Explained& part : parts)
    for (const FrameStep& step : part.steps) WalkStep(step, part.is_xdp, &way);
  return way;
}

bool IsRunning(const Link& link) { return link.up() && (link.flags & IFF_RUNNING); }

absl::StatusOr<bool> GroIsOff(Eswitch& eswitch, uint32_t port) {
  const int ifindex = static_cast<int>(eswitch.datapath().confs()[port].ifindex);
  XSW_ASSIGN_OR_RETURN(const Link representor, GetLink(eswitch.nl(), ifindex));
  XSW_ASSIGN_OR_RETURN(const Link function, GetFunction(eswitch.nl(), representor));
  absl::StatusOr<Fd> netns = FunctionNetns(eswitch.nl(), representor);
  if (absl::IsNotFound(netns.status())) return false;  // nobody can look there
  if (!netns.ok()) return netns.status();
  XSW_ASSIGN_OR_RETURN(const bool on,
                       InNetns(*netns, [&] { return HasFeature(function.ifindex, "rx-gro"); }));
  return !on;
}

absl::Status RemarkNetdev(Eswitch& eswitch, const Way& way, const PortInfo& port,
                          std::vector<Remark>* remarks) {
  if (port.netdev_up == false) remarks->push_back({Remark::kRepresentorDown, port.index});
  if (port.active && port.function_up == false)
    remarks->push_back({Remark::kFunctionDown, port.index});
  const bool has_stack = ClassOf(port.port_class).facts.has_stack;
  if (!way.sent_xdp.count(port.index) || !port.function_up || !has_stack) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const bool gro_off, GroIsOff(eswitch, port.index));
  if (gro_off) remarks->push_back({Remark::kGroOff, port.index});
  return absl::OkStatus();
}

absl::Status RemarkNetdevs(Eswitch& eswitch, const Way& way, std::vector<Remark>* remarks) {
  std::vector<uint32_t> on_the_way(way.sent.begin(), way.sent.end());
  on_the_way.insert(on_the_way.end(), way.sent_xdp.begin(), way.sent_xdp.end());
  if (way.from != XSW_UPLINK) on_the_way.insert(on_the_way.begin(), way.from);
  if ((way.from == XSW_UPLINK || way.to_wire) && !IsRunning(eswitch.uplink()))
    remarks->push_back({Remark::kUplinkDown, XSW_UPLINK});
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> ports, GetPorts(eswitch, on_the_way));
  for (const PortInfo& port : ports) XSW_RETURN_IF_ERROR(RemarkNetdev(eswitch, way, port, remarks));
  if (!way.rises) return absl::OkStatus();
  const int ifindex = static_cast<int>(eswitch.datapath().confs()[way.from].ifindex);
  XSW_ASSIGN_OR_RETURN(const Link representor, GetLink(eswitch.nl(), ifindex));
  if (!representor.master) remarks->push_back({Remark::kNoBridge, way.from});
  return absl::OkStatus();
}

absl::Status RemarkElsewhere(Eswitch& eswitch, const Way& way, std::vector<Remark>* remarks) {
  if (way.hit || way.dst == MacFrom(eswitch.config().mac)) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> rows, FdbShow(eswitch));
  for (const FdbRow& row : rows)
    if (row.mac == way.dst) remarks->push_back({Remark::kElsewhere, row.port, row.vlan});
  return absl::OkStatus();
}

// In the order of the rules in bpf/flood.h.
Remark::Kind WhySkipped(Eswitch& eswitch, const Way& way, uint32_t port) {
  const Policy sender = way.from == XSW_UPLINK ? Policy{} : GetPolicy(eswitch, way.from);
  const Policy policy = GetPolicy(eswitch, port);
  if (port == way.from) return Remark::kSkipsSender;
  if (sender.isolated) return Remark::kSkipsAllOfIsolated;
  if (!(eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE)) return Remark::kSkipsInactive;
  if (!Carries(policy.vlans, way.vlan)) return Remark::kSkipsVlan;
  if (way.from != XSW_UPLINK && policy.isolated) return Remark::kSkipsIsolated;
  return Remark::kSkipsNoMember;
}

bool IsLinkLocal(const Mac& mac) {
  return mac[0] == 0x01 && mac[1] == 0x80 && mac[2] == 0xc2 && !mac[3] && !mac[4] && mac[5] < 16;
}

void RemarkSkipped(Eswitch& eswitch, const Way& way, std::vector<Remark>* remarks) {
  if (IsLinkLocal(way.dst)) return;
  for (uint32_t port : PortIndices(eswitch))
    if (!way.met.count(port)) remarks->push_back({WhySkipped(eswitch, way, port), port, way.vlan});
}

}  // namespace

absl::StatusOr<std::vector<Remark>> Remarks(Eswitch& eswitch, uint32_t port,
                                            const std::vector<uint8_t>& frame,
                                            const std::vector<Explained>& parts) {
  const Way way = WayOf(port, frame, parts);
  std::vector<Remark> remarks;
  XSW_RETURN_IF_ERROR(RemarkNetdevs(eswitch, way, &remarks));
  // In the other modes the tables have no say.
  if (!way.admitted || eswitch.config().mode != XSW_MODE_LEGACY) return remarks;
  if (way.dst[0] & 1) {
    RemarkSkipped(eswitch, way, &remarks);
  } else {
    XSW_RETURN_IF_ERROR(RemarkElsewhere(eswitch, way, &remarks));
  }
  return remarks;
}

}  // namespace xsw
