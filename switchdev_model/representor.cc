// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/representor.h"

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/queues.h"
#include "switchdev_model/stats.h"
#include "switchdev_model/words.h"
#include "userspace/ethtool.h"
#include "userspace/netdev.h"
#include "userspace/queues.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kRx[] = "xsw_port_rx";
constexpr char kTx[] = "xsw_port_tx";
constexpr uint32_t kRepresentorSalt = 1;  // 0 is the function's own default address

absl::Status AttachProgram(Eswitch& eswitch, uint32_t port, const std::string& name, TcHook hook) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  XSW_ASSIGN_OR_RETURN(Fd program, eswitch.datapath().Program(name));
  return AttachTc(eswitch.tc(), program.get(), conf.ifindex, hook, eswitch.PortPin(port, name),
                  absl::StrCat("attach ", name, " to ", conf.representor));
}

void DetachPrograms(Eswitch& eswitch, uint32_t port) {
  const int ifindex = eswitch.datapath().confs()[port].ifindex;
  DetachTc(eswitch.tc(), ifindex, TcHook::kIngress, eswitch.PortPin(port, kRx)).IgnoreError();
  DetachTc(eswitch.tc(), ifindex, TcHook::kEgress, eswitch.PortPin(port, kTx)).IgnoreError();
}

NetdevPair PairOf(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  return {.representor = conf.representor,
          .altname = RepresentorAltName(eswitch.uplink().name, conf.sfnum),
          .representor_mac = RepresentorMac(eswitch, conf),
          .function = place.ifname,
          .function_mac = MacFrom(eswitch.datapath().ports()[port].hw_addr),
          .mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu};
}

absl::StatusOr<Link> MakeOnePair(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  const NetdevPair pair = PairOf(eswitch, port, place);
  if (!IsQueues(eswitch, port)) return MakeNetdevPair(eswitch.nl(), pair, place.netns);
  return MakeQueuesPair(eswitch.nl(), pair, place.netns, eswitch.datapath().confs()[port].queues,
                        QueuesIfindex(port));
}

// Until the representor's ifindex has a slot of its own in xsw_rep; the kernel counts ifindices up.
absl::StatusOr<Link> MakePair(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  for (;;) {
    XSW_ASSIGN_OR_RETURN(Link link, MakeOnePair(eswitch, port, place));
    if (eswitch.datapath().RepresentorFits(link.ifindex)) return link;
    XSW_RETURN_IF_ERROR(DeleteLink(eswitch.nl(), link.ifindex, "give up a taken slot"));
  }
}

// Last, when all rules are in place. One whose link is disabled is down, but as quiet.
absl::Status SetUp(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const int ifindex = static_cast<int>(conf.ifindex);
  XSW_RETURN_IF_ERROR(SetUpQuietly(eswitch.nl(), ifindex, conf.representor));
  if (IsQueues(eswitch, port)) XSW_RETURN_IF_ERROR(SetThreadedNapi(conf.representor, ifindex));
  if (!(eswitch.datapath().ports()[port].flags & XSW_PORT_LINK_OFF)) return absl::OkStatus();
  return ChangeLink(eswitch.nl(), ifindex, {.up = false},
                    absl::StrCat("disable link of ", conf.representor));
}

}  // namespace

absl::Status MakeRepresentor(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  XSW_ASSIGN_OR_RETURN(Link link, MakePair(eswitch, port, place));
  conf.ifindex = link.ifindex;
  conf.nsid = link.peer_netns.value_or(-1);
  absl::Cleanup undo = [&] { RemoveRepresentor(eswitch, port).IgnoreError(); };
  XSW_RETURN_IF_ERROR(AttachProgram(eswitch, port, kRx, TcHook::kIngress));
  XSW_RETURN_IF_ERROR(AttachProgram(eswitch, port, kTx, TcHook::kEgress));
  if (IsQueues(eswitch, port)) XSW_RETURN_IF_ERROR(StartQueues(eswitch, port, place.netns));
  XSW_RETURN_IF_ERROR(eswitch.datapath().SetRepresentor(port, link.ifindex));
  XSW_ASSIGN_OR_RETURN(xsw_stats stats, eswitch.datapath().Stats(port));
  conf.steered_base = SteeredFrames(stats);
  XSW_RETURN_IF_ERROR(SetUp(eswitch, port));
  std::move(undo).Cancel();
  return absl::OkStatus();
}

absl::Status RemoveRepresentor(Eswitch& eswitch, uint32_t port) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  if (conf.ifindex) {
    absl::Status status = DeleteLink(eswitch.nl(), static_cast<int>(conf.ifindex),
                                     absl::StrCat("delete ", conf.representor));
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  eswitch.datapath().ClearRepresentor(port, conf.ifindex);
  DetachPrograms(eswitch, port);
  conf.ifindex = 0;
  return IsQueues(eswitch, port) ? StopQueues(eswitch, port) : absl::OkStatus();
}

Mac RepresentorMac(const Eswitch& eswitch, const xsw_port_conf& conf) {
  return DerivedMac(eswitch.uplink().mac, conf.sfnum, kRepresentorSalt);
}

absl::Status CheckRepresentorNames(Eswitch& eswitch, const xsw_port_conf& conf,
                                   const std::string& what) {
  const std::string altname = RepresentorAltName(eswitch.uplink().name, conf.sfnum);
  for (const std::string& name : {std::string(conf.representor), altname}) {
    if (GetLink(eswitch.nl(), name).ok())
      return absl::AlreadyExistsError(absl::StrCat(what, ": name ", name, " is taken"));
  }
  return absl::OkStatus();
}

}  // namespace xsw
