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

// Takes the pair, programs and map entries away; what is gone already is no error. On error, which is
// want of rights, nothing is.
absl::Status RemoveRepresentor(Eswitch& eswitch, uint32_t port);

// Its address: derived, so that it is the same when the pair is made anew.
Mac RepresentorMac(const Eswitch& eswitch, const xsw_port_conf& conf);

// The names of a new port's pair are free. AlreadyExists says which is not.
absl::Status CheckRepresentorNames(Eswitch& eswitch, const xsw_port_conf& conf,
                                   const std::string& what);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_REPRESENTOR_H_
