// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/eswitch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "switchdev_model/eswitch/settings.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/eswitch/uplink_kind.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/repair/remains.h"
#include "switchdev_model/repair/repair.h"
#include "switchdev_model/show/capture.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/version/head.h"
#include "switchdev_model/version/upgrade.h"
#include "userspace/bpffs.h"
#include "userspace/capabilities.h"
#include "userspace/netns.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

absl::Status NoEswitch(const std::string& uplink) {
  return absl::NotFoundError(
      absl::StrCat("eswitch ", uplink, ": does not exist (xsw eswitch add ", uplink, ")"));
}

// What is not whole, in the payload of a status.
constexpr char kNotWhole[] = "xsw/not-whole", kNoEnd[] = "no end", kNoUplink[] = "no uplink";

absl::Status NotWhole(const char* why, const std::string& message) {
  absl::Status status = absl::FailedPreconditionError(message);
  status.SetPayload(kNotWhole, absl::Cord(why));
  return status;
}

absl::Status Unfinished(const std::string& uplink) {
  return NotWhole(kNoEnd, absl::StrCat("eswitch ", uplink,
                                       ": a command that was to add or remove it has not come to "
                                       "its end: xsw eswitch add ",
                                       uplink, ", or xsw eswitch del ", uplink));
}

// For reading also that of an older version.
absl::StatusOr<Datapath> OpenState(const EswitchDir& dir, const Link& uplink, uint32_t abi) {
  if (abi >= OwnAbi()) return Datapath::Open(dir.state());
  XSW_ASSIGN_OR_RETURN(const Older older, OlderIn(dir, abi, uplink));
  return Datapath::View(older);
}

// Makes and locks the directory at once: seen by others, it is locked. One that a killed command
// has left is as good.
absl::StatusOr<Fd> MakeDir(const EswitchDir& dir) {
  for (;;) {
    XSW_RETURN_IF_ERROR(MakeDirs(dir.root()));
    absl::StatusOr<Fd> root_lock = LockDir(dir.root());
    // The last eswitch here takes the root with it: once more.
    if (absl::IsNotFound(root_lock.status())) continue;
    if (!root_lock.ok()) return root_lock.status();
    if (mkdir(dir.path().c_str(), 0700) && errno != EEXIST)
      return ErrnoStatus(errno, absl::StrCat("create ", dir.path()));
    *root_lock = Fd();
    absl::StatusOr<Fd> lock = LockDir(dir.path());
    // An `eswitch del` that was faster has found no state in it, and removed it.
    if (!absl::IsNotFound(lock.status())) return lock;
  }
}

// Takes an eswitch apart, whose directory is locked, and with the last one the namespace's own
// directories. The lock of these comes first in MakeDir, so this one is given back before.
absl::Status Remove(Netlink& nl, const EswitchDir& dir, Fd lock) {
  XSW_RETURN_IF_ERROR(RemoveRemains(nl, dir));
  XSW_RETURN_IF_ERROR(dir.Remove());
  lock = Fd();
  return dir.RemoveRoots();
}

}  // namespace

absl::StatusOr<Eswitch> Eswitch::Open(const EswitchDir& dir, Netlink nl, Link uplink) {
  XSW_RETURN_IF_ERROR(CheckToRead(dir.state(), uplink.name));
  // An empty one is that of an `eswitch add` that has not begun, or was killed there.
  if (ListDir(dir.path()).empty()) return NoEswitch(uplink.name);
  if (!dir.IsReady()) return Unfinished(uplink.name);
  const std::optional<StateHead> head = ReadHead(dir.state());
  if (!head) return Unfinished(uplink.name);
  const uint32_t abi = head->abi;
  XSW_ASSIGN_OR_RETURN(Datapath datapath, OpenState(dir, uplink, abi));
  Eswitch eswitch(dir, std::move(datapath), std::move(nl), std::move(uplink));
  eswitch.made_by_ = abi;
  eswitch.is_between_versions_ = !OtherStates(dir.path()).empty();
  eswitch.parked_ = Fd(open(dir.ParkedNetns().c_str(), O_RDONLY | O_CLOEXEC));
  return eswitch;
}

