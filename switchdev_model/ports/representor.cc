// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/representor.h"

#include <atomic>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/ports/expedited.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/quiet.h"
#include "switchdev_model/show/stats.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/version/programs.h"
#include "switchdev_model/words.h"
#include "userspace/ethtool.h"
#include "userspace/netdev.h"
#include "userspace/quiet.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint32_t kRepresentorSalt = 1;  // 0 is the function's own default address

absl::StatusOr<bool> IsAttached(Eswitch& eswitch, uint32_t port, const std::string& name,
                                TcHook hook) {
  const int ifindex = static_cast<int>(eswitch.datapath().confs()[port].ifindex);
  return HasTcProgram(eswitch, name, ifindex, hook);
}

// True: it was not there.
absl::StatusOr<bool> AttachProgram(Eswitch& eswitch, uint32_t port, const std::string& name,
                                   TcHook hook) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const int ifindex = static_cast<int>(conf.ifindex);
  XSW_ASSIGN_OR_RETURN(const bool there, IsAttached(eswitch, port, name, hook));
  if (there) return false;
  XSW_ASSIGN_OR_RETURN(Fd program, ProgramToAttach(eswitch, name));
  XSW_RETURN_IF_ERROR(AttachTc(eswitch.tc(), program.get(), ifindex, hook,
                               eswitch.PortPin(port, name),
                               absl::StrCat("attach ", name, " to ", conf.representor)));
  return true;
}

absl::Status DetachPrograms(Eswitch& eswitch, uint32_t port, int ifindex) {
  absl::Status first =
      DetachTc(eswitch.tc(), ifindex, TcHook::kIngress, eswitch.PortPin(port, kPortRx));
  first.Update(DetachTc(eswitch.tc(), ifindex, TcHook::kEgress, eswitch.PortPin(port, kPortTx)));
  return first;
}

// Its address: derived, so that it is the same when the pair is made anew.
Mac RepresentorMac(const Mac& uplink, const xsw_port_conf& conf) {
  return DerivedMac(uplink, conf.sfnum, kRepresentorSalt);
}

absl::StatusOr<Link> HalfMade(Eswitch& eswitch, const xsw_port_conf& conf) {
  XSW_ASSIGN_OR_RETURN(Link link, GetLink(eswitch.nl(), conf.representor));
  if (IsHalfMade(link, conf, eswitch.uplink().mac)) return link;
  return absl::NotFoundError(absl::StrCat(conf.representor, " is somebody else's"));
}

absl::Status DeletePair(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  absl::StatusOr<Link> link = RepresentorOf(eswitch, port);
  if (absl::IsNotFound(link.status())) link = HalfMade(eswitch, conf);
  if (absl::IsNotFound(link.status())) return absl::OkStatus();
  if (!link.ok()) return link.status();
  absl::Status status =
      DeleteLink(eswitch.nl(), link->ifindex, absl::StrCat("delete ", conf.representor));
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

NetdevPair PairOf(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  return {.representor = conf.representor,
          .altname = RepresentorAltName(eswitch.uplink().name, conf.sfnum),
          .representor_mac = RepresentorMac(eswitch.uplink().mac, conf),
          .function = place.ifname,
          .function_mac = MacFrom(eswitch.datapath().ports()[port].hw_addr),
          .mtu = conf.mtu ? conf.mtu : eswitch.uplink().mtu};
}

// Until the representor's ifindex has a slot of its own in xsw_rep; the kernel counts ifindices up.
absl::StatusOr<Link> MakePair(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  const NetdevPair pair = PairOf(eswitch, port, place);
  for (;;) {
    XSW_ASSIGN_OR_RETURN(Link link,
                         ClassOf(eswitch, port).MakePair(eswitch, port, pair, place.netns));
    if (eswitch.datapath().RepresentorFits(link.ifindex)) return link;
    XSW_RETURN_IF_ERROR(DeleteLink(eswitch.nl(), link.ifindex, "give up a taken slot"));
  }
}

// When all rules are in place. One whose link is disabled is down, but as quiet.
absl::Status SetUp(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const int ifindex = static_cast<int>(conf.ifindex);
  if (IsQuiet(eswitch)) {
    XSW_RETURN_IF_ERROR(SetUpQuietly(eswitch.nl(), ifindex, conf.representor));
  } else {
    XSW_RETURN_IF_ERROR(ChangeLink(eswitch.nl(), ifindex, {.up = true},
                                   absl::StrCat("set ", conf.representor, " up")));
  }
  XSW_RETURN_IF_ERROR(ClassOf(eswitch, port).Finish(eswitch, port));
  if (!(eswitch.datapath().ports()[port].flags & XSW_PORT_LINK_OFF)) return absl::OkStatus();
  return ChangeLink(eswitch.nl(), ifindex, {.up = false},
                    absl::StrCat("disable link of ", conf.representor));
}

// Of one that is made anew; the bridge may be gone too.
void RejoinBridge(Eswitch& eswitch, const xsw_port_conf& conf) {
  if (!conf.master) return;
  ChangeLink(eswitch.nl(), static_cast<int>(conf.ifindex),
             {.master = static_cast<int>(conf.master)}, "rejoin bridge")
      .IgnoreError();
}

}  // namespace

