// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/attached.h"

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "switchdev_model/ports/port.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

// An eswitch without an uplink forwards nothing, and no command changes it any more: of a port of
// it the pair goes, which a container may still have; the rest goes with the eswitch.
absl::Status RemovePair(const std::string& bpffs, const AttachedPort& attached) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, attached.uplink));
  XSW_ASSIGN_OR_RETURN(const int representor, eswitch.datapath().Target(attached.port));
  if (!representor) return absl::OkStatus();
  const absl::Status deleted =
      DeleteLink(eswitch.nl(), representor, NetdevOf(eswitch, attached.port));
  return absl::IsNotFound(deleted) ? absl::OkStatus() : deleted;
}

}  // namespace

bool IsNoEswitch(const absl::Status& opened) {
  return absl::IsNotFound(opened) || Eswitch::IsUnfinished(opened);
}

absl::StatusOr<std::vector<AttachedPort>> AttachedPorts(const std::string& bpffs,
                                                        const std::string& master) {
  std::vector<AttachedPort> all;
  for (const std::string& uplink : EswitchDir::List(bpffs)) {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    // Removed since it was listed; or none that this network has to do with.
    if (IsNoEswitch(eswitch.status()) || (!eswitch.ok() && uplink != master)) continue;
    if (!eswitch.ok()) return eswitch.status();
    XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(*eswitch));
    for (const auto& [port, attachment] : attachments) all.push_back({uplink, port, attachment});
  }
  return all;
}

absl::StatusOr<std::vector<AttachedPort>> PortsOf(const std::string& bpffs,
                                                  const std::string& master,
                                                  const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(std::vector<AttachedPort> all, AttachedPorts(bpffs, master));
  std::erase_if(all, [&](const AttachedPort& it) { return it.attachment != attachment; });
  return all;
}

absl::Status Remove(const std::string& bpffs, const AttachedPort& attached) {
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToWrite(bpffs, attached.uplink, Mend::kGone);
  if (absl::IsNotFound(eswitch.status())) return absl::OkStatus();
  if (Eswitch::IsWithoutUplink(eswitch.status())) return RemovePair(bpffs, attached);
  if (!eswitch.ok()) return eswitch.status();
  XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(*eswitch));
  const auto found = attachments.find(attached.port);
  if (found == attachments.end() || found->second != attached.attachment) return absl::OkStatus();
  return DelPort(*eswitch, attached.port);
}

absl::Status Settle(const std::string& bpffs, const std::string& master) {
  if (master.empty()) return absl::OkStatus();
  const absl::Status opened = Eswitch::OpenToWrite(bpffs, master, Mend::kGone).status();
  if (IsNoEswitch(opened) || Eswitch::IsWithoutUplink(opened)) return absl::OkStatus();
  return opened;
}

absl::Status RemoveAttached(const std::string& bpffs, const std::string& master,
                            const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(const std::vector<AttachedPort> ports, PortsOf(bpffs, master, attachment));
  for (const AttachedPort& attached : ports) XSW_RETURN_IF_ERROR(Remove(bpffs, attached));
  return ports.empty() ? Settle(bpffs, master) : absl::OkStatus();
}

}  // namespace xsw::cni
