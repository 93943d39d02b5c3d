// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/eswitch_dir.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "abi.h"
#include "absl/strings/numbers.h"
#include "switchdev_model/repair/remains.h"
#include "switchdev_model/version/head.h"
#include "userspace/bpffs.h"
#include "userspace/datapath.h"
#include "userspace/netns.h"
#include "userspace/pinned.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

constexpr char kRunDir[] = "/run/xsw";
constexpr char kName[] = "/uplink";
constexpr char kDead[] = "dead_";  // before the name of a directory that nothing is alive of

constexpr uint32_t kLastNamedAbi = 4;

}  // namespace

EswitchDir::EswitchDir(const std::string& bpffs, uint64_t cookie, const std::string& name,
                       Link uplink)
    : root_(absl::StrCat(bpffs, "/xsw/", cookie)),
      path_(absl::StrCat(root_, "/", name)),
      run_(absl::StrCat(kRunDir, "/", cookie)),
      uplink_(std::move(uplink)) {}

// Up to version 4 a directory had its uplink's name.
std::vector<EswitchDir> EswitchDir::AllIn(const std::string& bpffs, uint64_t cookie) {
  std::vector<EswitchDir> all;
  for (const std::string& name : ListDir(absl::StrCat(bpffs, "/xsw/", cookie))) {
    EswitchDir dir(bpffs, cookie, name, {});
    if (name.starts_with(kDead)) continue;
    const bool numbered = absl::SimpleAtoi(name, &dir.ifindex_) && dir.ifindex_ > 0;
    const std::optional<StateHead> head = ReadHead(dir.state());
    // Another entry is not ours.
    if (!numbered && (!head || head->abi > kLastNamedAbi)) continue;
    if (!numbered) dir.ifindex_ = static_cast<int>(head->ifindex);
    dir.uplink_.name = numbered ? dir.Name() : name;
    all.push_back(std::move(dir));
  }
  return all;
}

absl::StatusOr<EswitchDir> EswitchDir::Of(Netlink& nl, const std::string& bpffs,
                                          const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(uint64_t cookie, NetnsCookie());
  absl::StatusOr<Link> link = GetLink(nl, uplink);
  if (!link.ok() && !absl::IsNotFound(link.status())) return link.status();
  for (EswitchDir& dir : AllIn(bpffs, cookie)) {
    if (!link.ok() || dir.ifindex_ != link->ifindex) continue;
    dir.uplink_ = *link;
    return std::move(dir);
  }
  for (EswitchDir& dir : AllIn(bpffs, cookie)) {
    if (dir.uplink_.name == uplink && absl::IsNotFound(GetLink(nl, dir.ifindex_).status()))
      return std::move(dir);
  }
  if (!link.ok()) return absl::NotFoundError(absl::StrCat("netdev ", uplink, ": No such device"));
  EswitchDir dir(bpffs, cookie, absl::StrCat(link->ifindex), *link);
  dir.ifindex_ = link->ifindex;
  return dir;
}

std::vector<std::string> EswitchDir::List(const std::string& bpffs) {
  absl::StatusOr<uint64_t> cookie = NetnsCookie();
  absl::StatusOr<Netlink> nl = Netlink::Open();
  if (!cookie.ok() || !nl.ok()) return {};
  std::vector<std::string> names;
  for (const EswitchDir& dir : AllIn(bpffs, *cookie)) {
    // An `eswitch add` or `eswitch del` at work or cut off: who names it is told.
    if (!dir.IsReady()) continue;
    absl::StatusOr<Link> link = GetLink(*nl, dir.ifindex_);
    names.push_back(link.ok() ? link->name : dir.Name());
  }
  return names;
}

// Of our kind, whole (without an ifindex it may be an `eswitch add` at work), and nothing is left
// of what it switched.
bool EswitchDir::IsDead() const {
  const std::optional<StateHead> head = ReadHead(state());
  return head && head->ifindex && !HasNetdevs(state());
}

