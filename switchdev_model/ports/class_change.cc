// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/class_change.h"

#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/status.h"

namespace xsw {
namespace {

xsw_class ClassAfter(const FunctionChange& change, const xsw_port_conf& conf) {
  return change.port_class.value_or(static_cast<xsw_class>(conf.port_class));
}

// The port as it is to be while its netdevs change: `state active` comes after.
absl::StatusOr<xsw_port_conf> ConfBetween(FunctionChange change, const xsw_port_conf& conf) {
  change.active.reset();
  return ConfAfter(change, conf);
}

// The netdevs are what is wanted already.
bool IsSame(const xsw_port_conf& a, const xsw_port_conf& b) {
  return a.port_class == b.port_class && a.queues == b.queues && a.program == b.program;
}

}  // namespace

absl::Status CheckClassChange(Eswitch& eswitch, uint32_t port, const Link& representor,
                              const FunctionChange& change, const std::string& what) {
  const xsw_port_conf& before = eswitch.datapath().confs()[port];
  const PortClass& port_class = ClassOf(ClassAfter(change, before));
  XSW_ASSIGN_OR_RETURN(const xsw_port_conf conf, ConfBetween(change, before));
  if (IsSame(before, conf)) return port_class.CheckChange(eswitch, port, representor, change, what);
  if (before.active)
    return absl::FailedPreconditionError(absl::StrCat(
        what, ": class, queues and program change while it is inactive: state inactive first"));
  const auto place = port_class.PlaceBy(eswitch, port, conf);
  if (!place.ok())
    return absl::Status(place.status().code(), absl::StrCat(what, ": ", place.status().message()));
  return *place ? CheckMove(eswitch, port, representor, **place, what) : absl::OkStatus();
}

absl::Status RemakePort(Eswitch& eswitch, uint32_t port) {
  XSW_RETURN_IF_ERROR(RemoveRepresentor(eswitch, port));
  return ClassOf(eswitch, port).Remake(eswitch, port);
}

// The old netdevs go before the new class is written: whoever is killed in between leaves a port
// without netdevs, and the next command makes those of the class that is written then.
absl::Status ChangeClass(Eswitch& eswitch, uint32_t port, const FunctionChange& change,
                         Undo& undo) {
  xsw_port_conf& conf = eswitch.datapath().confs()[port];
  XSW_ASSIGN_OR_RETURN(const xsw_port_conf wanted, ConfBetween(change, conf));
  if (IsSame(conf, wanted)) return absl::OkStatus();
  undo.Add([&eswitch, port, before = conf] {
    xsw_port_conf& now = eswitch.datapath().confs()[port];
    // What there is of the new class goes as that class has it. RemakePort() tries what fails here
    // again.
    RemoveRepresentor(eswitch, port).IgnoreError();
    const uint32_t ifindex = now.ifindex;
    now = before;
    now.ifindex = ifindex;
    // What cannot be made again is detached, and the next command tries again.
    RemakePort(eswitch, port).IgnoreError();
  });
  XSW_RETURN_IF_ERROR(RemoveRepresentor(eswitch, port));
  conf = wanted;
  conf.ifindex = 0;
  XSW_RETURN_IF_ERROR(ClassOf(eswitch, port).MakeInPlace(eswitch, port));
  return SyncSteering(eswitch);
}

}  // namespace xsw
