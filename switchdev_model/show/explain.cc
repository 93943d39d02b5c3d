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

}  // namespace

absl::StatusOr<std::vector<Explained>> Explain(Eswitch& eswitch, Tracer& tracer, uint32_t port,
                                               const std::vector<uint8_t>& frame) {
  XSW_ASSIGN_OR_RETURN(const Hook hook, HookOf(eswitch, port));
  if (!GetLink(eswitch.nl(), hook.ifindex).ok())
    return absl::FailedPreconditionError(
        absl::StrCat(OwnerName(eswitch, port), ": its netdevs are gone, nothing can come from it"));
  std::vector<Explained> parts;
  if (hook.xdp) {
    XSW_ASSIGN_OR_RETURN(Traced traced, tracer.Run(hook.xdp, hook.ifindex, frame));
    const bool passes = traced.verdict == XDP_PASS;
    parts.push_back({hook.xdp, true, passes, std::move(traced)});
    if (!passes) return parts;
  }
  XSW_ASSIGN_OR_RETURN(Traced traced, tracer.Run(hook.tc, hook.ifindex, frame));
  parts.push_back({hook.tc, false, false, std::move(traced)});
  return parts;
}

}  // namespace xsw
