// SPDX-License-Identifier: Apache-2.0
// The netdevs of an eswitch in its maps: where frames go, and which port one came from.
#include <bpf/bpf.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "userspace/datapath.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {

absl::Status Datapath::SetRepresentor(uint32_t port, int ifindex) {
  xsw_rep_slot& slot = reps_[static_cast<uint32_t>(ifindex) % XSW_REP_SLOTS];
  slot.port = port;
  std::atomic_ref<__u32>(slot.ifindex)
      .store(static_cast<__u32>(ifindex), std::memory_order_release);
  // Last: who finds a target takes the representor for whole.
  if (SetTarget(port, ifindex))
    return ErrnoStatus(errno, absl::StrCat("write representor of port ", port));
  return absl::OkStatus();
}

bool Datapath::RepresentorFits(int ifindex) const {
  const uint32_t there = reps_[static_cast<uint32_t>(ifindex) % XSW_REP_SLOTS].ifindex;
  return there == 0 || there == static_cast<uint32_t>(ifindex);
}

absl::Status Datapath::SetUplink(int ifindex) {
  if (SetTarget(XSW_UPLINK, ifindex))
    return ErrnoStatus(errno, "write the uplink's devmap entries");
  return absl::OkStatus();
}

int Datapath::SetTarget(uint32_t port, int ifindex) {
  bpf_devmap_val dev = {};
  dev.ifindex = ifindex;
  // The one that Target() reads last.
  for (const Fd* map : {&dev_xdp_, &dev_shared_, &dev_tc_}) {
    if (*map && bpf_map_update_elem(map->get(), &port, &dev, BPF_ANY)) return -1;
  }
  return 0;
}

absl::Status Datapath::MakeSharedTargets() {
  const std::string pin = absl::StrCat(dir_, "/", kDevSharedMap);
  Fd map(bpf_obj_get(pin.c_str()));
  if (!map) {
    map = Fd(bpf_map_create(BPF_MAP_TYPE_DEVMAP, kDevSharedMap, sizeof(__u32),
                            sizeof(bpf_devmap_val), XSW_MAX_PORTS + 1, nullptr));
    if (!map || bpf_obj_pin(map.get(), pin.c_str()))
      return ErrnoStatus(errno, absl::StrCat("make ", pin));
  }
  for (__u32 port = 0; port <= XSW_MAX_PORTS; port++) {
    bpf_devmap_val dev = {};
    if (!bpf_map_lookup_elem(dev_xdp_.get(), &port, &dev) && dev.ifindex &&
        bpf_map_update_elem(map.get(), &port, &dev, BPF_ANY))
      return ErrnoStatus(errno, absl::StrCat("write ", pin));
  }
  dev_shared_ = std::move(map);
  return absl::OkStatus();
}

void Datapath::DropSharedTargets() {
  unlink(absl::StrCat(dir_, "/", kDevSharedMap).c_str());
  dev_shared_ = Fd();
}

absl::Status Datapath::ClearRepresentor(uint32_t port, int ifindex) {
  absl::Status status = ClearTarget(port);
  xsw_rep_slot& slot = reps_[static_cast<uint32_t>(ifindex) % XSW_REP_SLOTS];
  if (slot.ifindex != static_cast<uint32_t>(ifindex)) return status;
  std::atomic_ref<__u32>(slot.ifindex).store(0);
  slot.port = 0;
  return status;
}

absl::Status Datapath::ClearTarget(uint32_t port) {
  // The one that Target() reads first.
  for (const Fd* map : {&dev_tc_, &dev_xdp_, &dev_shared_}) {
    if (*map && bpf_map_delete_elem(map->get(), &port) && errno != ENOENT)
      return ErrnoStatus(errno, absl::StrCat("remove the representor of port ", port));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Datapath::Target(uint32_t port) const {
  bpf_devmap_val dev = {};
  if (!bpf_map_lookup_elem(dev_tc_.get(), &port, &dev)) return static_cast<int>(dev.ifindex);
  if (errno == ENOENT) return 0;
  return ErrnoStatus(errno, absl::StrCat("read the representor of port ", port));
}

}  // namespace xsw
