// SPDX-License-Identifier: Apache-2.0
// Ports of class queues with our program, as the kernel has them at this moment: read anew for
// every request, so that xswd holds no state that could be old.
#ifndef XSW_TOOLS_XSWD_QUEUE_BLOCK_H_
#define XSW_TOOLS_XSWD_QUEUE_BLOCK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/queue_block.h"
#include "userspace/fd.h"

namespace xsw {

std::string HandleOf(const QueueBlock& block);

struct Blocks {
  std::set<std::string> uplinks;
  std::vector<QueueBlock> blocks;
  // Eswitches that cannot be read, and why: that says nothing of their ports.
  std::map<std::string, std::string> unread;
};
// Of all eswitches in the caller's network namespace. known: uplinks that had one; it is gone only
// if that is proven.
Blocks FindBlocks(const std::string& bpffs, const std::set<std::string>& known);

// NotFound: there is no such port now.
absl::StatusOr<QueueBlock> FindBlock(const std::string& bpffs, const std::string& uplink,
                                     uint32_t index);

// The namespace in which its function end is. NotFound: there is another one in its place (a number
// that a process of another namespace has by now).
absl::StatusOr<Fd> OpenFunctionNetns(const QueueBlock& block);
absl::StatusOr<Fd> OpenXskMap(const QueueBlock& block);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_QUEUE_BLOCK_H_
