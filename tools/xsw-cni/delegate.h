// SPDX-License-Identifier: Apache-2.0
// Another plugin, called as the runtime has called this one.
#ifndef XSW_TOOLS_XSW_CNI_DELEGATE_H_
#define XSW_TOOLS_XSW_CNI_DELEGATE_H_

#include <chrono>
#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace xsw::cni {

// So long a plugin may take; libcni itself sets no limit.
inline constexpr std::chrono::seconds kPatience{60};

// The program of that name in CNI_PATH, with our environment but for what `variables` says anew.
// Returns what it has written to stdout. An error has a code: the plugin's own if it says one;
// kIoFailure: there is no such program; kTryAgainLater: it has not ended in time, and is no more.
absl::StatusOr<std::string> Delegate(const std::string& plugin,
                                     const std::map<std::string, std::string>& variables,
                                     const std::string& input);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_DELEGATE_H_
