// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tools/xsw-cni/attached.h"
#include "tools/xsw-cni/command.h"
#include "tools/xsw-cni/ipam.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

bool IsStale(const Config& config, const Attachment& attachment) {
  return attachment.network == config.name &&
         std::none_of(config.valid->begin(), config.valid->end(), [&](const Attachment& valid) {
           return valid.container == attachment.container && valid.ifname == attachment.ifname;
         });
}

}  // namespace

// The addresses of what is removed go one by one where the IPAM plugin does not collect them.
absl::StatusOr<Json> Gc(const Request& request) {
  XSW_ASSIGN_OR_RETURN(const Config config, ReadConfigToEnd(request));
  XSW_RETURN_IF_ERROR(CheckSince(config, "1.1.0", "GC"));
  if (!config.valid) return Json();
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(config.bpffs));
  const absl::StatusOr<bool> collected = IpamGc(config);
  absl::Status status = collected.status();
  XSW_ASSIGN_OR_RETURN(const std::vector<AttachedPort> all, AttachedPorts(bpffs, config.master));
  for (const AttachedPort& attached : all) {
    if (!IsStale(config, attached.attachment)) continue;
    const absl::Status given_back =
        collected.value_or(false) ? absl::OkStatus() : IpamDel(config, &attached.attachment);
    status.Update(given_back);
    // Nobody but the port knows of the address: the next GC tries again.
    if (given_back.ok()) status.Update(Remove(bpffs, attached));
  }
  status.Update(Settle(bpffs, config.master));
  if (!status.ok()) return status;
  return Json();
}

}  // namespace xsw::cni
