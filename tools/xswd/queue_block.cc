// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/queue_block.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "switchdev_model/ports/port.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
std::string HandleOf(const QueueBlock& block) {
  return absl::StrCat(block.uplink, "/", block.index);
}

Blocks FindBlocks(const std::string& bpffs, const std::set<std::string>& known) {
  Blocks found;
  std::set<std::string> uplinks = known;
  for (const std::string& uplink : EswitchDir::List(bpffs)) uplinks.insert(uplink);
  for (const std::string& uplink : uplinks) {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    if (absl::IsNotFound(eswitch.status())) continue;
    if (!eswitch.ok()) {
      found.unread[uplink] = std::string(eswitch.status().message());
      continue;
    }
    found.uplinks.insert(eswitch->uplink().name);
    for (uint32_t index : PortIndices(*eswitch)) {
      if (std::optional<QueueBlock> block = ReadQueueBlock(*eswitch, index))
        found.blocks.push_back(*std::move(block));
    }
  }
  return found;
}

absl::StatusOr<QueueBlock> FindBlock(const std::string& bpffs, const std::string& uplink,
                                     uint32_t index) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  if (std::optional<QueueBlock> block = ReadQueueBlock(eswitch, index)) return *std::move(block);
  return absl::NotFoundError(absl::StrCat(
      "port ", uplink, "/", index, " does not exist as class queues with program xsk any more"));
}

absl::StatusOr<Fd> OpenFunctionNetns(const QueueBlock& block) {
  XSW_ASSIGN_OR_RETURN(
      Fd netns, block.netns.empty() ? OpenNetnsPath(block.netns_path) : OpenCanonicalNetns(block.netns));
  if (!block.netns_cookie) return netns;
  XSW_ASSIGN_OR_RETURN(uint64_t cookie, NetnsCookieOf(netns));
  if (cookie == block.netns_cookie) return netns;
  return absl::NotFoundError(absl::StrCat("port ", HandleOf(block), ": netns ", block.netns,
                                          " is not the namespace any more that it was"));
}

absl::StatusOr<Fd> OpenXskMap(const QueueBlock& block) {
  Fd map(bpf_obj_get(block.xsks_pin.c_str()));
  if (!map) return ErrnoStatus(errno, absl::StrCat("open ", block.xsks_pin));
  return map;
}

}  // namespace xsw
