// SPDX-License-Identifier: Apache-2.0
// The representor side of a port: makes its veth pair and puts the programs on it.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_REPRESENTOR_H_
#define XSW_SWITCHDEV_MODEL_PORTS_REPRESENTOR_H_

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/place.h"

namespace xsw {

// A port's representor as it is now. The devmap says that it is this port's, or our program on it:
// an ifindex alone is used again. NotFound: it is gone.
absl::StatusOr<Link> RepresentorOf(Eswitch& eswitch, uint32_t port);
// The same of a netdev that is there for sure.
absl::StatusOr<bool> IsRepresentorOf(Eswitch& eswitch, uint32_t port, int ifindex);

// Makes the pair that xsw_port_conf and xsw_port describe, function end at place; attaches the
// pinned programs (no verifier); enters it into the maps and conf.ifindex. All or nothing.
absl::Status MakeRepresentor(Eswitch& eswitch, uint32_t port, const FunctionPlace& place);

// That this netdev is the representor of a pair which a killed command has made without noting its
// ifindex: nobody but us gives a veth this name and this address. uplink: the uplink's address.
bool IsHalfMade(const Link& link, const xsw_port_conf& conf, const Mac& uplink);

// Takes the pair, programs and map entries away, also a pair that a killed command has half made;
// what is gone already is no error. On an error of the first step, the pair, nothing is.
absl::Status RemoveRepresentor(Eswitch& eswitch, uint32_t port);

// Programs that were taken off a representor by hand go on again. True: one was not there.
absl::StatusOr<bool> AttachRepresentor(Eswitch& eswitch, uint32_t port);
absl::StatusOr<bool> RepresentorHasPrograms(Eswitch& eswitch, uint32_t port);

// The names of a new port's pair are free. AlreadyExists says which is not.
absl::Status CheckRepresentorNames(Eswitch& eswitch, const xsw_port_conf& conf,
                                   const std::string& what);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_REPRESENTOR_H_
