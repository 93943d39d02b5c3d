// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/health/lost.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "userspace/status.h"

namespace xsw {
namespace {

// Longer than a frame takes through a veth whose receiver is busy.
constexpr std::chrono::milliseconds kOnTheirWay(20);

// A port at the first look.
struct Suspect {
  PortInfo info;
  uint64_t at_function = 0, at_socket = 0, noted = 0;
};

uint64_t Noted(Eswitch& eswitch, const HealthRecords& records, uint32_t port) {
  auto record = records.find({XSW_REPORTER_LOST_FRAMES, port});
  if (port == XSW_UPLINK || record == records.end()) return 0;
  const bool same = record->second.ifindex == eswitch.datapath().confs()[port].ifindex;
  return same ? record->second.mended : 0;
}

std::string Where(const Suspect& suspect, uint64_t at_function) {
  std::string where;
  if (at_function) where = " at its function";
  if (at_function && suspect.info.function_up == false) where += ", which is down";
  if (suspect.at_socket)
    absl::StrAppend(&where, at_function ? ", and" : "", " at its sockets, which had no room");
  return where;
}

}  // namespace

absl::StatusOr<std::vector<Lost>> LostFrames(Eswitch& eswitch, const HealthRecords& records,
                                             const std::vector<PortInfo>& ports,
                                             const std::vector<PortStats>& stats) {
  std::vector<Suspect> suspects;
  std::vector<uint32_t> indices;
  for (size_t i = 0; i < ports.size(); i++) {
    const Suspect suspect = {ports[i], stats[i].lost_at_function.value_or(0),
                             stats[i].lost_at_socket.value_or(0),
                             Noted(eswitch, records, ports[i].index)};
    if (suspect.at_function + suspect.at_socket <= suspect.noted) continue;
    suspects.push_back(suspect);
    indices.push_back(ports[i].index);
  }
  std::vector<Lost> all;
  if (suspects.empty()) return all;
  std::this_thread::sleep_for(kOnTheirWay);
  XSW_ASSIGN_OR_RETURN(const std::vector<PortInfo> now, GetPorts(eswitch, indices));
  for (size_t i = 0; i < suspects.size(); i++) {
    const Suspect& suspect = suspects[i];
    const uint64_t before = suspect.info.function_rx.value_or(0);
    const uint64_t arrived = now[i].function_rx.value_or(before) - before;
    const uint64_t at_function = suspect.at_function - std::min(suspect.at_function, arrived);
    const uint64_t lost = at_function + suspect.at_socket;
    if (lost <= suspect.noted) continue;
    all.push_back(
        {indices[i], lost - suspect.noted, lost,
         absl::StrCat(lost - suspect.noted, " frames lost", Where(suspect, at_function))});
  }
  return all;
}

}  // namespace xsw
