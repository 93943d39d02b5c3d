// SPDX-License-Identifier: Apache-2.0
// The ports that runtimes have asked for, on all eswitches of the network namespace: a network's
// uplink may have been another one when the port was made.
#ifndef XSW_TOOLS_XSW_CNI_ATTACHED_H_
#define XSW_TOOLS_XSW_CNI_ATTACHED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/attachment.h"

namespace xsw::cni {

struct AttachedPort {
  std::string uplink;
  uint32_t port = 0;
  Attachment attachment;
};

// Of an eswitch that was opened: there is none, or a half made one, which has no ports either.
bool IsNoEswitch(const absl::Status& opened);

// An eswitch that cannot be read is an error if it is the master's.
absl::StatusOr<std::vector<AttachedPort>> AttachedPorts(const std::string& bpffs,
                                                        const std::string& master);
// Those of one attachment: one, or none.
absl::StatusOr<std::vector<AttachedPort>> PortsOf(const std::string& bpffs,
                                                  const std::string& master,
                                                  const Attachment& attachment);

// Removes one. It is gone already, or is another's by now: OK.
absl::Status Remove(const std::string& bpffs, const AttachedPort& attached);

// Finishes what a killed command has left of a port of the master's, whose it was or not. So does
// whoever opens the eswitch to write.
absl::Status Settle(const std::string& bpffs, const std::string& master);

// Removes them. Where there is none it settles: what removed it may have been killed behind its
// attachment's end, with half a port left that is nobody's.
absl::Status RemoveAttached(const std::string& bpffs, const std::string& master,
                            const Attachment& attachment);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_ATTACHED_H_
