// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/version/upgrade.h"

#include <unistd.h>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/show/capture.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/version/head.h"
#include "switchdev_model/version/switch.h"
#include "userspace/bpffs.h"
#include "userspace/carry.h"
#include "userspace/own_abi.h"
#include "userspace/pinned.h"
#include "userspace/shared_xdp.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

struct Opened {
  EswitchDir dir;
  Link uplink;
  Fd lock;
  uint32_t abi;
};

absl::StatusOr<Opened> OpenLocked(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  // That it is there, whole, and of a version that there is a way from.
  XSW_ASSIGN_OR_RETURN(const Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  if (!lock.ok()) return lock.status();
  if (!eswitch.uplink().ifindex)
    return absl::FailedPreconditionError(
        absl::StrCat("eswitch ", uplink, ": its netdev is gone: xsw eswitch del ", uplink));
  return Opened{std::move(dir), eswitch.uplink(), *std::move(lock), eswitch.made_by()};
}

// Step 1. Returns the version's name.
absl::StatusOr<std::string> Stage(const EswitchDir& dir, const Older& from) {
  XSW_ASSIGN_OR_RETURN(const std::string version, MakeVersion(dir.path()));
  const std::string state = absl::StrCat(dir.path(), "/", version);
  // One that stays the next writing command removes.
  absl::Cleanup remove = [&] { RemoveState(dir.path(), state).IgnoreError(); };
  XSW_RETURN_IF_ERROR(Datapath::Load(state, &from).status());
  // Who reads before step 4 misses no more than a few milliseconds.
  XSW_RETURN_IF_ERROR(PinBase(from, state));
  std::move(remove).Cancel();
  return version;
}

// Step 4.
absl::Status RemoveOthers(const EswitchDir& dir) {
  const std::optional<StateHead> head = ReadHead(dir.state());
  WaitForPrograms();
  for (const std::string& state : OtherStates(dir.path())) {
    const std::optional<StateHead> other = ReadHead(state);
    // A later version, or the same one, has not counted anything apart: it never was in force, or
    // its counters are these.
    if (head && other && other->abi < head->abi)
      XSW_RETURN_IF_ERROR(PinBase({.state = state, .abi = other->abi}, dir.state()));
    XSW_RETURN_IF_ERROR(RemoveState(dir.path(), state));
  }
  return absl::OkStatus();
}

// Steps 2 and 3. An error: the version before is in force, and what is left to take back is
// SettleVersion()'s.
absl::Status TakeForce(const EswitchDir& dir, const std::string& version) {
  const std::string before = CurrentVersion(dir.path());
  absl::Status status = SetCurrentVersion(dir.path(), version);
  if (status.ok()) status = SwitchPrograms(dir);
  // Should that fail, too, the next writing command completes the upgrade.
  if (!status.ok()) SetCurrentVersion(dir.path(), before).IgnoreError();
  return status;
}

// Up to version 4 the directory has the uplink's name; from then on its ifindex.
absl::Status TakeNumber(EswitchDir& dir, const std::string& version) {
  const std::string named = dir.name();
  XSW_RETURN_IF_ERROR(dir.SetName(dir.uplink().name));
  XSW_RETURN_IF_ERROR(dir.Rename(absl::StrCat(dir.ifindex())));
  absl::Status status = TakeForce(dir, version);
  // One that keeps its number this version finds as well.
  if (!status.ok() && CurrentVersion(dir.path()) != version) dir.Rename(named).IgnoreError();
  return status;
}

absl::StatusOr<bool> IsSameBuild(const std::string& state, const std::string& other) {
  XSW_ASSIGN_OR_RETURN(const bool programs, SamePrograms(state, other));
  return programs ? SameShapes(state, other) : false;
}

// An error: what is left to take back, or to complete, is SettleVersion()'s.
absl::StatusOr<Upgraded> Upgrade(EswitchDir& dir, const Older& from) {
  XSW_ASSIGN_OR_RETURN(const std::string version, Stage(dir, from));
  const std::string state = absl::StrCat(dir.path(), "/", version);
  if (from.abi == OwnAbi()) {
    XSW_ASSIGN_OR_RETURN(const bool same, IsSameBuild(from.state, state));
    if (same) XSW_RETURN_IF_ERROR(RemoveState(dir.path(), state));
    if (same) return Upgraded::kNothing;
  }
  const bool numbered = dir.name() == absl::StrCat(dir.ifindex());
  XSW_RETURN_IF_ERROR(numbered ? TakeForce(dir, version) : TakeNumber(dir, version));
  XSW_RETURN_IF_ERROR(RemoveOthers(dir));
  return from.abi == OwnAbi() ? Upgraded::kPrograms : Upgraded::kState;
}

// An error behind step 2 is none if what it has left to do is done at the second try.
absl::StatusOr<Upgraded> UpgradeAndSettle(EswitchDir& dir, const Older& from) {
  const std::string before = CurrentVersion(dir.path());
  absl::StatusOr<Upgraded> done = Upgrade(dir, from);
  if (done.ok()) return done;
  const absl::Status settled = SettleVersion(dir);
  // The version before is in force; what cannot be taken back now the next writing command does.
  if (CurrentVersion(dir.path()) == before) return done;
  if (settled.ok()) return from.abi == OwnAbi() ? Upgraded::kPrograms : Upgraded::kState;
  return absl::Status(settled.code(), absl::StrCat("the new version is in force, and the same ",
                                                   "command finishes: ", settled.message()));
}

// An upgrade that was cut off behind step 2 is completed; before, it is taken back and begins anew.
absl::StatusOr<Upgraded> UpgradeLocked(Opened& opened) {
  const bool cut_off = !OtherStates(opened.dir.path()).empty();
  XSW_RETURN_IF_ERROR(SettleVersion(opened.dir));
  // Of the programs that are to be replaced.
  XSW_RETURN_IF_ERROR(EndCapture(opened.dir));
  XSW_ASSIGN_OR_RETURN(const Older from, OlderIn(opened.dir, opened.abi, opened.uplink));
  XSW_ASSIGN_OR_RETURN(const Upgraded upgraded, UpgradeAndSettle(opened.dir, from));
  return upgraded == Upgraded::kNothing && cut_off ? Upgraded::kFinished : upgraded;
}

}  // namespace

