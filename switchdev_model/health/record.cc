// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/health/record.h"

#include <ctime>

#include "userspace/hash_map.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using HealthMap = HashMap<xsw_health_key, xsw_health>;

constexpr uint32_t kEntries = XSW_MAX_PORTS + XSW_REPORTER_COUNT;

HealthMap MapOf(Fd fd) {
  return HealthMap(std::move(fd), "the record of health", kEntries, nullptr);
}

std::string PinOf(Eswitch& eswitch) {
  return absl::StrCat(eswitch.datapath().dir(), "/", kHealthMap);
}

absl::StatusOr<HealthMap> OpenOrMake(Eswitch& eswitch) {
  const std::string pin = PinOf(eswitch);
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenPin(pin));
  if (fd) return MapOf(std::move(fd));
  XSW_ASSIGN_OR_RETURN(
      fd, MakeHash(pin, kHealthMap, sizeof(xsw_health_key), sizeof(xsw_health), kEntries));
  return MapOf(std::move(fd));
}

uint64_t Now() { return static_cast<uint64_t>(std::time(nullptr)); }

}  // namespace

absl::StatusOr<HealthRecords> ReadHealth(Eswitch& eswitch) {
  HealthRecords records;
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenPin(PinOf(eswitch)));
  if (!fd) return records;
  XSW_ASSIGN_OR_RETURN(const auto rows, MapOf(std::move(fd)).Dump());
  for (const auto& [key, record] : rows) records[{key.reporter, key.port}] = record;
  return records;
}

absl::Status AddMended(Eswitch& eswitch, xsw_reporter reporter, uint64_t count) {
  if (count == 0) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(HealthMap map, OpenOrMake(eswitch));
  const xsw_health_key key = {.reporter = reporter, .port = XSW_UPLINK};
  const absl::StatusOr<xsw_health> before = map.Get(key);
  if (!before.ok() && !absl::IsNotFound(before.status())) return before.status();
  const uint64_t mended = before.ok() ? before->mended : 0;
  return map.Set(key, {.mended = mended + count, .at_s = Now()});
}

absl::Status NoteLost(Eswitch& eswitch, uint32_t port, uint64_t frames) {
  XSW_ASSIGN_OR_RETURN(HealthMap map, OpenOrMake(eswitch));
  return map.Set(
      {.reporter = XSW_REPORTER_LOST_FRAMES, .port = port},
      {.mended = frames, .at_s = Now(), .ifindex = eswitch.datapath().confs()[port].ifindex});
}

}  // namespace xsw
