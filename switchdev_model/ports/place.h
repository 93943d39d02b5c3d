// SPDX-License-Identifier: Apache-2.0
// Where a port's function end is: in the user's namespace under the user's name, or parked, down,
// in the eswitch's private namespace under a name of our own.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_PLACE_H_
#define XSW_SWITCHDEV_MODEL_PORTS_PLACE_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

struct FunctionPlace {
  Fd netns;
  std::string ifname;
  bool peer = false;  // another namespace than the uplink's: bpf_redirect_peer can reach it
};

// The namespace that the user has named, or the uplink's own. NotFound: there is none of that name.
absl::StatusOr<FunctionPlace> NamedPlace(const xsw_port_conf& conf);
absl::StatusOr<FunctionPlace> ParkedPlace(Eswitch& eswitch, uint32_t port);

// AlreadyExists: another netdev has the name there.
absl::Status CheckNameFree(const FunctionPlace& place, const std::string& what);

// The nsid of the place where functions are parked; none while the kernel has none for it.
std::optional<int> ParkedId(Eswitch& eswitch);
// The function end of this representor is parked: parked_id is ParkedId().
bool IsParked(const Link& representor, std::optional<int> parked_id);
// The namespace that it is in. NotFound: nothing that we can open holds it.
absl::StatusOr<Fd> CurrentNetns(Eswitch& eswitch, uint32_t port, const Link& representor);

// The function end of this representor can go there: its name is free, unless it is there already.
absl::Status CheckMove(Eswitch& eswitch, uint32_t port, const Link& representor,
                       const FunctionPlace& to, const std::string& what);

// Moves the function end of a port, down, to a place; it stays where it is on error. Its netdev
// loses the addresses that its user gave it, as in every move.
absl::Status MoveFunction(Eswitch& eswitch, uint32_t port, const FunctionPlace& to,
                          const std::string& what);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_PLACE_H_
