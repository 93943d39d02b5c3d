// SPDX-License-Identifier: Apache-2.0
// The plugin that gives addresses out: host-local, dhcp, static.
#ifndef XSW_TOOLS_XSW_CNI_IPAM_H_
#define XSW_TOOLS_XSW_CNI_IPAM_H_

#include "absl/status/statusor.h"
#include "tools/xsw-cni/config.h"
#include "tools/xsw-cni/result.h"

namespace xsw::cni {

// Each does nothing without an ipam in the configuration, and speaks the newest version that both
// know: those of Debian 12 know 1.0.0. An error has a code.
absl::StatusOr<Given> IpamAdd(const Config& config);
absl::Status IpamCheck(const Config& config);
// attachment: another's than the one that is asked for, when what is left of it is collected.
absl::Status IpamDel(const Config& config, const Attachment* attachment = nullptr);

// Of 1.1.0: does nothing where the plugin does not know it.
absl::Status IpamStatus(const Config& config);
// Whether the plugin has collected what it has given out itself.
absl::StatusOr<bool> IpamGc(const Config& config);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_IPAM_H_
