// SPDX-License-Identifier: Apache-2.0
// What an uplink's receive filter must let through beside the ports' addresses (uplink.h): a NIC
// keeps multicast groups and VLANs from its host that no netdev of the host has asked for.
#ifndef XSW_SWITCHDEV_MODEL_RECEPTION_H_
#define XSW_SWITCHDEV_MODEL_RECEPTION_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch.h"

namespace xsw {

// All groups: what functions join stays in their namespaces, and neighbour discovery is multicast.
absl::Status AcceptMulticast(Eswitch& eswitch);

// All VLANs, if this NIC filters them, which only promiscuous mode can undo: its list of VLANs is
// written by 8021q netdevs and bridges alone. Stays until the eswitch goes.
absl::Status AcceptVlans(Eswitch& eswitch);

// As before the eswitch.
absl::Status ResetReception(Eswitch& eswitch);

// Why a NIC is promiscuous; empty if it is not.
std::string ReceptionNote(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_RECEPTION_H_
