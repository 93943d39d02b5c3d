// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/health/recover.h"

#include "switchdev_model/health/health.h"
#include "switchdev_model/health/lost.h"
#include "switchdev_model/health/record.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string What(const std::string& uplink, xsw_reporter reporter) {
  return absl::StrCat("eswitch ", uplink, ": reporter ", ReporterWord(reporter));
}

// The ports first: whoever is killed in between has counted less than it has noted.
absl::Status NoteLosses(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const HealthRecords records, ReadHealth(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> ports, GetPorts(eswitch, PortIndices(eswitch)));
  XSW_ASSIGN_OR_RETURN(const std::vector<PortStats> stats, GetStats(eswitch, ports));
  XSW_ASSIGN_OR_RETURN(const std::vector<Lost> lost, LostFrames(eswitch, records, ports, stats));
  uint64_t frames = 0;
  for (const Lost& it : lost) {
    XSW_RETURN_IF_ERROR(NoteLost(eswitch, it.port, it.in_all));
    frames += it.frames;
  }
  return AddMended(eswitch, XSW_REPORTER_LOST_FRAMES, frames);
}

}  // namespace

absl::Status CheckRecover(const std::string& uplink, xsw_reporter reporter) {
  if (CanRecover(reporter)) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(What(uplink, reporter), ": only commands that remove make room in a table"));
}

absl::Status Recover(Eswitch& eswitch, xsw_reporter reporter) {
  XSW_RETURN_IF_ERROR(CheckRecover(eswitch.uplink().name, reporter));
  if (reporter == XSW_REPORTER_LOST_FRAMES) return NoteLosses(eswitch);
  if (reporter == XSW_REPORTER_MENDING) XSW_RETURN_IF_ERROR(MendTables(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<Difference> left, Check(eswitch));
  for (const Difference& it : left) {
    if (it.is_of_programs != (reporter == XSW_REPORTER_PROGRAMS)) continue;
    const std::string owner =
        it.port == XSW_UPLINK ? "" : absl::StrCat(OwnerName(eswitch, it.port), ": ");
    return absl::FailedPreconditionError(
        absl::StrCat(What(eswitch.uplink().name, reporter), ": still wrong: ", owner, it.text));
  }
  return absl::OkStatus();
}

}  // namespace xsw
