// SPDX-License-Identifier: Apache-2.0
// All that an xsw command could change, for tests of what it must not change and must return.
//
//   const Snapshot before = TakeSnapshot(topology);
//   topology.Xsw("port add up0 mtu 99999");
//   EXPECT_EQ(Changes(before, TakeSnapshot(topology)), "");
#ifndef XSW_TESTS_VETH_SNAPSHOT_H_
#define XSW_TESTS_VETH_SNAPSHOT_H_

#include <set>
#include <string>
#include <vector>

#include "tests/veth/topology.h"

namespace xsw::test {

// Facts, a line each.
using Snapshot = std::set<std::string>;

struct SnapshotOptions {
  // The numbers by which the host's namespace knows others. The kernel gives one at the first need
  // and never takes it back, so they outlive a port.
  bool netns_ids = true;
};

// What xsw shows, the pins, the raw maps (counters apart), the netdevs of the host, of the
// containers and of the parking namespaces, the programs on the host's netdevs, and the uplink's
// unicast list.
Snapshot TakeSnapshot(const Topology& topology, SnapshotOptions options = {});

// "- LINE" for what is gone, "+ LINE" for what is new; empty if nothing has changed.
std::string Changes(const Snapshot& before, const Snapshot& after);

// One netdev as `ip -d -j link show` has it; null if there is none. netns as InNetns takes it.
Json LinkOf(const std::string& netns, const std::string& dev);

// Where inactive functions wait: for InNetns and LinkOf, one an eswitch.
std::vector<std::string> ParkingPlaces();

// Unicast addresses that a netdev accepts beside its own (`bridge fdb show dev DEV`).
std::set<std::string> UnicastList(const std::string& dev);

// "xdp 12 ingress 13 egress 14": ids of the programs on a netdev of the calling thread's namespace.
std::string ProgramsOn(const std::string& dev);

// Everything below a directory, sorted, without the directory itself and the record of health;
// empty if there is none.
std::vector<std::string> Tree(const std::string& dir);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_SNAPSHOT_H_
