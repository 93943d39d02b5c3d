// SPDX-License-Identifier: Apache-2.0
// What an uplink's receive filter must let through: the ports' addresses, and multicast groups and
// VLANs, which a NIC keeps from its host when no netdev of the host has asked for them.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_RECEPTION_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_RECEPTION_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// Frames for an address that is not the uplink's own: an entry in its address list, or promiscuous
// mode when the kernel says that the list takes no more.
absl::Status AcceptAddress(Eswitch& eswitch, const Mac& mac);
absl::Status StopAccepting(Eswitch& eswitch, const Mac& mac);

// The uplink as it was before a command that fails, once what it had claimed is released: no longer
// promiscuous, unless it was_promiscuous.
bool IsMadePromiscuous(Eswitch& eswitch);
void RestorePromiscuous(Eswitch& eswitch, bool was_promiscuous);

// All groups: what functions join stays in their namespaces, and neighbour discovery is multicast.
absl::Status AcceptMulticast(Eswitch& eswitch);

// All VLANs, if this NIC filters them, which only promiscuous mode can undo: its list of VLANs is
// written by 8021q netdevs and bridges alone. Stays until the eswitch goes.
absl::Status AcceptVlans(Eswitch& eswitch);

// Why a NIC is promiscuous; empty if it is not.
std::string ReceptionNote(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_RECEPTION_H_
