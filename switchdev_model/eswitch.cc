// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch.h"

#include <fcntl.h>
#include <net/if_arp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "switchdev_model/fdb.h"
#include "switchdev_model/notify.h"
#include "switchdev_model/port.h"
#include "switchdev_model/repair.h"
#include "switchdev_model/uplink.h"
#include "userspace/bpffs.h"
#include "userspace/netns.h"
#include "userspace/shared_xdp.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status CheckUplink(const Link& link) {
  auto refuse = [&](const std::string& why) {
    return absl::InvalidArgumentError(absl::StrCat("eswitch ", link.name, ": ", why));
  };
  if (link.flags & IFF_LOOPBACK) return refuse("the loopback cannot be an uplink");
  if (link.type != ARPHRD_ETHER) return refuse("not an Ethernet device");
  if (link.master)
    return refuse(absl::StrCat("a member of another device (index ", link.master,
                               "), which takes its frames first: remove it from there"));
  return absl::OkStatus();
}

absl::Status NoEswitch(const std::string& uplink) {
  return absl::NotFoundError(
      absl::StrCat("eswitch ", uplink, ": does not exist (xsw eswitch add ", uplink, ")"));
}

std::string DirOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Removes an eswitch's directory, which is path and locked, and with the last one the namespace's
// own. The lock of these comes first in MakeDir, so this one is given back before.
absl::Status RemoveDirs(const EswitchDir& dir, const std::string& path, Fd lock) {
  XSW_RETURN_IF_ERROR(RemoveTree(path));
  lock = Fd();
  dir.RemoveRoots();
  return absl::OkStatus();
}

void Apply(const EswitchSettings& settings, xsw_eswitch& config) {
  if (settings.mode) config.mode = *settings.mode;
  if (settings.xdp) config.xdp = *settings.xdp;
  if (settings.rx_path) config.rx_path = *settings.rx_path;
  if (settings.host) config.host = *settings.host;
  if (settings.miss) config.miss = *settings.miss;
  // One store: programs look at it all the time.
  const xsw_miss by_mode =
      config.mode == XSW_MODE_SWITCHDEV ? XSW_MISS_REPRESENTOR : XSW_MISS_UPLINK;
  std::atomic_ref<__u8>(config.misses) = config.miss == XSW_MISS_AUTO ? static_cast<__u8>(by_mode) : config.miss;
}

absl::Status CheckSettings(const Link& uplink, const xsw_eswitch& before,
                           const EswitchSettings& settings) {
  xsw_eswitch config = before;
  Apply(settings, config);
  if (settings.xdp == XSW_XDP_SHARED) XSW_RETURN_IF_ERROR(CheckDispatcher());
  return CheckRxPath(uplink, config);
}

}  // namespace

absl::StatusOr<Eswitch> Eswitch::Open(const EswitchDir& dir, Netlink nl, Link uplink) {
  XSW_ASSIGN_OR_RETURN(Datapath datapath, Datapath::Open(dir.path()));
  Eswitch eswitch(dir, std::move(datapath), std::move(nl), std::move(uplink));
  const std::string parked = dir.ParkedNetns(eswitch.config().ifindex);
  eswitch.parked_ = Fd(open(parked.c_str(), O_RDONLY | O_CLOEXEC));
  return eswitch;
}

absl::Status Eswitch::CheckAdd(const std::string& bpffs, const std::string& uplink,
                               const EswitchSettings& settings) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(Link link, GetLink(nl, uplink));
  XSW_RETURN_IF_ERROR(CheckUplink(link));
  XSW_RETURN_IF_ERROR(CheckSettings(link, {}, settings));
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(bpffs, link.name));
  dir.FollowRenames(nl, link);
  // Another `eswitch add` may be at work there: what it has made is known when it is done.
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  if (absl::IsNotFound(lock.status())) return absl::OkStatus();
  if (!lock.ok()) return lock.status();
  if (!dir.exists()) return absl::OkStatus();
  if (dir.PinnedIfindex() == link.ifindex)
    return absl::AlreadyExistsError(absl::StrCat("eswitch ", uplink, ": already exists"));
  return absl::FailedPreconditionError(
      absl::StrCat("eswitch ", uplink, ": ", dir.path(), " holds the state of another netdev or ",
                   "of an interrupted command: xsw eswitch del ", uplink));
}

