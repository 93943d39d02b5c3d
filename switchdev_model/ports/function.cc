// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/function.h"

#include <atomic>

#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/ports/class_change.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/tables/flood.h"
#include "switchdev_model/words.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// One port's change in progress.
class FunctionEdit {
 public:
  FunctionEdit(Eswitch& eswitch, uint32_t port)
      : eswitch_(eswitch),
        port_(port),
        conf_(eswitch.datapath().confs()[port]),
        what_(absl::StrCat("port ", eswitch.uplink().name, "/", port)) {}

  // All that Run would refuse before it changes anything.
  absl::Status Check(const FunctionChange& change);
  absl::Status Run(const FunctionChange& change);

 private:
  absl::Status SetMtu(uint32_t mtu);
  absl::Status SetOwner(const Owner& owner);
  void SetMemoryMax(uint64_t bytes);
  absl::Status SetHwAddr(const Mac& mac, const PolicyChange& policy);
  absl::Status CheckAddresses(const FunctionChange& change);
  absl::Status SetPolicyTo(const PolicyChange& change);
  absl::Status Place(const FunctionChange& change);

  Eswitch& eswitch_;
  uint32_t port_;
  xsw_port_conf& conf_;
  std::string what_;
  Link representor_;
  Undo undo_;
};

absl::Status FunctionEdit::Check(const FunctionChange& change) {
  XSW_RETURN_IF_ERROR(CheckFunctionChange(eswitch_, change, what_));
  const PortClass& port_class =
      change.port_class ? ClassOf(*change.port_class) : ClassOf(eswitch_, port_);
  XSW_RETURN_IF_ERROR(port_class.CheckWords(change, what_));
  XSW_RETURN_IF_ERROR(CheckAddresses(change));
  absl::StatusOr<Link> representor = RepresentorOf(eswitch_, port_);
  if (!representor.ok() && !absl::IsNotFound(representor.status())) return representor.status();
  if (!representor.ok())
    return absl::FailedPreconditionError(
        absl::StrCat(what_, ": its netdevs are gone and could not be made anew (is the name ",
                     conf_.representor, " taken?)"));
  representor_ = *representor;
  if (ChangesClass(change)) return CheckClassChange(eswitch_, port_, representor_, change, what_);
  return port_class.CheckChange(eswitch_, port_, representor_, change, what_);
}

// The function's address in each of its VLANs, as both will be.
absl::Status FunctionEdit::CheckAddresses(const FunctionChange& change) {
  XSW_ASSIGN_OR_RETURN(Policy policy, PolicyAfter(eswitch_.uplink().mtu, GetPolicy(eswitch_, port_),
                                                  change.policy, what_));
  const Mac mac = change.hw_addr.value_or(MacFrom(eswitch_.datapath().ports()[port_].hw_addr));
  for (uint16_t vlan : Carried(policy.vlans))
    XSW_RETURN_IF_ERROR(CheckFree(eswitch_, FdbKey(mac, vlan), port_));
  return absl::OkStatus();
}

absl::Status FunctionEdit::Run(const FunctionChange& change) {
  XSW_RETURN_IF_ERROR(Check(change));
  undo_.Add([this, was_promiscuous = IsMadePromiscuous(eswitch_)] {
    RestorePromiscuous(eswitch_, was_promiscuous);
  });
  if (ChangesClass(change)) {
    XSW_RETURN_IF_ERROR(ChangeClass(eswitch_, port_, change, undo_));
    XSW_ASSIGN_OR_RETURN(representor_, RepresentorOf(eswitch_, port_));
  }
  if (change.mtu) XSW_RETURN_IF_ERROR(SetMtu(*change.mtu));
  if (change.memory_max) SetMemoryMax(*change.memory_max);
  if (change.hw_addr) XSW_RETURN_IF_ERROR(SetHwAddr(*change.hw_addr, change.policy));
  XSW_RETURN_IF_ERROR(SetPolicyTo(change.policy));
  if (change.active || change.netns || change.ifname) XSW_RETURN_IF_ERROR(Place(change));
  // Last: an application that has lost its queues cannot be given them back.
  if (change.owner) XSW_RETURN_IF_ERROR(SetOwner(*change.owner));
  undo_.Cancel();
  return absl::OkStatus();
}

// What is wanted first, the representor last: by its MTU the next command sees what is to be done.
absl::Status FunctionEdit::SetMtu(uint32_t mtu) {
  auto set = [this](uint32_t value) -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Fd netns, CurrentNetns(eswitch_, port_, representor_));
    XSW_RETURN_IF_ERROR(ChangeLinkIn(netns, representor_.peer, {.mtu = value},
                                     absl::StrCat(what_, ": set mtu of the function")));
    return ChangeLink(eswitch_.nl(), static_cast<int>(conf_.ifindex), {.mtu = value},
                      absl::StrCat(what_, ": set mtu of ", conf_.representor));
  };
  std::atomic_ref<__u16> flags(eswitch_.datapath().ports()[port_].flags);
  auto note = [this, flags](uint32_t value) {
    conf_.mtu = value;
    if (value) return void(flags.fetch_or(XSW_PORT_MTU));
    flags.fetch_and(static_cast<__u16>(~XSW_PORT_MTU));
  };
  undo_.Add([set, note, conf = conf_.mtu, was = representor_.mtu] {
    note(conf);
    // What fails here is mended by the next command.
    set(was).IgnoreError();
  });
  note(mtu);
  return set(mtu ? mtu : eswitch_.uplink().mtu);
}

