// SPDX-License-Identifier: Apache-2.0
// The function in the container's network namespace.
#ifndef XSW_TOOLS_XSW_CNI_CONTAINER_H_
#define XSW_TOOLS_XSW_CNI_CONTAINER_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw-cni/config.h"
#include "tools/xsw-cni/result.h"
#include "userspace/fd.h"

namespace xsw::cni {

// kUnknownContainer: there is no such namespace. kInvalidEnvironment: no path, or the runtime's
// own.
absl::StatusOr<Fd> OpenContainer(const std::string& netns);

// Up, with the addresses and routes, which are announced to the neighbours.
absl::Status Furnish(const Fd& netns, const std::string& ifname, const Given& given);

// Whether the netdev is still as the runtime knows it, by the result of the last plugin of the
// chain: one behind us may have changed address and MTU, and says so there.
absl::Status CheckNetdev(const Fd& netns, const std::string& ifname, const Json& previous);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_CONTAINER_H_