// Makes and locks the directory at once: seen by others, it is locked.
absl::StatusOr<Fd> Eswitch::MakeDir(const EswitchDir& dir) {
  const std::string root = DirOf(dir.path());
  for (;;) {
    XSW_RETURN_IF_ERROR(MakeDirs(root));
    absl::StatusOr<Fd> root_lock = LockDir(root);
    // The last eswitch here takes the root with it: once more.
    if (absl::IsNotFound(root_lock.status())) continue;
    if (!root_lock.ok()) return root_lock.status();
    if (mkdir(dir.path().c_str(), 0700))
      return ErrnoStatus(errno, absl::StrCat("create ", dir.path()));
    absl::StatusOr<Fd> lock = LockDir(dir.path());
    // An `eswitch del` that was faster has found no state in it, and removed it.
    if (!absl::IsNotFound(lock.status())) return lock;
  }
}

absl::Status Eswitch::Add(const std::string& bpffs, const std::string& uplink,
                          const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(CheckAdd(bpffs, uplink, settings));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(Link link, GetLink(nl, uplink));
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(bpffs, link.name));
  EswitchDir::RemoveDead(bpffs);
  absl::StatusOr<Fd> lock = MakeDir(dir);
  // Somebody else was faster since the check.
  if (absl::IsAlreadyExists(lock.status())) return Add(bpffs, uplink, settings);
  if (!lock.ok()) return lock.status();
  absl::Cleanup remove_dirs = [&] { RemoveDirs(dir, dir.path(), *std::move(lock)).IgnoreError(); };
  XSW_ASSIGN_OR_RETURN(Datapath datapath, Datapath::Load(dir.path()));
  XSW_ASSIGN_OR_RETURN(datapath.eswitch().netns, NetnsCookie());
  XSW_RETURN_IF_ERROR(datapath.SetUplink(link.ifindex));
  datapath.eswitch().ifindex = link.ifindex;
  datapath.eswitch().host = 1;
  Eswitch eswitch(dir, std::move(datapath), std::move(nl), std::move(link));
  absl::Cleanup stop = [&] { eswitch.Stop(); };
  XSW_RETURN_IF_ERROR(eswitch.Start(settings));
  std::move(stop).Cancel();
  std::move(remove_dirs).Cancel();
  Notify({.object = "eswitch", .action = Action::kNew, .uplink = uplink});
  return absl::OkStatus();
}

absl::Status Eswitch::Start(const EswitchSettings& settings) {
  const std::string parked = dir_.ParkedNetns(uplink_.ifindex);
  XSW_RETURN_IF_ERROR(MakeDirs(DirOf(parked)));
  XSW_RETURN_IF_ERROR(MakeDirs(absl::StrCat(dir_.path(), "/ports")));
  // One that a crash left cannot hold anything of ours: the directory of its eswitch was gone.
  RemoveNetns(parked);
  XSW_RETURN_IF_ERROR(MakeNetns(parked));
  Apply(settings, config());
  XSW_RETURN_IF_ERROR(SyncHostAddress(*this));
  XSW_RETURN_IF_ERROR(AttachUplink(*this));
  return ApplyXdp(*this);
}

void Eswitch::Stop() {
  DetachUplink(*this).IgnoreError();
  RemoveNetns(dir_.ParkedNetns(config().ifindex));
}

