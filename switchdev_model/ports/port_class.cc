// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/port_class.h"

#include "switchdev_model/ports/function.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/status.h"

namespace xsw {

absl::Status PortClass::MakeInPlace(Eswitch& eswitch, uint32_t port) const {
  XSW_ASSIGN_OR_RETURN(FunctionPlace place, MakePlace(eswitch, port));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, place));
  if (eswitch.datapath().confs()[port].active) OpenPort(eswitch, port, place.peer);
  return absl::OkStatus();
}

const PortClass& ClassOf(xsw_class port_class) {
  return port_class == XSW_CLASS_QUEUES ? QueuesClass() : NetdevClass();
}

const PortClass& ClassOf(Eswitch& eswitch, uint32_t port) {
  return ClassOf(static_cast<xsw_class>(eswitch.datapath().confs()[port].port_class));
}

bool HasPlace(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  return ClassOf(eswitch, port).facts.parks || !*conf.netns || NamedPlace(conf).ok();
}

}  // namespace xsw
