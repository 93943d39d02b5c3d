// SPDX-License-Identifier: Apache-2.0
// A port of class queues as the programs outside the eswitch see it: who may have its queues, and
// where they are.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_QUEUE_BLOCK_H_
#define XSW_SWITCHDEV_MODEL_PORTS_QUEUE_BLOCK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/function_change.h"

namespace xsw {

struct QueueBlock {
  std::string uplink;
  uint32_t index = 0;
  bool active = false;
  uint32_t queues = 0;
  std::string function;       // its netdev's name and
  int ifindex = 0;            // ifindex there
  std::string netns;          // as OpenNetns() takes it; empty: the port's own, at netns_path
  uint64_t netns_cookie = 0;  // of a netns that was named by a PID; else 0
  std::string netns_path;
  std::string xsks_pin;  // its XSKMAP
  Owner owner;
  uint64_t memory_max = 0;  // bytes that its applications may have in all
};

// None: no port of class queues with our program has this index.
std::optional<QueueBlock> ReadQueueBlock(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_QUEUE_BLOCK_H_