absl::StatusOr<Eswitch> Eswitch::OpenToRead(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(bpffs, uplink));
  absl::StatusOr<Link> link = GetLink(nl, uplink);
  dir.FollowRenames(nl, link.ok() ? std::optional<Link>(*link) : std::nullopt);
  if (!dir.exists()) return link.ok() ? NoEswitch(uplink) : link.status();
  // The state may be that of a netdev that is gone, whose name this one has now or nobody.
  if (!link.ok() || dir.PinnedIfindex().value_or(link->ifindex) != link->ifindex)
    link = Link{.name = uplink};
  return Open(dir, std::move(nl), *std::move(link));
}

absl::StatusOr<Eswitch> Eswitch::OpenToWrite(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(bpffs, uplink));
  absl::StatusOr<Link> link = GetLink(nl, uplink);
  dir.FollowRenames(nl, link.ok() ? std::optional<Link>(*link) : std::nullopt);
  // Only what is read under the lock counts: whoever holds it may be removing the eswitch. If there is
  // none to lock, OpenToRead says what is not there.
  absl::StatusOr<Fd> lock = LockDir(dir.path());
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenToRead(bpffs, uplink));
  if (!lock.ok()) return lock.status();
  eswitch.lock_ = *std::move(lock);
  if (!eswitch.uplink_.ifindex)
    return absl::FailedPreconditionError(absl::StrCat(
        "eswitch ", uplink, ": its netdev is gone: xsw eswitch del ", uplink));
  XSW_RETURN_IF_ERROR(Repair(eswitch));
  return eswitch;
}

absl::Status Eswitch::CheckSet(const EswitchSettings& settings) {
  return CheckSettings(uplink_, config(), settings);
}

absl::Status Eswitch::Set(const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(CheckSet(settings));
  const xsw_eswitch before = config();
  Apply(settings, config());
  absl::Status status = ApplyXdp(*this);
  if (status.ok()) {
    Notify({.object = "eswitch", .action = Action::kSet, .uplink = uplink_.name});
    return status;
  }
  Apply({.mode = static_cast<xsw_mode>(before.mode),
         .xdp = static_cast<xsw_xdp>(before.xdp),
         .rx_path = static_cast<xsw_rx_path>(before.rx_path),
         .host = before.host != 0,
         .miss = static_cast<xsw_miss>(before.miss)},
        config());
  ApplyXdp(*this).IgnoreError();
  return status;
}

absl::Status Eswitch::Del(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(bpffs, uplink));
  std::string path = dir.path();
  {
    absl::StatusOr<Eswitch> seen = OpenToRead(bpffs, uplink);
    if (!seen.ok() && (!dir.exists() || absl::IsFailedPrecondition(seen.status())))
      return seen.status();
    if (seen.ok()) path = seen->dir_.path();
  }
  absl::StatusOr<Fd> lock = LockDir(path);
  // Only what is read under the lock counts: another command may have made it anew while we waited,
  // or removed it.
  absl::StatusOr<Eswitch> eswitch = OpenToRead(bpffs, uplink);
  if (!lock.ok()) return eswitch.ok() ? lock.status() : eswitch.status();
  if (eswitch.ok()) {
    XSW_RETURN_IF_ERROR(DelAllPorts(*eswitch));
    XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> addresses, FdbShow(*eswitch));
    FdbReleaseAll(*eswitch, XSW_UPLINK, addresses);
    XSW_RETURN_IF_ERROR(DetachUplink(*eswitch));
    RemoveNetns(dir.ParkedNetns(eswitch->config().ifindex));
  }
  XSW_RETURN_IF_ERROR(RemoveDirs(dir, path, *std::move(lock)));
  Notify({.object = "eswitch", .action = Action::kDel, .uplink = uplink});
  return absl::OkStatus();
}

std::string Eswitch::UplinkPin(const std::string& program) const {
  return absl::StrCat(dir_.path(), "/link_", program);
}

std::string Eswitch::PortPin(uint32_t port, const std::string& program) const {
  return absl::StrCat(dir_.path(), "/ports/", port, "_", program);
}

}  // namespace xsw