// By its name from here on: a command that is killed among its pins leaves what the next one knows.
void EswitchDir::MarkDead() {
  const absl::StatusOr<Fd> lock = LockDir(path_);
  if (!lock.ok() || !IsDead()) return;
  // One that stays as it is the next `eswitch add` finds again.
  if (RestoreGracePeriods(state()).ok() && RemoveNetnses().ok())
    Rename(absl::StrCat(kDead, name())).IgnoreError();
}

void EswitchDir::RemoveDead(const std::string& bpffs) {
  absl::StatusOr<uint64_t> own = NetnsCookie();
  for (const std::string& name : ListDir(absl::StrCat(bpffs, "/xsw"))) {
    uint64_t cookie = 0;
    if (!own.ok() || !absl::SimpleAtoi(name, &cookie) || cookie == *own) continue;
    for (EswitchDir& dir : AllIn(bpffs, cookie)) dir.MarkDead();
    const EswitchDir any(bpffs, cookie, "", {});
    for (const std::string& dead : ListDir(any.root())) {
      // One that stays the next `eswitch add` finds again.
      if (dead.starts_with(kDead)) RemoveTree(absl::StrCat(any.root(), "/", dead)).IgnoreError();
    }
    // They are in nobody's way.
    any.RemoveRoots().IgnoreError();
  }
}

absl::Status EswitchDir::Remove() const {
  for (const std::string& name : ListDir(path_)) {
    if ("/" + name != kName) XSW_RETURN_IF_ERROR(RemoveTree(absl::StrCat(path_, "/", name)));
  }
  return RemoveTree(path_);
}

absl::Status EswitchDir::RemoveRoots() const {
  absl::StatusOr<Fd> lock = LockDir(root_);
  if (absl::IsNotFound(lock.status())) return absl::OkStatus();
  if (!lock.ok()) return lock.status();
  std::error_code error;
  if (!std::filesystem::is_empty(root_, error)) return absl::OkStatus();
  for (const std::string& dir : {run_, root_}) {
    if (rmdir(dir.c_str()) && errno != ENOENT)
      return ErrnoStatus(errno, absl::StrCat("remove ", dir));
  }
  return absl::OkStatus();
}

std::string EswitchDir::state() const { return StateIn(path_); }

absl::Status EswitchDir::Rename(const std::string& name) {
  const std::string to = absl::StrCat(root_, "/", name);
  if (std::rename(path_.c_str(), to.c_str()))
    return ErrnoStatus(errno, absl::StrCat("rename ", path_, " to ", name));
  path_ = to;
  return absl::OkStatus();
}

bool EswitchDir::exists() const { return access(path_.c_str(), F_OK) == 0; }

std::string EswitchDir::Name() const {
  std::error_code error;
  return std::filesystem::read_symlink(path_ + kName, error).string();
}

absl::Status EswitchDir::SetName(const std::string& name) const {
  if (Name() == name) return absl::OkStatus();
  const std::string made = path_ + "/uplink_new", there = path_ + kName;
  // One that a killed command has left.
  unlink(made.c_str());
  if (symlink(name.c_str(), made.c_str()) || std::rename(made.c_str(), there.c_str()))
    return ErrnoStatus(errno, absl::StrCat("write ", there));
  return absl::OkStatus();
}

bool EswitchDir::IsReady() const {
  const std::optional<StateHead> head = ReadHead(state());
  // Before version 5 there was no such flag, and the ifindex came late.
  if (head && head->abi <= kLastNamedAbi) return head->ifindex != 0;
  return head && (head->flags & XSW_ESWITCH_READY);
}

std::string EswitchDir::ParkedNetns() const { return absl::StrCat(run_, "/", ifindex_, ".netns"); }

std::string EswitchDir::PortNetns(uint32_t port) const {
  return absl::StrCat(run_, "/", ifindex_, "-", port, ".netns");
}

absl::Status EswitchDir::RemoveNetnses() const {
  absl::Status first;
  for (const std::string& name : ListDir(run_)) {
    if (name.starts_with(absl::StrCat(ifindex_, ".")) ||
        name.starts_with(absl::StrCat(ifindex_, "-")))
      first.Update(RemoveNetns(absl::StrCat(run_, "/", name)));
  }
  return first;
}

}  // namespace xsw
