// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/attached.h"
#include "tools/xsw-cni/command.h"
#include "tools/xsw-cni/ipam.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::cni {

// An address that cannot be given back keeps no port.
absl::StatusOr<Json> Del(const Request& request) {
  XSW_ASSIGN_OR_RETURN(const Config config, ReadConfigToEnd(request));
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(config.bpffs));
  absl::Status status = IpamDel(config);
  status.Update(
      RemoveAttached(bpffs, config.master, {config.name, request.container, request.ifname}));
  if (!status.ok()) return status;
  return Json();
}

}  // namespace xsw::cni