absl::Status Eswitch::CheckAdd(const std::string& bpffs, const std::string& uplink,
                               const EswitchSettings& settings) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(Link link, GetLink(nl, uplink));
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  // Another `eswitch add` may be at work there: what it has made is known when it is done.
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  if (!lock.ok() && !absl::IsNotFound(lock.status())) return lock.status();
  XSW_RETURN_IF_ERROR(CheckToWrite(dir.state(), link.name));
  if (dir.IsReady() && dir.ifindex() == link.ifindex)
    return absl::AlreadyExistsError(absl::StrCat("eswitch ", link.name, ": already exists"));
  if (dir.ifindex() != link.ifindex)
    return absl::FailedPreconditionError(
        absl::StrCat("eswitch ", uplink, ": ", dir.path(),
                     " holds the state of another netdev of this name, which ",
                     "is gone: xsw eswitch del ", uplink));
  XSW_RETURN_IF_ERROR(CheckUplink(nl, link, dir.exists()));
  return CheckSettings(link, {}, settings);
}

absl::Status Eswitch::Add(const std::string& bpffs, const std::string& uplink,
                          const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(CheckAdd(bpffs, uplink, settings));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  EswitchDir::RemoveDead(bpffs);
  absl::StatusOr<Fd> lock = MakeDir(dir);
  // An empty directory that stays is in nobody's way.
  if (!lock.ok()) dir.RemoveRoots().IgnoreError();
  if (!lock.ok()) return lock.status();
  // Somebody else was faster since the check.
  if (dir.IsReady()) {
    *lock = Fd();
    return Add(bpffs, uplink, settings);
  }
  if (!ListDir(dir.path()).empty()) {
    XSW_RETURN_IF_ERROR(RemoveRemains(nl, dir));
    // What was known of the uplink is of before: its receive filter is its own again.
    XSW_ASSIGN_OR_RETURN(dir, EswitchDir::Of(nl, bpffs, uplink));
  }
  XSW_RETURN_IF_ERROR(EmptyTree(dir.path()));
  absl::Status status = Make(dir, settings);
  if (!status.ok()) {
    // What remains the same command removes when it is said again.
    Remove(nl, dir, *std::move(lock)).IgnoreError();
    return status;
  }
  Notify({.object = "eswitch", .action = Action::kNew, .uplink = dir.uplink().name});
  return absl::OkStatus();
}

absl::Status Eswitch::Make(const EswitchDir& dir, const EswitchSettings& settings) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_RETURN_IF_ERROR(dir.SetName(dir.uplink().name));
  XSW_ASSIGN_OR_RETURN(const std::string version, MakeVersion(dir.path()));
  XSW_RETURN_IF_ERROR(SetCurrentVersion(dir.path(), version));
  XSW_ASSIGN_OR_RETURN(Datapath datapath, Datapath::Load(dir.state()));
  XSW_ASSIGN_OR_RETURN(datapath.eswitch().netns, NetnsCookie());
  XSW_ASSIGN_OR_RETURN(datapath.eswitch().tc, ProbeTc());
  XSW_RETURN_IF_ERROR(datapath.SetUplink(dir.ifindex()));
  datapath.eswitch().ifindex = static_cast<__u32>(dir.ifindex());
  datapath.eswitch().host = 1;
  datapath.eswitch().mtu = dir.uplink().mtu;
  return Eswitch(dir, std::move(datapath), std::move(nl), dir.uplink()).Start(settings);
}

absl::Status Eswitch::Start(const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(MakeDirs(absl::StrCat(dir_.path(), "/ports")));
  XSW_RETURN_IF_ERROR(OpenParked().status());
  WriteSettings(settings, config());
  XSW_RETURN_IF_ERROR(SyncHostAddress(*this));
  XSW_RETURN_IF_ERROR(AttachUplink(*this).status());
  XSW_RETURN_IF_ERROR(ApplyXdp(*this));
  config().flags |= XSW_ESWITCH_READY;
  return absl::OkStatus();
}

absl::StatusOr<bool> Eswitch::OpenParked() {
  const std::string path = dir_.ParkedNetns();
  absl::StatusOr<Fd> there = OpenNetnsPath(path);
  const bool missing = absl::IsNotFound(there.status());
  if (missing) {
    XSW_RETURN_IF_ERROR(MakeDirs(dir_.run()));
    // A file without a mount: the mount was undone, or belonged to a mount namespace that has
    // ended.
    XSW_RETURN_IF_ERROR(RemoveNetns(path));
    XSW_RETURN_IF_ERROR(MakeNetns(path));
    there = OpenNetnsPath(path);
  }
  if (!there.ok()) return there.status();
  parked_ = *std::move(there);
  return missing;
}

