// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch_dir.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cstdio>

#include "abi.h"
#include "userspace/bpffs.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kRunDir[] = "/run/xsw";

std::string RootOf(const std::string& bpffs, uint64_t cookie) {
  return absl::StrCat(bpffs, "/xsw/", cookie);
}

std::optional<int> IfindexPinnedIn(const std::string& path) {
  Fd map(bpf_obj_get(absl::StrCat(path, "/xsw_eswitch").c_str()));
  bpf_map_info info = {};
  __u32 len = sizeof(info), zero = 0;
  xsw_eswitch eswitch = {};
  if (!map || bpf_obj_get_info_by_fd(map.get(), &info, &len) ||
      info.value_size != sizeof(eswitch) || bpf_map_lookup_elem(map.get(), &zero, &eswitch))
    return std::nullopt;
  return static_cast<int>(eswitch.ifindex);
}

}  // namespace

absl::StatusOr<EswitchDir> EswitchDir::Of(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(uint64_t cookie, NetnsCookie());
  std::string root = RootOf(bpffs, cookie);
  return EswitchDir(root, absl::StrCat(root, "/", uplink), absl::StrCat(kRunDir, "/", cookie));
}

std::vector<std::string> EswitchDir::List(const std::string& bpffs) {
  absl::StatusOr<uint64_t> cookie = NetnsCookie();
  if (!cookie.ok()) return {};
  return ListDir(RootOf(bpffs, *cookie));
}

bool EswitchDir::exists() const { return access(path_.c_str(), F_OK) == 0; }

std::optional<int> EswitchDir::PinnedIfindex() const { return IfindexPinnedIn(path_); }

void EswitchDir::FollowRename(const Link& uplink) const {
  if (PinnedIfindex() == uplink.ifindex) return;
  for (const std::string& name : ListDir(root_)) {
    std::string other = absl::StrCat(root_, "/", name);
    if (other == path_ || IfindexPinnedIn(other) != uplink.ifindex) continue;
    // Should the new name still hold state of a netdev that is gone, rename refuses, and so do we.
    std::rename(other.c_str(), path_.c_str());
    return;
  }
}

std::string EswitchDir::ParkedNetns(int ifindex) const {
  return absl::StrCat(run_, "/", ifindex, ".netns");
}

}  // namespace xsw
