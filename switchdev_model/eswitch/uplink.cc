// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/uplink.h"

#include <linux/if_ether.h>

#include <algorithm>

#include "switchdev_model/eswitch/reception.h"
#include "switchdev_model/eswitch/uplink_kind.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/version/programs.h"
#include "userspace/ethtool.h"
#include "userspace/shared_xdp.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"

namespace xsw {
namespace {

bool IsShared(const xsw_eswitch& config) { return config.xdp == XSW_XDP_SHARED; }

std::string What(const Eswitch& eswitch, const std::string& program) {
  return absl::StrCat("attach ", program, " to ", eswitch.uplink().name);
}

absl::StatusOr<bool> IsAttached(Eswitch& eswitch, const std::string& name, TcHook hook) {
  return HasTcProgram(eswitch, name, eswitch.uplink().ifindex, hook);
}

// True: it was not there.
absl::StatusOr<bool> AttachProgram(Eswitch& eswitch, const std::string& name, TcHook hook) {
  XSW_ASSIGN_OR_RETURN(const bool there, IsAttached(eswitch, name, hook));
  if (there) return false;
  XSW_ASSIGN_OR_RETURN(Fd program, ProgramToAttach(eswitch, name));
  XSW_RETURN_IF_ERROR(AttachTc(eswitch.tc(), program.get(), eswitch.uplink().ifindex, hook,
                               eswitch.UplinkPin(name), What(eswitch, name)));
  return true;
}

// A stripped VLAN tag is invisible to XDP: a tagged frame would pass for an untagged one.
absl::Status KeepTagsInData(Eswitch& eswitch) {
  const int ifindex = eswitch.uplink().ifindex;
  if (IsVirtual(eswitch.uplink())) return absl::OkStatus();
  absl::StatusOr<bool> stripped = GetRxVlan(ifindex);
  // A driver that does not know the feature strips nothing.
  if (absl::IsUnimplemented(stripped.status())) return absl::OkStatus();
  if (!stripped.ok() || !*stripped) return stripped.status();
  eswitch.config().flags |= XSW_ESWITCH_RXVLAN_OFF;
  absl::Status status = SetRxVlan(ifindex, false);
  if (!status.ok()) eswitch.config().flags &= ~XSW_ESWITCH_RXVLAN_OFF;
  return status;
}

// Out of libxdp's dispatcher, if we are or ever were in it.
absl::Status LeaveShared(Eswitch& eswitch) {
  Datapath& datapath = eswitch.datapath();
  if (!datapath.HasSharedTargets()) return absl::OkStatus();
  const int ifindex = eswitch.uplink().ifindex;
  if (!ifindex) RemoveDeadMembership(datapath.dir(), static_cast<int>(eswitch.config().ifindex));
  XSW_RETURN_IF_ERROR(
      LeaveDispatcher(datapath.dir(), ifindex,
                      absl::StrCat("detach ", kUplinkXdp, " from ", eswitch.uplink().name)));
  datapath.DropSharedTargets();
  return absl::OkStatus();
}

absl::Status JoinShared(Eswitch& eswitch) {
  XSW_RETURN_IF_ERROR(DetachLink(eswitch.UplinkPin(kUplinkXdp)));
  XSW_RETURN_IF_ERROR(eswitch.datapath().MakeSharedTargets());
  return JoinDispatcher(eswitch.datapath().dir(), eswitch.uplink().ifindex,
                        What(eswitch, kUplinkXdp));
}

// Queue blocks stop sending to the wire by XDP before: some drivers transmit XDP frames only while
// a program is attached.
absl::Status DetachUplinkXdp(Eswitch& eswitch) {
  eswitch.config().xdp_wire = 0;
  eswitch.config().xdp_steers = XSW_STEERS_NOTHING;
  XSW_RETURN_IF_ERROR(LeaveShared(eswitch));
  XSW_RETURN_IF_ERROR(DetachLink(eswitch.UplinkPin(kUplinkXdp)));
  if (eswitch.config().flags & XSW_ESWITCH_RXVLAN_OFF)
    XSW_RETURN_IF_ERROR(SetRxVlan(eswitch.uplink().ifindex, true));
  eswitch.config().flags &= ~(XSW_ESWITCH_RXVLAN_OFF | XSW_ESWITCH_XDP);
  return absl::OkStatus();
}

absl::Status AttachXdpAlone(Eswitch& eswitch) {
  XSW_RETURN_IF_ERROR(LeaveShared(eswitch));
  XSW_ASSIGN_OR_RETURN(Fd program, ProgramToAttach(eswitch, kUplinkXdp));
  return AttachXdp(program.get(), eswitch.uplink().ifindex, eswitch.UplinkPin(kUplinkXdp),
                   What(eswitch, kUplinkXdp));
}

absl::Status AttachUplinkXdp(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(bool attached, XdpIsAttached(eswitch));
  if (attached && (eswitch.config().flags & XSW_ESWITCH_XDP)) return absl::OkStatus();
  eswitch.config().flags |= XSW_ESWITCH_XDP;
  // Before: an attached program must not meet frames whose tags it cannot see.
  absl::Status status = KeepTagsInData(eswitch);
  if (status.ok() && !attached)
    status = IsShared(eswitch.config()) ? JoinShared(eswitch) : AttachXdpAlone(eswitch);
  // The flags still say what is left to be undone.
  if (!status.ok()) DetachUplinkXdp(eswitch).IgnoreError();
  return status;
}

absl::Status AttachOrExplain(Eswitch& eswitch) {
  absl::Status status = AttachUplinkXdp(eswitch);
  if (absl::IsUnavailable(status))
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(), ": another XDP program is on it, which xsw ",
                     "leaves alone: say xdp shared, to run beside those of libxdp's ",
                     "dispatcher, or xdp off"));
  if (absl::IsOutOfRange(status))
    return absl::Status(status.code(),
                        absl::StrCat(status.message(), ": say xdp off, tc does the same"));
  // Drivers that have XDP only for shorter frames say either.
  const bool jumbo = eswitch.uplink().mtu > ETH_DATA_LEN;
  if (eswitch.config().xdp == XSW_XDP_ON &&
      (absl::IsUnimplemented(status) || (absl::IsInvalidArgument(status) && jumbo)))
    return absl::Status(
        status.code(),
        absl::StrCat(status.message(), ": its driver has no native XDP",
                     jumbo ? absl::StrCat(" for its mtu of ", eswitch.uplink().mtu) : "",
                     ": say xdp off, tc does the same"));
  return status;
}

