// SPDX-License-Identifier: Apache-2.0
// An eswitch as one JSON object, and that as text.
#ifndef XSW_TOOLS_XSW_SHOW_ESWITCH_H_
#define XSW_TOOLS_XSW_SHOW_ESWITCH_H_

#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "tools/xsw/output.h"

namespace xsw {

Json EswitchToJson(Eswitch& eswitch);
// How much of what is limited is in use: {"ports": {"used": 2, "limit": 4096}, ...}.
absl::StatusOr<Json> UseJson(Eswitch& eswitch);
// The keys and values as words; use and a note on lines of their own.
std::string EswitchToText(const std::string& uplink, const Json& json);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_ESWITCH_H_
