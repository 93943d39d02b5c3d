// SPDX-License-Identifier: Apache-2.0
// All that a command could change, as facts that two runs have in common: names instead of numbers,
// and nothing that traffic or time changes. What tests/veth/snapshot.h has is exact and of one
// moment.
#ifndef XSW_TESTS_SWEEP_STATE_H_
#define XSW_TESTS_SWEEP_STATE_H_

#include <string>
#include <vector>

#include "tests/sweep/objects.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {

// An uplink that takes no address into its list, and becomes promiscuous instead: a vxlan without a
// remote. Unlike a veth it is told to receive all multicast, too.
inline constexpr char kFullUplink[] = "vx0";

// How the fact begins that an object lives.
inline constexpr char kAlive[] = "alive: ";

// What xsw shows; pins, run files and mounts; the settings in the maps; netdevs of the host, the
// containers and the parking namespaces with the programs on them; the uplinks' unicast lists and
// features; and those of `made` that still live.
Snapshot TakeState(const Topology& topology, const std::vector<BpfObject>& made);

// The part of it that is in the pinned maps of one eswitch's directory.
void AddMapFacts(const std::string& dir, const std::vector<Json>& host_links, Snapshot* facts);

// Names of the programs on a netdev of the calling thread's namespace.
std::string ProgramNamesOn(const Json& link);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_STATE_H_
