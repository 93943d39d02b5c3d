// SPDX-License-Identifier: Apache-2.0
#include "userspace/status.h"

#include "switchdev_model/ports/port.h"
#include "tools/xsw-cni/attached.h"
#include "tools/xsw-cni/command.h"
#include "tools/xsw-cni/error.h"
#include "tools/xsw-cni/ipam.h"
#include "tools/xsw-cni/version.h"
#include "userspace/bpffs.h"

namespace xsw::cni {
namespace {

// Whether there is room for one more port, or for the eswitch.
absl::Status CheckRoom(const std::string& bpffs, const Config& config) {
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, config.master);
  if (IsNoEswitch(eswitch.status()) && config.eswitch)
    return Eswitch::CheckAdd(bpffs, config.master, *config.eswitch);
  if (!eswitch.ok()) return eswitch.status();
  XSW_RETURN_IF_ERROR(eswitch->CheckVersion());
  return ChooseNumbers(eswitch->uplink().name, TakenOf(*eswitch), {}).status();
}

}  // namespace

absl::StatusOr<Json> Status(const Request& request) {
  XSW_ASSIGN_OR_RETURN(const Config config, ReadConfig(request));
  XSW_RETURN_IF_ERROR(CheckSince(config, "1.1.0", "STATUS"));
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(config.bpffs));
  XSW_RETURN_IF_ERROR(WithCode(Code::kNotAvailable, CheckRoom(bpffs, config)));
  XSW_RETURN_IF_ERROR(IpamStatus(config));
  return Json();
}

absl::StatusOr<Json> Version(const Request& request) {
  return Json({{"cniVersion", VersionOf(request.input)}, {"supportedVersions", Versions()}});
}

}  // namespace xsw::cni
