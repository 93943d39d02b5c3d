// SPDX-License-Identifier: Apache-2.0
// Makes eswitches be as a document says.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_APPLY_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_APPLY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/configuration/document.h"

namespace xsw {

// bpffs is FindBpffs()'s, here and below.
absl::StatusOr<Description> SaveEswitch(const std::string& bpffs, const std::string& uplink);

// One eswitch of the document: whole, or not at all, under its lock from the first step to the
// last. What cannot be given back when a later step fails: the counters and netdevs of a port that
// was removed, IP addresses of a function that was moved, the queues of a block's former owner.
absl::Status ApplyEswitch(const std::string& bpffs, const Document& document,
                          const std::string& uplink, bool prune);

// What it would refuse before it changes anything, as far as that can be told.
absl::Status CheckApply(const std::string& bpffs, const Document& document,
                        const std::string& uplink, bool prune);

// What it would do, as commands, each after "xsw".
absl::StatusOr<std::vector<std::string>> DiffEswitch(const std::string& bpffs,
                                                     const Document& document,
                                                     const std::string& uplink, bool prune);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_APPLY_H_