// Whether the settings ask for XDP; an attempt may still fail.
bool WantsXdp(const Link& uplink, const xsw_eswitch& config) {
  return config.xdp == XSW_XDP_ON || IsShared(config) ||
         (config.xdp == XSW_XDP_AUTO && !IsVirtual(uplink));
}

// A driver's answers where it has none, or none for this MTU or this number of queues.
bool SaysNoNativeXdp(const absl::Status& status) {
  return absl::IsUnimplemented(status) || absl::IsInvalidArgument(status) ||
         absl::IsOutOfRange(status) || absl::IsResourceExhausted(status);
}

absl::Status RxPathNeedsXdp(const Link& uplink, const xsw_eswitch& config) {
  return absl::FailedPreconditionError(
      absl::StrCat("eswitch ", uplink.name, ": rx_path xdp needs XDP, which is off",
                   config.xdp == XSW_XDP_AUTO ? " here: say xdp on" : ""));
}

}  // namespace

absl::StatusOr<bool> AttachUplink(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const bool rx, AttachProgram(eswitch, kUplinkRx, TcHook::kIngress));
  XSW_ASSIGN_OR_RETURN(const bool tx, AttachProgram(eswitch, kUplinkTx, TcHook::kEgress));
  XSW_RETURN_IF_ERROR(AcceptMulticast(eswitch));
  return rx || tx;
}

absl::StatusOr<bool> UplinkHasPrograms(Eswitch& eswitch) {
  if (eswitch.is_between_versions()) return true;
  XSW_ASSIGN_OR_RETURN(const bool rx, IsAttached(eswitch, kUplinkRx, TcHook::kIngress));
  XSW_ASSIGN_OR_RETURN(const bool tx, IsAttached(eswitch, kUplinkTx, TcHook::kEgress));
  return rx && tx;
}

absl::StatusOr<bool> XdpIsAttached(Eswitch& eswitch) {
  if (IsShared(eswitch.config()))
    return IsInDispatcher(eswitch.datapath().dir(), eswitch.uplink().ifindex);
  if (!eswitch.uplink().ifindex) return false;
  if (eswitch.is_between_versions()) return LinkIsAttached(eswitch.UplinkPin(kUplinkXdp));
  return HasXdpProgram(eswitch, kUplinkXdp, eswitch.uplink().ifindex);
}