absl::StatusOr<Older> OlderIn(const EswitchDir& dir, uint32_t abi, const Link& uplink) {
  const std::string link = absl::StrCat(dir.path(), "/link_");
  XSW_ASSIGN_OR_RETURN(const bool shared, IsInDispatcher(dir.state(), uplink.ifindex));
  return Older{.state = dir.state(),
               .abi = abi,
               .uplink_mtu = uplink.mtu,
               .tcx = access(absl::StrCat(link, kUplinkRx).c_str(), F_OK) == 0,
               .xdp = shared || access(absl::StrCat(link, kUplinkXdp).c_str(), F_OK) == 0};
}

absl::Status SettleVersion(const EswitchDir& dir) {
  if (OtherStates(dir.path()).empty()) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(SwitchPrograms(dir));
  return RemoveOthers(dir);
}

absl::Status CheckUpgrade(const std::string& bpffs, const std::string& uplink) {
  return OpenLocked(bpffs, uplink).status();
}

absl::StatusOr<Upgraded> UpgradeEswitch(const std::string& bpffs, const std::string& uplink) {
  const auto failed = [&](const absl::Status& status) {
    return absl::Status(status.code(),
                        absl::StrCat("upgrade eswitch ", uplink, ": ", status.message()));
  };
  Upgraded upgraded = Upgraded::kNothing;
  {
    XSW_ASSIGN_OR_RETURN(Opened opened, OpenLocked(bpffs, uplink));
    const absl::StatusOr<Upgraded> done = UpgradeLocked(opened);
    if (!done.ok()) return failed(done.status());
    upgraded = *done;
  }
  if (upgraded == Upgraded::kNothing) return upgraded;
  // What this version has beyond the older one.
  const absl::Status mended = Eswitch::OpenToWrite(bpffs, uplink).status();
  if (!mended.ok())
    return failed(absl::Status(
        mended.code(), absl::StrCat("the new version is in force; but ", mended.message())));
  Notify({.object = "eswitch", .action = Action::kSet, .uplink = uplink});
  return upgraded;
}

std::optional<uint32_t> UnreadableVersion(const std::string& bpffs, const std::string& uplink) {
  absl::StatusOr<Netlink> nl = Netlink::Open();
  if (!nl.ok()) return std::nullopt;
  const absl::StatusOr<EswitchDir> dir = EswitchDir::Of(*nl, bpffs, uplink);
  if (!dir.ok() || CheckToRead(dir->state(), uplink).ok()) return std::nullopt;
  const std::optional<StateHead> head = ReadHead(dir->state());
  // Removed meanwhile.
  if (!head) return std::nullopt;
  return head->abi;
}

}  // namespace xsw
