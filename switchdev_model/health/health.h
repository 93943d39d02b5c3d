// SPDX-License-Identifier: Apache-2.0
// The health of an eswitch, as devlink has it: reporters, each of which looks at one kind of
// trouble.
//
//   programs     xsw's programs are missing on a netdev, or another version's
//   tables       a table is full: the next entry, port or group is refused
//   lost_frames  a port has lost frames of which its user has not taken note
//   mending      what else `xsw check` finds, which the next writing command mends, or its user
//   must
//
// Nobody looks while nobody asks: a state is what is so at this moment. What was wrong before is
// known by what commands have mended (record.h).
#ifndef XSW_SWITCHDEV_MODEL_HEALTH_HEALTH_H_
#define XSW_SWITCHDEV_MODEL_HEALTH_HEALTH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/eswitch/eswitch_info.h"
#include "switchdev_model/ports/port_info.h"
#include "switchdev_model/repair/check.h"
#include "switchdev_model/show/stats.h"

namespace xsw {

// Of a port, or of the eswitch (XSW_UPLINK).
struct Finding {
  uint32_t port = XSW_UPLINK;
  std::string text;
  uint64_t count = 1;  // frames; or this one thing
};

struct Health {
  xsw_reporter reporter = XSW_REPORTER_PROGRAMS;  // ReporterWord()
  std::vector<Finding> errors;                    // why it is not healthy
  std::vector<Finding> notes;                     // what is soon to be an error
  // In all: what has been mended, and with what is wrong now all that was found. Of tables, which
  // nobody but their users can make emptier, nothing is remembered.
  uint64_t recovered = 0, found = 0;
  std::optional<uint64_t> recovered_at_s;  // since 1970; none: nothing was yet
  bool is_healthy() const { return errors.empty(); }
};

// Whether `health recover` has anything to do there, and whether every writing command does it.
bool CanRecover(xsw_reporter reporter);
bool RecoversItself(xsw_reporter reporter);

// What all reporters are made of. ports and stats: of all ports, the uplink last.
struct Observations {
  EswitchUse use;
  std::vector<Difference> differences;
  std::vector<PortInfo> ports;
  std::vector<PortStats> stats;
};
absl::StatusOr<Observations> Observe(Eswitch& eswitch);

// All reporters, in the order of xsw_reporter. Changes nothing. Frames that are missing get some
// milliseconds to arrive.
absl::StatusOr<std::vector<Health>> HealthOf(Eswitch& eswitch, const Observations& seen);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_HEALTH_HEALTH_H_
