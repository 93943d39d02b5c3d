// SPDX-License-Identifier: Apache-2.0
// An eswitch at one moment, as `xsw metrics` shows it.
#ifndef XSW_TOOLS_XSW_METRICS_SAMPLE_H_
#define XSW_TOOLS_XSW_METRICS_SAMPLE_H_

#include <time.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch_info.h"
#include "switchdev_model/show/stats.h"

namespace xsw {

struct PortSample {
  PortInfo info;
  PortStats stats;
};

struct EswitchState {
  EswitchInfo info;
  EswitchUse use;
  timespec last_change{};
  size_t problems = 0;            // that `xsw check` names
  std::vector<PortSample> ports;  // the uplink is the last
};

struct EswitchSample {
  std::string uplink;
  std::optional<EswitchState> state;  // none: it cannot be read, of another version say
};

// Of the eswitch on that uplink, or of all. One that is not there is an error if it was named.
absl::StatusOr<std::vector<EswitchSample>> TakeSamples(const std::string& bpffs,
                                                       const std::string& uplink);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_METRICS_SAMPLE_H_
