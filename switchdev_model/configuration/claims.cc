// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/claims.h"

namespace xsw {

PortClaims ClaimsOf(const PortDescription& port) {
  PortClaims claims;
  for (uint16_t vlan : Carried(port.policy.vlans))
    claims.addresses.emplace_back(*port.hw_addr, vlan);
  const bool queues = port.port_class == XSW_CLASS_QUEUES;
  // An inactive netdev is parked, and a queue block's own namespace has no other netdev.
  if (port.netns && (queues ? !port.netns->empty() : port.active))
    claims.place = {*port.netns, *port.ifname};
  return claims;
}

void Claims::Take(Owner owner, const AddressClaim& address) {
  Held& held = addresses_[address];
  if (held.times == 0) held.owner = owner;
  held.times += held.owner == owner;
}

void Claims::Take(uint32_t sfnum, const PortClaims& claims) {
  for (const AddressClaim& address : claims.addresses) Take(sfnum, address);
  if (claims.place) places_.try_emplace(*claims.place, sfnum);
}

void Claims::Give(Owner owner, const AddressClaim& address) {
  auto held = addresses_.find(address);
  if (held == addresses_.end() || held->second.owner != owner) return;
  if (--held->second.times == 0) addresses_.erase(held);
}

void Claims::Give(uint32_t sfnum, const PortClaims& claims) {
  for (const AddressClaim& address : claims.addresses) Give(sfnum, address);
  if (!claims.place) return;
  auto place = places_.find(*claims.place);
  if (place != places_.end() && place->second == sfnum) places_.erase(place);
}

const Claims::Owner* Claims::Other(Owner owner, const AddressClaim& address) const {
  auto held = addresses_.find(address);
  return held == addresses_.end() || held->second.owner == owner ? nullptr : &held->second.owner;
}

const Claims::Owner* Claims::Other(uint32_t sfnum, const PlaceClaim& place) const {
  auto held = places_.find(place);
  return held == places_.end() || held->second == sfnum ? nullptr : &held->second;
}

}  // namespace xsw
