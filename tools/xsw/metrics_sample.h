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
#include "switchdev_model/health/health.h"

namespace xsw {

struct EswitchState {
  EswitchInfo info;
  timespec last_change{};
  Observations seen;
  std::vector<Health> health;
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
