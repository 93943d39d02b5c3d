// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch_dir.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "abi.h"
#include "userspace/bpffs.h"
#include "userspace/datapath.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kRunDir[] = "/run/xsw";

std::string RootOf(const std::string& bpffs, uint64_t cookie) {
  return absl::StrCat(bpffs, "/xsw/", cookie);
}

std::optional<xsw_eswitch> StatePinnedIn(const std::string& path) {
  Fd map(bpf_obj_get(absl::StrCat(path, "/xsw_eswitch").c_str()));
  bpf_map_info info = {};
  __u32 len = sizeof(info), zero = 0;
  xsw_eswitch eswitch = {};
  if (!map || bpf_obj_get_info_by_fd(map.get(), &info, &len) ||
      info.value_size != sizeof(eswitch) || bpf_map_lookup_elem(map.get(), &zero, &eswitch))
    return std::nullopt;
  return eswitch;
}

std::optional<int> IfindexPinnedIn(const std::string& path) {
  const std::optional<xsw_eswitch> eswitch = StatePinnedIn(path);
  return eswitch ? std::optional(static_cast<int>(eswitch->ifindex)) : std::nullopt;
}

// Of our kind, whole (without an ifindex it may be an `eswitch add` at work), and nothing is left
// of what it switched.
bool IsDead(const std::string& path) {
  const std::optional<xsw_eswitch> eswitch = StatePinnedIn(path);
  return eswitch && eswitch->abi == XSW_ABI_VERSION && eswitch->ifindex && !HasNetdevs(path);
}

}  // namespace

void EswitchDir::RemoveDead(const std::string& bpffs) {
  absl::StatusOr<uint64_t> own = NetnsCookie();
  const std::string all = absl::StrCat(bpffs, "/xsw");
  for (const std::string& cookie : ListDir(all)) {
    if (!own.ok() || cookie == absl::StrCat(*own)) continue;
    const std::string root = absl::StrCat(all, "/", cookie);
    const std::string run = absl::StrCat(kRunDir, "/", cookie);
    for (const std::string& name : ListDir(root)) {
      const EswitchDir dir(root, absl::StrCat(root, "/", name), run);
      if (!IsDead(dir.path())) continue;
      const absl::StatusOr<Fd> lock = LockDir(dir.path());
      if (!lock.ok() || !IsDead(dir.path())) continue;
      RemoveNetns(dir.ParkedNetns(*dir.PinnedIfindex()));
      RemoveTree(dir.path()).IgnoreError();
    }
    EswitchDir(root, root, run).RemoveRoots();
  }
}

void EswitchDir::RemoveRoots() const {
  absl::StatusOr<Fd> lock = LockDir(root_);
  std::error_code error;
  if (!lock.ok() || !std::filesystem::is_empty(root_, error) || error) return;
  rmdir(run_.c_str());
  rmdir(root_.c_str());
}

absl::StatusOr<EswitchDir> EswitchDir::Of(const std::string& bpffs, const std::string& uplink) {
  // Before it becomes a path.
  if (!IsNetdevName(uplink))
    return absl::NotFoundError(absl::StrCat("netdev ", uplink, ": No such device"));
  XSW_ASSIGN_OR_RETURN(uint64_t cookie, NetnsCookie());
  std::string root = RootOf(bpffs, cookie);
  return EswitchDir(root, absl::StrCat(root, "/", uplink), absl::StrCat(kRunDir, "/", cookie));
}

std::vector<std::string> EswitchDir::List(const std::string& bpffs) {
  absl::StatusOr<uint64_t> cookie = NetnsCookie();
  absl::StatusOr<Netlink> nl = Netlink::Open();
  if (!cookie.ok() || !nl.ok()) return {};
  std::vector<std::string> names;
  for (const std::string& name : ListDir(RootOf(bpffs, *cookie))) {
    std::optional<int> ifindex = IfindexPinnedIn(absl::StrCat(RootOf(bpffs, *cookie), "/", name));
    // Nothing that we can read: an `eswitch add` at work or cut off, or not ours.
    if (!ifindex) continue;
    absl::StatusOr<Link> link = GetLink(*nl, *ifindex);
    names.push_back(link.ok() ? link->name : name);
  }
  return names;
}

bool EswitchDir::exists() const { return access(path_.c_str(), F_OK) == 0; }

std::optional<int> EswitchDir::PinnedIfindex() const { return IfindexPinnedIn(path_); }

void EswitchDir::FollowRenames(Netlink& nl, std::optional<Link> uplink) const {
  std::optional<int> ifindex = PinnedIfindex();
  if (uplink && ifindex == uplink->ifindex) return;
  if (ifindex) {
    absl::StatusOr<Link> owner = GetLink(nl, *ifindex);
    if (owner.ok()) std::rename(path_.c_str(), absl::StrCat(root_, "/", owner->name).c_str());
  }
  for (const std::string& name : ListDir(root_)) {
    std::string other = absl::StrCat(root_, "/", name);
    if (!uplink || other == path_ || IfindexPinnedIn(other) != uplink->ifindex) continue;
    // Should the new name still hold state of a netdev that is gone, rename refuses, and so do we.
    std::rename(other.c_str(), path_.c_str());
    return;
  }
}

std::string EswitchDir::ParkedNetns(int ifindex) const {
  return absl::StrCat(run_, "/", ifindex, ".netns");
}

std::string EswitchDir::PortNetns(int ifindex, uint32_t port) const {
  return absl::StrCat(run_, "/", ifindex, "-", port, ".netns");
}

}  // namespace xsw
