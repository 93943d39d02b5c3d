// SPDX-License-Identifier: Apache-2.0
// What xsw has pinned for the eswitch of a world.
#ifndef XSW_BENCH_PIN_H_
#define XSW_BENCH_PIN_H_

#include <string>

#include "absl/status/statusor.h"
#include "bench/world.h"

namespace xsw::bench {

// The directory of the pins.
absl::StatusOr<std::string> PinsOf(const World& world);

// A program or a map, by its name.
absl::StatusOr<Fd> OpenPin(const World& world, const std::string& name);

}  // namespace xsw::bench

#endif  // XSW_BENCH_PIN_H_
