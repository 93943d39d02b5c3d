// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/port.h"
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

// Where xswd hands the queues of a port out.
std::string SocketPath(const std::string& uplink, uint32_t port) {
  return absl::StrCat("/run/xsw/", uplink, "/", port, ".sock");
}

absl::StatusOr<Eswitch> OpenEswitch(const std::string& bpffs, const Config& config) {
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToWrite(bpffs, config.master, Mend::kGone);
  if (!IsNoEswitch(eswitch.status())) return eswitch;
  if (!config.eswitch)
    return absl::NotFoundError(absl::StrCat(eswitch.status().message(),
                                            "; \"eswitch\": {} in the configuration makes it"));
  const absl::Status added = Eswitch::Add(bpffs, config.master, *config.eswitch);
  // Another ADD was faster.
  if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
  return Eswitch::OpenToWrite(bpffs, config.master, Mend::kGone);
}

absl::StatusOr<std::vector<Interface>> Interfaces(const Request& request, const Config& config,
                                                  Eswitch& eswitch, uint32_t port) {
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> infos, GetPorts(eswitch, {port}));
  const PortInfo& info = infos.front();
  XSW_ASSIGN_OR_RETURN(const Link representor, GetLink(eswitch.nl(), info.netdev));
  Interface function{
      .name = request.ifname, .mac = info.hw_addr, .sandbox = request.netns, .mtu = info.mtu};
  if (config.is_queues()) function.socket_path = SocketPath(eswitch.uplink().name, port);
  return std::vector<Interface>{{.name = info.netdev, .mac = representor.mac}, function};
}

// Others wait for the eswitch's lock no longer than this takes.
absl::StatusOr<std::vector<Interface>> MakePort(const std::string& bpffs, const Request& request,
                                                const Config& config,
                                                const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, OpenEswitch(bpffs, config));
  XSW_ASSIGN_OR_RETURN(const uint32_t port,
                       AddPort(eswitch, {.function = config.function, .attachment = attachment}));
  return Interfaces(request, config, eswitch, port);
}

absl::StatusOr<Json> Attach(const std::string& bpffs, const Request& request, const Config& config,
                            const Attachment& attachment, const Fd& netns) {
  XSW_ASSIGN_OR_RETURN(const std::vector<Interface> interfaces,
                       MakePort(bpffs, request, config, attachment));
  XSW_ASSIGN_OR_RETURN(const Given given, IpamAdd(config));
  if (!config.is_queues()) XSW_RETURN_IF_ERROR(Furnish(netns, request.ifname, given));
  Json result = MakeResult(config.version, interfaces, given);
  if (!config.dns.empty()) result["dns"] = config.dns;
  return result;
}

// What an ADD of the same attachment has left that was killed, or for which the runtime has called
// no DEL. Its address first: host-local gives a container no second one, and without the
// port nobody would know of it.
absl::Status RemoveOld(const std::string& bpffs, const Config& config,
                       const Attachment& attachment) {
  XSW_ASSIGN_OR_RETURN(const std::vector<AttachedPort> old,
                       PortsOf(bpffs, config.master, attachment));
  for (const AttachedPort& attached : old) {
    XSW_RETURN_IF_ERROR(IpamDel(config));
    XSW_RETURN_IF_ERROR(Remove(bpffs, attached));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Json> Add(const Request& request) {
  XSW_ASSIGN_OR_RETURN(const Config config, ReadConfig(request));
  if (config.previous)
    return Error(Code::kInvalidConfig,
                 "prevResult: xsw makes the interface, so it is the first of a chain");
  XSW_ASSIGN_OR_RETURN(const Fd netns, OpenContainer(request.netns));
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(config.bpffs));
  const Attachment attachment{config.name, request.container, request.ifname};
  XSW_RETURN_IF_ERROR(RemoveOld(bpffs, config, attachment));
  absl::StatusOr<Json> result = Attach(bpffs, request, config, attachment, netns);
  if (result.ok()) return result;
  // The error that is reported is the one that has come first; what stays now, DEL and GC remove.
  IpamDel(config).IgnoreError();
  RemoveAttached(bpffs, config.master, attachment).IgnoreError();
  return result;
}

}  // namespace xsw::cni
