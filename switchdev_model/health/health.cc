// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/health/health.h"

#include "switchdev_model/health/lost.h"
#include "switchdev_model/health/record.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/permit.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// From there on a table is said to be nearly full.
constexpr size_t kNearlyPercent = 90;

void LookAtDifferences(const std::vector<Difference>& differences, std::vector<Health>* all) {
  for (const Difference& it : differences) {
    const xsw_reporter reporter = it.is_of_programs ? XSW_REPORTER_PROGRAMS : XSW_REPORTER_MENDING;
    (*all)[reporter].errors.push_back({it.port, it.text});
  }
}

void LookAtTable(const char* name, const Use& use, Health* health) {
  const std::string text = absl::StrCat(name, " ", use.used, "/", use.limit);
  if (use.used >= use.limit)
    health->errors.push_back({XSW_UPLINK, absl::StrCat(text, ": full")});
  else if (use.used * 100 >= use.limit * kNearlyPercent)
    health->notes.push_back({XSW_UPLINK, absl::StrCat(text, ": nearly full")});
}

absl::Status LookAtTables(Eswitch& eswitch, const EswitchUse& use, Health* health) {
  LookAtTable("ports", use.ports, health);
  LookAtTable("fdb", use.fdb, health);
  LookAtTable("mdb", use.mdb, health);
  // In the other modes no program looks at them.
  const EswitchInfo info = GetEswitchInfo(eswitch);
  if (info.settings.mode == XSW_MODE_SWITCHDEV) {
    XSW_ASSIGN_OR_RETURN(const PermitTable table,
                         PermitTable::OpenToRead(eswitch.datapath().dir()));
    LookAtTable("permits", {table.permits().size(), XSW_MAX_PERMITS}, health);
  }
  // All frames arrive none the less: it costs time.
  if (info.promisc)
    health->notes.push_back(
        {XSW_UPLINK, "the uplink's own list cannot hold the ports' addresses or VLANs"});
  return absl::OkStatus();
}

void AddCounts(const HealthRecords& records, Health* health) {
  for (const Finding& error : health->errors) health->found += error.count;
  if (auto record = records.find({health->reporter, XSW_UPLINK}); record != records.end()) {
    health->recovered = record->second.mended;
    health->recovered_at_s = record->second.at_s;
  }
  health->found += health->recovered;
}

}  // namespace

bool CanRecover(xsw_reporter reporter) { return reporter != XSW_REPORTER_TABLES; }

bool RecoversItself(xsw_reporter reporter) {
  return reporter == XSW_REPORTER_PROGRAMS || reporter == XSW_REPORTER_MENDING;
}

absl::StatusOr<Observations> Observe(Eswitch& eswitch) {
  Observations seen;
  XSW_ASSIGN_OR_RETURN(seen.use, GetEswitchUse(eswitch));
  XSW_ASSIGN_OR_RETURN(seen.differences, Check(eswitch));
  std::vector<uint32_t> indices = PortIndices(eswitch);
  indices.push_back(XSW_UPLINK);
  XSW_ASSIGN_OR_RETURN(seen.ports, GetPorts(eswitch, indices));
  XSW_ASSIGN_OR_RETURN(seen.stats, GetStats(eswitch, seen.ports));
  return seen;
}

absl::StatusOr<std::vector<Health>> HealthOf(Eswitch& eswitch, const Observations& seen) {
  XSW_ASSIGN_OR_RETURN(const HealthRecords records, ReadHealth(eswitch));
  std::vector<Health> all(XSW_REPORTER_COUNT);
  for (uint32_t i = 0; i < XSW_REPORTER_COUNT; i++) all[i].reporter = static_cast<xsw_reporter>(i);
  LookAtDifferences(seen.differences, &all);
  XSW_RETURN_IF_ERROR(LookAtTables(eswitch, seen.use, &all[XSW_REPORTER_TABLES]));
  XSW_ASSIGN_OR_RETURN(const std::vector<Lost> lost,
                       LostFrames(eswitch, records, seen.ports, seen.stats));
  for (const Lost& it : lost)
    all[XSW_REPORTER_LOST_FRAMES].errors.push_back({it.port, it.text, it.frames});
  for (Health& health : all) AddCounts(records, &health);
  return all;
}

}  // namespace xsw
