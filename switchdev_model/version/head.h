// SPDX-License-Identifier: Apache-2.0
// Which version of xsw has made the state of an eswitch.
#ifndef XSW_SWITCHDEV_MODEL_VERSION_HEAD_H_
#define XSW_SWITCHDEV_MODEL_VERSION_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"

namespace xsw {

// Of xsw_eswitch, in whatever version; and since which one flags are part of the head.
inline constexpr size_t kMostHeadBytes = 256;
inline constexpr uint32_t kFlagsInHeadSince = 5;

// The first members of xsw_eswitch, the same in every version.
struct StateHead {
  uint32_t abi = 0;
  uint32_t ifindex = 0;  // 0: `eswitch add` has not come further
  uint64_t netns = 0;
  uint32_t flags = 0;  // XSW_ESWITCH_*; before version 5 without XSW_ESWITCH_READY
};
// Of the state in this directory; none: there is no readable one.
std::optional<StateHead> ReadHead(const std::string& state);

// This version can write to the state in this directory. FailedPrecondition: another has made it;
// the message names the command that helps. No readable state is of no other version.
absl::Status CheckToWrite(const std::string& state, const std::string& uplink);
// It can read it: older ones too, from which there is a way.
absl::Status CheckToRead(const std::string& state, const std::string& uplink);

// "made by an xsw with ABI version 4, this one has 6: xsw eswitch upgrade eth0"
std::string MadeBy(uint32_t abi, const std::string& uplink);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_VERSION_HEAD_H_
