// SPDX-License-Identifier: Apache-2.0
// What is remembered of an eswitch's health (bpf/abi_health.h): written by commands, under its
// lock.
#ifndef XSW_SWITCHDEV_MODEL_HEALTH_RECORD_H_
#define XSW_SWITCHDEV_MODEL_HEALTH_RECORD_H_

#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// By reporter and port. Nothing has been mended yet: empty.
using HealthRecords = std::map<std::pair<uint32_t, uint32_t>, xsw_health>;
absl::StatusOr<HealthRecords> ReadHealth(Eswitch& eswitch);

// So much more has been mended, now.
absl::Status AddMended(Eswitch& eswitch, xsw_reporter reporter, uint64_t count);

// So many lost frames of a port are no news any more.
absl::Status NoteLost(Eswitch& eswitch, uint32_t port, uint64_t frames);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_HEALTH_RECORD_H_