// In the VLANs that the port will have, and those that it has, unless another port has the address
// there. What is too much SetPolicyTo() releases.
absl::Status FunctionEdit::SetHwAddr(const Mac& mac, const PolicyChange& policy) {
  xsw_port& port = eswitch_.datapath().ports()[port_];
  const Mac before = MacFrom(port.hw_addr);
  if (mac == before) return FdbReleaseStale(eswitch_, port_);
  auto set = [this](const Mac& value) -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Fd netns, CurrentNetns(eswitch_, port_, representor_));
    return ChangeLinkIn(netns, representor_.peer, {.mac = value},
                        absl::StrCat(what_, ": set hw_addr of the function"));
  };
  // What cannot be taken back the next command on the port's addresses releases.
  undo_.Add([this, before, set, &port] {
    FdbClaimSelf(eswitch_, port_, before).IgnoreError();
    CopyMac(before, port.hw_addr);
    set(before).IgnoreError();
    FdbReleaseStale(eswitch_, port_).IgnoreError();
  });
  XSW_ASSIGN_OR_RETURN(const Policy after, PolicyAfter(eswitch_.uplink().mtu,
                                                       GetPolicy(eswitch_, port_), policy, what_));
  for (uint16_t vlan : Carried(GetVlans(eswitch_, port_)))
    if (CheckFree(eswitch_, FdbKey(mac, vlan), port_).ok())
      XSW_RETURN_IF_ERROR(FdbClaim(eswitch_, FdbKey(mac, vlan), port_, XSW_FDB_SELF));
  XSW_RETURN_IF_ERROR(FdbClaimSelf(eswitch_, port_, mac, after.vlans));
  XSW_RETURN_IF_ERROR(set(mac));
  CopyMac(mac, port.hw_addr);
  return absl::OkStatus();
}

absl::Status FunctionEdit::SetPolicyTo(const PolicyChange& change) {
  const Policy before = GetPolicy(eswitch_, port_);
  XSW_ASSIGN_OR_RETURN(Policy after, PolicyAfter(eswitch_.uplink().mtu, before, change, what_));
  // Also where nothing changes: a command that was killed may have left something to release.
  XSW_RETURN_IF_ERROR(SetPolicy(eswitch_, port_, after));
  // The policy of before was possible a moment ago; there is nobody to tell if it no longer is.
  undo_.Add([this, before] { SetPolicy(eswitch_, port_, before).IgnoreError(); });
  return absl::OkStatus();
}

// What is wanted first: if we are killed from here on, the next command brings the function there.
absl::Status FunctionEdit::Place(const FunctionChange& change) {
  undo_.Add([this, before = conf_] { conf_ = before; });
  XSW_ASSIGN_OR_RETURN(conf_, ConfAfter(change, conf_));
  return ClassOf(eswitch_, port_).Arrange(eswitch_, port_, change, what_, undo_);
}

// The owner of before has the XSKMAP in his hands: the next one gets another. Root's while it is
// made: if we are killed in between, nobody else has the new map, and the same command goes on.
absl::Status FunctionEdit::SetOwner(const Owner& owner) {
  const Owner before{conf_.owner_uid, conf_.owner_gid};
  if (owner.uid == before.uid && owner.gid == before.gid) return absl::OkStatus();
  auto store = [this](const Owner& to) {
    conf_.owner_uid = to.uid;
    conf_.owner_gid = to.gid;
  };
  undo_.Add([store, before] { store(before); });
  store({});
  XSW_RETURN_IF_ERROR(ClassOf(eswitch_, port_).ShutOut(eswitch_, port_));
  store(owner);
  return absl::OkStatus();
}

void FunctionEdit::SetMemoryMax(uint64_t bytes) {
  undo_.Add([this, before = conf_.memory_max] { conf_.memory_max = before; });
  conf_.memory_max = bytes;
}

}  // namespace

absl::Status CheckSetFunction(Eswitch& eswitch, uint32_t port, const FunctionChange& change) {
  return FunctionEdit(eswitch, port).Check(change);
}

absl::Status SetFunction(Eswitch& eswitch, uint32_t port, const FunctionChange& change) {
  XSW_RETURN_IF_ERROR(FunctionEdit(eswitch, port).Run(change));
  NotifyPort(eswitch, Action::kSet, port);
  return absl::OkStatus();
}

void OpenPort(Eswitch& eswitch, uint32_t port, bool peer) {
  xsw_port& value = eswitch.datapath().ports()[port];
  const __u16 keep = value.flags & ~(XSW_PORT_ACTIVE | XSW_PORT_PEER);
  std::atomic_ref<__u16>(value.flags) = keep | XSW_PORT_ACTIVE | (peer ? XSW_PORT_PEER : 0);
  JoinFlood(eswitch.datapath().ports(), port);
}

void ClosePort(Eswitch& eswitch, uint32_t port) {
  xsw_port& value = eswitch.datapath().ports()[port];
  LeaveFlood(eswitch.datapath().ports(), port);
  std::atomic_ref<__u16>(value.flags).fetch_and(static_cast<__u16>(~XSW_PORT_ACTIVE));
}

}  // namespace xsw
