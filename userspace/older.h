// SPDX-License-Identifier: Apache-2.0
// Values of older versions, and how they become this one's. The table of maps (state_table.h) says
// which function is for which map.
#ifndef XSW_USERSPACE_OLDER_H_
#define XSW_USERSPACE_OLDER_H_

#include <cstdint>
#include <string>

#include "abi.h"
#include "absl/status/status.h"

namespace xsw {

// The first version that there is a way from.
inline constexpr uint32_t kOldestAbi = 4;

// The state of an eswitch, made by an older version or by this one. What stands below `abi` version
// 4 did not note.
struct Older {
  std::string state;  // the directory of its maps
  uint32_t abi = 0;
  uint32_t uplink_mtu = 0;
  bool tcx = true;   // its tc programs have links
  bool xdp = false;  // xsw_uplink_xdp is on the uplink
};

absl::Status ConvertEswitch(const Older& from, int to);
absl::Status ConvertPort(const Older& from, int to);
absl::Status ConvertPortConf(const Older& from, int to);

// What an older version has counted at a port, in all.
xsw_stats ConvertStats(uint32_t abi, const xsw_stats& counted);

}  // namespace xsw

#endif  // XSW_USERSPACE_OLDER_H_
