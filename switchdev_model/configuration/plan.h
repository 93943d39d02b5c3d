// SPDX-License-Identifier: Apache-2.0
// From what is and what is wanted to the steps that lead there.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_PLAN_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_PLAN_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "switchdev_model/configuration/describe.h"
#include "switchdev_model/configuration/step.h"

namespace xsw {

struct PlannedStep {
  std::unique_ptr<Step> step;
  std::optional<uint32_t> sfnum;  // of the port that it is about
  bool waits = false;             // for an earlier step: it cannot be checked before that is done
};

struct StepPlan {
  std::optional<EswitchSettings> add;  // `eswitch add` comes first
  std::vector<PlannedStep> steps;
};

// The least steps, in an order in which no port stops forwarding but those that change, and what
// cannot be taken back comes last: where nothing waits for it, a port goes when all else is done.
// prune: ports and entries that are not wanted go; else they stay.
StepPlan MakePlan(const Present& present, const Description& wanted, bool prune);

// Its commands, each after "xsw".
std::vector<std::string> Texts(const StepPlan& plan, const std::string& uplink);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_PLAN_H_
