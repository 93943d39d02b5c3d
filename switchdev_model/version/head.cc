// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/version/head.h"

#include <bpf/bpf.h>

#include <cstring>

#include "abi.h"
#include "userspace/older.h"
#include "userspace/own_abi.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kFlagsOf4 = 28;  // where version 4 had them, in one byte

absl::Status Check(const std::string& state, const std::string& uplink, uint32_t oldest) {
  const std::optional<StateHead> head = ReadHead(state);
  if (!head || head->abi == 0 || (head->abi >= oldest && head->abi <= OwnAbi()))
    return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("eswitch ", uplink, ": ", MadeBy(head->abi, uplink)));
}

}  // namespace

std::optional<StateHead> ReadHead(const std::string& state) {
  const absl::StatusOr<Fd> map = OpenMap(state, kEswitchMap);
  bpf_map_info info = {};
  __u32 len = sizeof(info), zero = 0;
  uint8_t value[kMostHeadBytes] = {};
  if (!map.ok() || bpf_obj_get_info_by_fd(map->get(), &info, &len) ||
      info.value_size > sizeof(value) || bpf_map_lookup_elem(map->get(), &zero, value))
    return std::nullopt;
  StateHead head;
  std::memcpy(&head.abi, value + offsetof(xsw_eswitch, abi), sizeof(head.abi));
  std::memcpy(&head.ifindex, value + offsetof(xsw_eswitch, ifindex), sizeof(head.ifindex));
  std::memcpy(&head.netns, value + offsetof(xsw_eswitch, netns), sizeof(head.netns));
  std::memcpy(&head.flags, value + offsetof(xsw_eswitch, flags), sizeof(head.flags));
  if (head.abi < kFlagsInHeadSince) head.flags = value[kFlagsOf4];
  return head;
}

std::string MadeBy(uint32_t abi, const std::string& uplink) {
  const std::string versions =
      absl::StrCat("an xsw with ABI version ", abi, ", this one has ", OwnAbi());
  if (abi > OwnAbi())
    return absl::StrCat("made by a newer xsw (", versions, "): use that one, or xsw eswitch del ",
                        uplink);
  if (abi < kOldestAbi)
    return absl::StrCat("made by ", versions,
                        ", and there is no way from that: use that one, or xsw eswitch del ",
                        uplink);
  return absl::StrCat("made by ", versions, ": xsw eswitch upgrade ", uplink);
}

absl::Status CheckToWrite(const std::string& state, const std::string& uplink) {
  return Check(state, uplink, OwnAbi());
}

absl::Status CheckToRead(const std::string& state, const std::string& uplink) {
  return Check(state, uplink, kOldestAbi);
}

}  // namespace xsw
