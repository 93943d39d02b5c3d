// SPDX-License-Identifier: Apache-2.0
// The verbs of CNI. Each returns what goes to stdout, null for nothing; an error may have a code.
#ifndef XSW_TOOLS_XSW_CNI_COMMAND_H_
#define XSW_TOOLS_XSW_CNI_COMMAND_H_

#include "absl/status/statusor.h"
#include "tools/xsw-cni/config.h"
#include "tools/xsw-cni/request.h"

namespace xsw::cni {

// All or nothing, but for an eswitch that it has made, which stays. An attachment that is there
// already is begun anew: nobody can tell what a killed ADD has left from one that is in use.
absl::StatusOr<Json> Add(const Request& request);

// Also a second time, and when the container is long gone.
absl::StatusOr<Json> Del(const Request& request);

absl::StatusOr<Json> Check(const Request& request);

// Removes what of this network is in no list of valid attachments; no list: nothing. Goes on after
// an error, and reports the first.
absl::StatusOr<Json> Gc(const Request& request);

// kNotAvailable: an ADD could not be served.
absl::StatusOr<Json> Status(const Request& request);

absl::StatusOr<Json> Version(const Request& request);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_COMMAND_H_
