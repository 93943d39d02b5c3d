// SPDX-License-Identifier: Apache-2.0
// What a user may ask of a port's function, when it is made and later.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_CHANGE_H_
#define XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_CHANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/policy/policy.h"

namespace xsw {

// Who may have the queues of a port: a process of this user, or of this group.
struct Owner {
  uint32_t uid = 0;
  uint32_t gid = 0;

  bool operator==(const Owner&) const = default;
};

// What is not set stays.
struct FunctionChange {
  std::optional<xsw_class> port_class;  // of an inactive port, as are the next two
  std::optional<uint32_t> queues;       // class queues only: default 1
  std::optional<xsw_program> program;   // class queues only: default xsk
  std::optional<Mac> hw_addr;
  std::optional<bool> active;
  std::optional<std::string> netns;  // as OpenNetns() takes it; "": the uplink's own
  bool netns_may_come = false;       // one that is not there yet: the function waits for it
  bool netns_is_this_one = false;    // and no later one of the same name, which is another's
  std::optional<std::string> ifname;
  std::optional<uint32_t> mtu;         // 0: follows the uplink's
  std::optional<Owner> owner;          // class queues only, as is
  std::optional<uint64_t> memory_max;  // bytes, 0: the default
  PolicyChange policy;
};

// The port gets other netdevs: another class, or queues of another kind or number.
bool ChangesClass(const FunctionChange& change);

// Why there is no place for the function now (PortClass::PlaceBy) is that it waits for one.
bool Waits(const FunctionChange& change, const absl::Status& place);

// conf as the change leaves it: what is wanted of class, netns, ifname and state. NotFound: no such
// namespace.
absl::StatusOr<xsw_port_conf> ConfAfter(const FunctionChange& change, const xsw_port_conf& before);

inline constexpr uint32_t kLeastMtu = 68;  // IPv4's (RFC 791), as veth's
inline constexpr uint32_t kMostMtu = 65535;

// Are the values possible, whatever the eswitch? most_mtu: the uplink's, or kMostMtu where that is
// not known.
absl::Status CheckFunctionValues(const FunctionChange& change, uint32_t most_mtu,
                                 const std::string& what);

// Nothing of the eswitch is touched: is the change possible in itself, given names and limits?
// what is "port eth0/1", for errors.
absl::Status CheckFunctionChange(Eswitch& eswitch, const FunctionChange& change,
                                 const std::string& what);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_FUNCTION_CHANGE_H_
