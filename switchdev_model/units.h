// SPDX-License-Identifier: Apache-2.0
// Rates and sizes with their units, as tc(8) has them.
#ifndef XSW_SWITCHDEV_MODEL_UNITS_H_
#define XSW_SWITCHDEV_MODEL_UNITS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace xsw {

// bit/s: "10mbit", "1.5gbit", "100mbps" (bytes), "1gibit" (2^30), a bare number is bit/s.
absl::StatusOr<uint64_t> ParseRate(const std::string& text);
// "10mbit": the largest unit that leaves a whole number.
std::string FormatRate(uint64_t bits);

// Bytes: "64k" and "64kb" are 65536, "1m", "1g"; a bare number is bytes.
absl::StatusOr<uint64_t> ParseSize(const std::string& text);
// "64k": the largest unit that leaves a whole number.
std::string FormatSize(uint64_t bytes);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_UNITS_H_