bool IsHalfMade(const Link& link, const xsw_port_conf& conf, const Mac& uplink) {
  return link.kind == "veth" && link.mac == RepresentorMac(uplink, conf);
}

absl::StatusOr<bool> IsRepresentorOf(Eswitch& eswitch, uint32_t port, int ifindex) {
  XSW_ASSIGN_OR_RETURN(const int target, eswitch.datapath().Target(port));
  if (ifindex == 0 || target == ifindex) return ifindex != 0;
  if (eswitch.datapath().confs()[port].ifindex != static_cast<uint32_t>(ifindex)) return false;
  return IsAttached(eswitch, port, kPortRx, TcHook::kIngress);
}

absl::StatusOr<Link> RepresentorOf(Eswitch& eswitch, uint32_t port) {
  const int ifindex = static_cast<int>(eswitch.datapath().confs()[port].ifindex);
  const absl::Status gone =
      absl::NotFoundError(absl::StrCat(OwnerName(eswitch, port), ": its netdevs are gone"));
  if (ifindex == 0) return gone;
  absl::StatusOr<Link> link = GetLink(eswitch.nl(), ifindex);
  if (absl::IsNotFound(link.status())) return gone;
  if (!link.ok()) return link;
  XSW_ASSIGN_OR_RETURN(bool ours, IsRepresentorOf(eswitch, port, ifindex));
  if (!ours) return gone;
  return link;
}

absl::StatusOr<bool> RepresentorHasPrograms(Eswitch& eswitch, uint32_t port) {
  if (eswitch.is_between_versions()) return true;
  XSW_ASSIGN_OR_RETURN(const bool rx, IsAttached(eswitch, port, kPortRx, TcHook::kIngress));
  XSW_ASSIGN_OR_RETURN(const bool tx, IsAttached(eswitch, port, kPortTx, TcHook::kEgress));
  return rx && tx;
}

absl::StatusOr<bool> AttachRepresentor(Eswitch& eswitch, uint32_t port) {
  XSW_ASSIGN_OR_RETURN(const bool rx, AttachProgram(eswitch, port, kPortRx, TcHook::kIngress));
  XSW_ASSIGN_OR_RETURN(const bool tx, AttachProgram(eswitch, port, kPortTx, TcHook::kEgress));
  return rx || tx;
}

absl::Status MakeRepresentor(Eswitch& eswitch, uint32_t port, const FunctionPlace& place) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  xsw_port& value = eswitch.datapath().ports()[port];
  const PortClass& port_class = ClassOf(eswitch, port);
  std::atomic_ref<__u16>(value.flags) =
      static_cast<__u16>((value.flags & ~kClassFlags) | port_class.facts.flags);
  conf.ifindex = 0;
  XSW_ASSIGN_OR_RETURN(Link link, MakePair(eswitch, port, place));
  conf.ifindex = link.ifindex;
  conf.nsid = link.peer_netns.value_or(-1);
  // What cannot be undone the next command finds, by name and address or by its program.
  absl::Cleanup undo = [&] { RemoveRepresentor(eswitch, port).IgnoreError(); };
  {
    const Expedited expedited(eswitch);
    XSW_RETURN_IF_ERROR(AttachRepresentor(eswitch, port).status());
  }
  XSW_RETURN_IF_ERROR(port_class.Start(eswitch, port, place.netns));
  XSW_ASSIGN_OR_RETURN(conf.steered_base, SteeredFrames(eswitch, port));
  RejoinBridge(eswitch, conf);
  XSW_RETURN_IF_ERROR(SetUp(eswitch, port));
  // Last: by that the next command knows that the pair is whole.
  XSW_RETURN_IF_ERROR(eswitch.datapath().SetRepresentor(port, link.ifindex));
  std::move(undo).Cancel();
  return absl::OkStatus();
}

absl::Status RemoveRepresentor(Eswitch& eswitch, uint32_t port) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  const int ifindex = static_cast<int>(conf.ifindex);
  {
    const Expedited expedited(eswitch);
    XSW_RETURN_IF_ERROR(DeletePair(eswitch, port));
  }
  absl::Status first = eswitch.datapath().ClearRepresentor(port, ifindex);
  first.Update(DetachPrograms(eswitch, port, ifindex));
  first.Update(ClassOf(eswitch, port).Stop(eswitch, port));
  conf.ifindex = 0;
  return first;
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
