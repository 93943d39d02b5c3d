// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/attached.h"

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "switchdev_model/ports/port.h"
#include "userspace/status.h"

namespace xsw::cni {

absl::StatusOr<std::vector<AttachedPort>> AttachedPorts(const std::string& bpffs,
                                                        const std::string& master) {
  std::vector<AttachedPort> all;
  for (const std::string& uplink : EswitchDir::List(bpffs)) {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    // Removed since it was listed; or none that this network has to do with.
    if (absl::IsNotFound(eswitch.status()) || (!eswitch.ok() && uplink != master)) continue;
    if (!eswitch.ok()) return eswitch.status();
    XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(*eswitch));
    for (const auto& [port, attachment] : attachments) all.push_back({uplink, port, attachment});
  }
  return all;
}

absl::Status Remove(const std::string& bpffs, const AttachedPort& attached) {
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToWrite(bpffs, attached.uplink, Mend::kGone);
  if (absl::IsNotFound(eswitch.status())) return absl::OkStatus();
  if (!eswitch.ok()) return eswitch.status();
  XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(*eswitch));
  const auto found = attachments.find(attached.port);
  if (found == attachments.end() || found->second != attached.attachment) return absl::OkStatus();
  return DelPort(*eswitch, attached.port);
}

absl::Status Settle(const std::string& bpffs, const std::string& master) {
  const absl::Status opened = Eswitch::OpenToWrite(bpffs, master, Mend::kGone).status();
  return absl::IsNotFound(opened) ? absl::OkStatus() : opened;
}

absl::StatusOr<int> RemoveAttached(const std::string& bpffs, const std::string& master,
                                   const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(const std::vector<AttachedPort> all, AttachedPorts(bpffs, master));
  int removed = 0;
  for (const AttachedPort& attached : all) {
    if (attached.attachment != attachment) continue;
    XSW_RETURN_IF_ERROR(Remove(bpffs, attached));
    removed++;
  }
  return removed;
}

}  // namespace xsw::cni
