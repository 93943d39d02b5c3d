// SPDX-License-Identifier: Apache-2.0
// The XSKMAPs of queue blocks: a part of datapath.h.
#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/datapath.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {

absl::Status Datapath::MakeXskMap(uint32_t port, const std::string& pin) {
  const std::string what = absl::StrCat("make the XSKMAP of port ", port);
  const Fd before(bpf_obj_get(pin.c_str()));
  const Fd map(bpf_map_create(BPF_MAP_TYPE_XSKMAP, kXskMap, sizeof(__u32), sizeof(__u32),
                              XSW_MAX_QUEUES, nullptr));
  const int fd = map.get();
  if (!map) return ErrnoStatus(errno, what);
  XSW_RETURN_IF_ERROR(PinInPlace(fd, pin, what));
  if (!bpf_map_update_elem(xsks_.get(), &port, &fd, BPF_ANY)) return absl::OkStatus();
  const absl::Status status = ErrnoStatus(errno, what);
  // The programs have the old one. Should it not get its pin back, MendXskMap() gives them the new
  // one.
  if (before) PinInPlace(before.get(), pin, what).IgnoreError();
  if (!before) unlink(pin.c_str());
  return status;
}

absl::Status Datapath::MendXskMap(uint32_t port, const std::string& pin) {
  Fd map(bpf_obj_get(pin.c_str()));
  if (!map && errno == ENOENT) return MakeXskMap(port, pin);
  bpf_map_info info = {};
  __u32 len = sizeof(info), used = 0;  // the id of a map in a map is its value
  const int fd = map.get();
  if (!map || bpf_obj_get_info_by_fd(fd, &info, &len))
    return ErrnoStatus(errno, absl::StrCat("read ", pin));
  if (!bpf_map_lookup_elem(xsks_.get(), &port, &used) && used == info.id) return absl::OkStatus();
  if (bpf_map_update_elem(xsks_.get(), &port, &fd, BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("mend the XSKMAP of port ", port));
  return absl::OkStatus();
}

absl::Status Datapath::RemoveXskMap(uint32_t port, const std::string& pin) {
  absl::Status status;
  if (bpf_map_delete_elem(xsks_.get(), &port) && errno != ENOENT)
    status = ErrnoStatus(errno, absl::StrCat("remove the XSKMAP of port ", port));
  // And one that was killed on its way there.
  for (const std::string& path : {pin, PlaceBeside(pin)}) {
    if (unlink(path.c_str()) && errno != ENOENT)
      status.Update(ErrnoStatus(errno, "remove " + path));
  }
  return status;
}

}  // namespace xsw
