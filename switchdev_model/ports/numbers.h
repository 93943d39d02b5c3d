// SPDX-License-Identifier: Apache-2.0
// The index and the sfnum of a port that is to be, beside those that are there: on the eswitch, or
// in the plan of a batch.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_NUMBERS_H_
#define XSW_SWITCHDEV_MODEL_PORTS_NUMBERS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace xsw {

// Index -> sfnum. None: the index is what a killed command has left, and is no port's.
using TakenNumbers = std::map<uint32_t, std::optional<uint32_t>>;

struct PortNumbers {
  uint32_t index = 0;
  uint32_t sfnum = 0;
};
// The lowest free ones, or this sfnum. AlreadyExists: it is another port's. ResourceExhausted:
// there are XSW_MAX_PORTS.
absl::StatusOr<PortNumbers> ChooseNumbers(const std::string& uplink, const TakenNumbers& taken,
                                          std::optional<uint32_t> sfnum);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_NUMBERS_H_
