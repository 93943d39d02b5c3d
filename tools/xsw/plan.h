// SPDX-License-Identifier: Apache-2.0
// What the earlier lines of a batch that is a dry run would have made and removed: eswitches and
// ports.
//
// A line is checked against what there is, as far as no earlier line would have changed that. Not
// looked ahead for: addresses, groups, settings, names of netdevs.
#ifndef XSW_TOOLS_XSW_PLAN_H_
#define XSW_TOOLS_XSW_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/ports/numbers.h"
#include "switchdev_model/ports/port.h"
#include "tools/xsw/handle.h"

namespace xsw {

class Plan {
 public:
  // Whether an earlier line makes it, so that there is nothing yet to check a line against.
  // NotFound: an earlier line removes it.
  absl::StatusOr<bool> Makes(const std::string& uplink) const;
  absl::StatusOr<bool> Makes(const std::string& uplink, uint32_t port) const;
  // What an earlier line makes: an eswitch, as its port 0, or a port, by its representor's name.
  std::optional<PortHandle> Made(const std::string& name) const;

  // checked is what there is to say without a plan.
  absl::Status AddEswitch(const std::string& uplink, const absl::Status& checked);
  void DelEswitch(const std::string& uplink);

  // eswitch: null if an earlier line makes it.
  absl::Status AddPort(const std::string& uplink, Eswitch* eswitch, const PortSpec& spec);
  void DelPort(const std::string& uplink, uint32_t port);

 private:
  struct PlannedEswitch {
    bool made = false, gone = false;
    std::map<uint32_t, uint32_t> ports;  // made: index -> sfnum
    std::set<uint32_t> removed;          // of those that there are
  };
  // Of the ports that there will be.
  static TakenNumbers NumbersOf(const PlannedEswitch& planned, Eswitch* eswitch);
  std::map<std::string, PlannedEswitch> eswitches_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_PLAN_H_
