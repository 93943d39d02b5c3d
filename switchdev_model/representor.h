// SPDX-License-Identifier: Apache-2.0
// The representor side of a port: makes its veth pair and puts the programs on it.
#ifndef XSW_SWITCHDEV_MODEL_REPRESENTOR_H_
#define XSW_SWITCHDEV_MODEL_REPRESENTOR_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch.h"
#include "switchdev_model/place.h"

namespace xsw {

// Makes the pair that xsw_port_conf and xsw_port describe, function end at place; attaches the pinned
// programs (no verifier); enters it into the maps and conf.ifindex. All or nothing.
absl::Status MakeRepresentor(Eswitch& eswitch, uint32_t port, const FunctionPlace& place);

// Takes programs, map entries and the pair away; what is gone already is no error.
void RemoveRepresentor(Eswitch& eswitch, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_REPRESENTOR_H_