absl::Status CheckRxPath(const Link& uplink, const xsw_eswitch& config) {
  if (config.rx_path != XSW_RX_PATH_XDP || WantsXdp(uplink, config)) return absl::OkStatus();
  return RxPathNeedsXdp(uplink, config);
}

absl::Status ApplyXdp(Eswitch& eswitch) {
  xsw_eswitch& config = eswitch.config();
  bool wanted = WantsXdp(eswitch.uplink(), config);
  if (wanted) {
    absl::Status status = AttachOrExplain(eswitch);
    if (!status.ok() && (config.xdp != XSW_XDP_AUTO || !SaysNoNativeXdp(status))) return status;
    wanted = status.ok();
  }
  if (!wanted && config.rx_path == XSW_RX_PATH_XDP) return RxPathNeedsXdp(eswitch.uplink(), config);
  if (!wanted) XSW_RETURN_IF_ERROR(DetachUplinkXdp(eswitch));
  return SyncSteering(eswitch);
}

absl::StatusOr<bool> SyncXdp(Eswitch& eswitch) {
  xsw_eswitch& config = eswitch.config();
  if (!IsShared(config)) XSW_RETURN_IF_ERROR(LeaveShared(eswitch));
  const bool was_on = config.flags & XSW_ESWITCH_XDP;
  const bool wanted = WantsXdp(eswitch.uplink(), config);
  if (was_on && !wanted) XSW_RETURN_IF_ERROR(DetachUplinkXdp(eswitch));
  XSW_ASSIGN_OR_RETURN(bool attached, XdpIsAttached(eswitch));
  // Who has taken it out of the dispatcher has meant it. Where it cannot be attached any more tc
  // does the work, and `eswitch show` says so.
  const bool mends =
      wanted && !(attached && was_on) && !IsShared(config) && (was_on || config.xdp == XSW_XDP_ON);
  const bool mended = mends && AttachUplinkXdp(eswitch).ok();
  XSW_RETURN_IF_ERROR(SyncSteering(eswitch));
  return mended;
}

absl::Status SyncSteering(Eswitch& eswitch) {
  xsw_eswitch& config = eswitch.config();
  const std::vector<uint32_t> ports = PortIndices(eswitch);
  // Of class queues: what the programs steer to a representor's XDP program.
  const bool queues = std::any_of(ports.begin(), ports.end(), [&](uint32_t port) {
    return ClassOf(eswitch, port).facts.xdp != nullptr;
  });
  XSW_ASSIGN_OR_RETURN(const bool xdp, XdpIsAttached(eswitch));
  // igb and virtio-net transmit XDP frames only while a program is attached to them.
  config.xdp_wire = xdp && TransmitsXdpFrames(eswitch.uplink().ifindex);
  if (!xdp) {
    config.xdp_steers = XSW_STEERS_NOTHING;
  } else if (config.rx_path != XSW_RX_PATH_STACK) {
    config.xdp_steers = XSW_STEERS_ALL;
  } else {
    config.xdp_steers = queues ? XSW_STEERS_QUEUES : XSW_STEERS_NOTHING;
  }
  return absl::OkStatus();
}

std::string XdpNote(Eswitch& eswitch) {
  const absl::StatusOr<bool> attached = XdpIsAttached(eswitch);
  if (!attached.ok()) return std::string(attached.status().message());
  if (*attached || eswitch.config().xdp == XSW_XDP_OFF) return "";
  if (IsShared(eswitch.config()))
    return absl::StrCat(
        "somebody has taken xsw's program out of libxdp's dispatcher: tc does all the "
        "work until xsw eswitch set ",
        eswitch.uplink().name, " xdp shared");
  if (IsVirtual(eswitch.uplink()))
    return absl::StrCat("no XDP on a virtual uplink (", eswitch.uplink().kind,
                        ") unless xdp on: it takes GSO from the far end");
  return "the driver has no native XDP for this netdev as it is set up: tc does all the work";
}

absl::Status SyncHostAddress(Eswitch& eswitch) {
  xsw_eswitch& config = eswitch.config();
  const Mac before = MacFrom(config.mac), now = eswitch.uplink().mac;
  if (before == now) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(FdbClaim(eswitch, FdbKey(now, 0), XSW_UPLINK, XSW_FDB_SELF));
  CopyMac(now, config.mac);
  if (before == Mac{}) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(FdbStopAccepting(eswitch, before, XSW_UPLINK, XSW_FDB_SELF));
  return FdbRelease(eswitch, FdbKey(before, 0), XSW_UPLINK, XSW_FDB_SELF);
}

}  // namespace xsw
