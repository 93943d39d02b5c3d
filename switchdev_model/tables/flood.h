// SPDX-License-Identifier: Apache-2.0
// Which ports get broadcast: the list in xsw_port.next_member, in rising order from port 0.
#ifndef XSW_SWITCHDEV_MODEL_TABLES_FLOOD_H_
#define XSW_SWITCHDEV_MODEL_TABLES_FLOOD_H_

#include "userspace/datapath.h"

namespace xsw {

// Each change is one store that a running flood sees or does not. Caller holds the eswitch's lock.
// Doing what is done already is no change.
void JoinFlood(MappedArray<xsw_port>& ports, uint32_t port);
void LeaveFlood(MappedArray<xsw_port>& ports, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_TABLES_FLOOD_H_
