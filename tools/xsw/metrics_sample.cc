// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/metrics_sample.h"

#include "switchdev_model/eswitch/eswitch_dir.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::StatusOr<EswitchState> Take(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  EswitchState state{.info = GetEswitchInfo(eswitch)};
  XSW_ASSIGN_OR_RETURN(state.last_change, eswitch.LastChange());
  XSW_ASSIGN_OR_RETURN(state.seen, Observe(eswitch));
  XSW_ASSIGN_OR_RETURN(state.health, HealthOf(eswitch, state.seen));
  return state;
}

}  // namespace

absl::StatusOr<std::vector<EswitchSample>> TakeSamples(const std::string& bpffs,
                                                       const std::string& uplink) {
  std::vector<EswitchSample> samples;
  if (!uplink.empty()) {
    XSW_ASSIGN_OR_RETURN(EswitchState state, Take(bpffs, uplink));
    samples.push_back({uplink, std::move(state)});
    return samples;
  }
  // One that cannot be read hides none of the others.
  for (const std::string& name : EswitchDir::List(bpffs)) {
    absl::StatusOr<EswitchState> state = Take(bpffs, name);
    if (state.ok()) {
      samples.push_back({name, *std::move(state)});
    } else if (!IsGone(bpffs, name)) {
      samples.push_back({name, std::nullopt});
    }
  }
  return samples;
}

}  // namespace xsw
