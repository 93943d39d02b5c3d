// SPDX-License-Identifier: Apache-2.0
// A port's counters, in the same words wherever they are shown.
#ifndef XSW_TOOLS_XSW_SHOW_STATS_H_
#define XSW_TOOLS_XSW_SHOW_STATS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "abi.h"
#include "tools/xsw/output.h"

namespace xsw {

Json CountJson(const xsw_count& count);

// What did not arrive.
struct Losses {
  const uint64_t* drops = nullptr;  // of each enum xsw_drop
  std::optional<uint64_t> lost_at_function, lost_at_socket;
};
// "drops" with every reason, and those of the two that are there.
void AddLosses(Json* json, const Losses& losses);

// "spoof 10 vlan 3", of reasons that are not 0; "none".
std::string DropsText(const Json& drops);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_STATS_H_
