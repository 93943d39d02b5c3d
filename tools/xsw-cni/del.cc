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
  const absl::StatusOr<int> removed =
      RemoveAttached(bpffs, config.master, {config.name, request.container, request.ifname});
  status.Update(removed.status());
  // A DEL that was killed may have come as far as to half a port, which is nobody's.
  if (removed.ok() && *removed == 0) status.Update(Settle(bpffs, config.master));
  if (!status.ok()) return status;
  return Json();
}

}  // namespace xsw::cni
