// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/tables/flood.h"

#include <atomic>

namespace xsw {
namespace {

void StoreNext(xsw_port& port, uint32_t next) {
  std::atomic_ref<__u32>(port.next_member).store(next, std::memory_order_release);
}

// The last member before port, or the list's head.
uint32_t Before(MappedArray<xsw_port>& ports, uint32_t port) {
  uint32_t at = XSW_UPLINK;
  while (ports[at].next_member && ports[at].next_member < port) at = ports[at].next_member;
  return at;
}

}  // namespace

void JoinFlood(MappedArray<xsw_port>& ports, uint32_t port) {
  uint32_t before = Before(ports, port);
  if (ports[before].next_member == port) return;
  StoreNext(ports[port], ports[before].next_member);
  StoreNext(ports[before], port);
}

// The port keeps its own link, so that a flood standing on it goes on to the rest.
void LeaveFlood(MappedArray<xsw_port>& ports, uint32_t port) {
  uint32_t before = Before(ports, port);
  if (ports[before].next_member == port) StoreNext(ports[before], ports[port].next_member);
}

}  // namespace xsw
