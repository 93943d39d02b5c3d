// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/explain.h"

#include <linux/bpf.h>

#include "absl/strings/str_cat.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/tables/fdb.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct Hook {
  const char* xdp;  // null: there is none here
  const char* tc;
  int ifindex;
};

absl::StatusOr<Hook> HookOf(Eswitch& eswitch, uint32_t port) {
  if (port == XSW_UPLINK) {
    XSW_ASSIGN_OR_RETURN(const bool xdp, XdpIsAttached(eswitch));
    return Hook{xdp ? kUplinkXdp : nullptr, kUplinkRx, eswitch.uplink().ifindex};
  }
  return Hook{ClassOf(eswitch, port).facts.xdp, kPortRx,
              static_cast<int>(eswitch.datapath().confs()[port].ifindex)};
}

FrameStep StepOf(const xsw_trace_step& traced) {
  FrameStep step{static_cast<xsw_step>(traced.step), traced.port, traced.vlan};
  if (step.what == XSW_STEP_DROP)
    step.reason = static_cast<xsw_drop>(traced.detail);
  else
    step.tagged = traced.detail != 0;
  return step;
}

absl::StatusOr<Explained> Run(Tracer& tracer, const char* program, const Hook& hook,
                              const std::vector<uint8_t>& frame) {
  XSW_ASSIGN_OR_RETURN(const Traced traced, tracer.Run(program, hook.ifindex, frame));
  Explained part{.program = program, .is_xdp = program == hook.xdp};
  part.left_to_tc = part.is_xdp && traced.verdict == XDP_PASS;
  for (const xsw_trace_step& step : traced.steps) part.steps.push_back(StepOf(step));
  return part;
}

}  // namespace

absl::StatusOr<std::vector<Explained>> Explain(Eswitch& eswitch, Tracer& tracer, uint32_t port,
                                               const std::vector<uint8_t>& frame) {
  XSW_ASSIGN_OR_RETURN(const Hook hook, HookOf(eswitch, port));
  if (!GetLink(eswitch.nl(), hook.ifindex).ok())
    return absl::FailedPreconditionError(
        absl::StrCat(OwnerName(eswitch, port), ": its netdevs are gone, nothing can come from it"));
  std::vector<Explained> parts;
  if (hook.xdp) {
    XSW_ASSIGN_OR_RETURN(Explained part, Run(tracer, hook.xdp, hook, frame));
    parts.push_back(std::move(part));
    if (!parts.back().left_to_tc) return parts;
  }
  XSW_ASSIGN_OR_RETURN(Explained part, Run(tracer, hook.tc, hook, frame));
  parts.push_back(std::move(part));
  return parts;
}

}  // namespace xsw
