// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/port_info.h"
#include "tools/xsw-cni/attached.h"
#include "tools/xsw-cni/command.h"
#include "tools/xsw-cni/container.h"
#include "tools/xsw-cni/error.h"
#include "tools/xsw-cni/ipam.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

absl::StatusOr<AttachedPort> FindPort(const std::string& bpffs, const Config& config,
                                      const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(const std::vector<AttachedPort> ports,
                       PortsOf(bpffs, config.master, attachment));
  if (!ports.empty()) return ports.front();
  return absl::NotFoundError(absl::StrCat("network ", config.name, ": container ",
                                          attachment.container, " has no port for ",
                                          attachment.ifname));
}

// The port's side: what a runtime cannot see.
absl::Status CheckPort(const std::string& bpffs, const Config& config,
                       const AttachedPort& attached) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, attached.uplink));
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> infos, GetPorts(eswitch, {attached.port}));
  const PortInfo& info = infos.front();
  const std::string what = absl::StrCat("port ", attached.uplink, "/", attached.port);
  if (!info.active) return absl::FailedPreconditionError(absl::StrCat(what, ": is inactive"));
  if (!config.is_queues() && !info.attached)
    return absl::FailedPreconditionError(absl::StrCat(what, ": is detached"));
  const uint16_t vlan = static_cast<uint16_t>(config.function.policy.vlan.vlan.value_or(0));
  const PortVlans vlans = GetVlans(eswitch, attached.port);
  if (vlans.trunk || vlans.pvid != vlan)
    return absl::FailedPreconditionError(absl::StrCat(what, ": is not in VLAN ", vlan));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Json> Check(const Request& request) {
  XSW_ASSIGN_OR_RETURN(const Config config, ReadConfig(request));
  XSW_RETURN_IF_ERROR(CheckSince(config, "0.4.0", "CHECK"));
  if (!config.previous) return Error(Code::kInvalidConfig, "prevResult is missing");
  XSW_ASSIGN_OR_RETURN(const Fd netns, OpenContainer(request.netns));
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(config.bpffs));
  XSW_RETURN_IF_ERROR(IpamCheck(config));
  const Attachment attachment{config.name, request.container, request.ifname};
  XSW_ASSIGN_OR_RETURN(const AttachedPort attached, FindPort(bpffs, config, attachment));
  XSW_RETURN_IF_ERROR(CheckPort(bpffs, config, attached));
  if (!config.is_queues())
    XSW_RETURN_IF_ERROR(CheckNetdev(netns, request.ifname, *config.previous));
  return Json();
}

}  // namespace xsw::cni