absl::StatusOr<Eswitch> Eswitch::OpenToRead(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  if (!dir.exists()) return NoEswitch(uplink);
  Link link = dir.uplink();
  return Open(dir, std::move(nl), std::move(link));
}

absl::StatusOr<Eswitch> Eswitch::OpenToWrite(const std::string& bpffs, const std::string& uplink,
                                             Mend mend) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  // Only what is read under the lock counts: whoever holds it may be removing the eswitch.
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  if (absl::IsNotFound(lock.status())) return NoEswitch(uplink);
  if (!lock.ok()) return lock.status();
  absl::StatusOr<Link> link = GetLink(nl, dir.ifindex());
  if (!link.ok() && !absl::IsNotFound(link.status())) return link.status();
  XSW_RETURN_IF_ERROR(CheckToWrite(dir.state(), uplink));
  if (dir.IsReady()) {
    XSW_RETURN_IF_ERROR(SettleVersion(dir));
    XSW_RETURN_IF_ERROR(SettleCapture(dir));
  }
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch,
                       Open(dir, std::move(nl), link.ok() ? *link : Link{.name = uplink}));
  eswitch.lock_ = *std::move(lock);
  if (!eswitch.uplink_.ifindex)
    return NotWhole(kNoUplink, absl::StrCat("eswitch ", uplink,
                                            ": its netdev is gone: xsw eswitch del ", uplink));
  XSW_RETURN_IF_ERROR(Repair(eswitch, mend));
  return eswitch;
}

bool Eswitch::IsUnfinished(const absl::Status& status) {
  return status.GetPayload(kNotWhole) == kNoEnd;
}

bool Eswitch::IsWithoutUplink(const absl::Status& status) {
  return status.GetPayload(kNotWhole) == kNoUplink;
}

absl::Status Eswitch::CheckVersion() const { return CheckToWrite(dir_.state(), uplink_.name); }

absl::Status Eswitch::CheckVersion(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(const EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  return CheckToWrite(dir.state(), uplink);
}

absl::Status Eswitch::CheckDel(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  return dir.exists() ? CheckCapabilities() : NoEswitch(uplink);
}

absl::Status Eswitch::Del(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, bpffs, uplink));
  // One that was killed may have left no more than the namespace's own directories.
  if (!dir.exists()) XSW_RETURN_IF_ERROR(dir.RemoveRoots());
  XSW_RETURN_IF_ERROR(CheckDel(bpffs, uplink));
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  // Another command was faster.
  if (absl::IsNotFound(lock.status())) return NoEswitch(uplink);
  if (!lock.ok()) return lock.status();
  std::vector<uint32_t> ports;
  if (absl::StatusOr<Eswitch> eswitch = OpenToRead(bpffs, uplink); eswitch.ok())
    ports = PortIndices(*eswitch);
  const std::string name = dir.uplink().name;
  XSW_RETURN_IF_ERROR(Remove(nl, dir, *std::move(lock)));
  for (uint32_t port : ports)
    Notify({.object = "port", .action = Action::kDel, .uplink = name, .port = port});
  Notify({.object = "eswitch", .action = Action::kDel, .uplink = name});
  return absl::OkStatus();
}

// What it fails for is nothing that a change should fail for: a reader then sees an older time.
void Eswitch::NoteChange() const { utimensat(AT_FDCWD, dir_.path().c_str(), nullptr, 0); }

absl::StatusOr<timespec> Eswitch::LastChange() const {
  struct stat info;
  if (stat(dir_.path().c_str(), &info))
    return ErrnoStatus(errno, absl::StrCat("look at ", dir_.path()));
  return info.st_mtim;
}

std::string Eswitch::UplinkPin(const std::string& program) const {
  return absl::StrCat(dir_.path(), "/link_", program);
}

std::string Eswitch::PortPin(uint32_t port, const std::string& program) const {
  return absl::StrCat(dir_.path(), "/ports/", port, "_", program);
}

}  // namespace xsw
