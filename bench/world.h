// SPDX-License-Identifier: Apache-2.0
// The network namespaces around one contender.
//
//   NAME-out          NAME-host                        NAME-c1, NAME-c2
//   eth0 ---- wire ---- up0  (the contender)  . . . . . . eth0
//
// 10.0.0.9 outside, .1 the host, .101 and .102 the ports; the addresses of Ethernet are fixed too.
#ifndef XSW_BENCH_WORLD_H_
#define XSW_BENCH_WORLD_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/child.h"
#include "userspace/fd.h"
#include "userspace/mac.h"

namespace xsw::bench {

enum Place { kOut, kHost, kPort1, kPort2, kPlaces };

// A netdev, where it is.
struct Netdev {
  Place place;
  std::string name;
};

struct World {
  std::string name;
  std::array<Fd, kPlaces> netns;
  // Processes that the contender consists of, if it does. Those that poll all the time must not
  // take a CPU from the others: they run only while an Awake is there.
  std::vector<std::unique_ptr<Child>> daemons;
  // Those that sleep mostly, and run all the time.
  std::vector<std::unique_ptr<Child>> followers;

  // Network namespaces and the wire, up; the rest is the contender's. No IPv6, so that nobody
  // talks unasked.
  static absl::StatusOr<World> Make(const std::string& name);

  std::string NetnsName(Place place) const;  // below /run/netns
  absl::StatusOr<int> Ifindex(const Netdev& netdev) const;
};

// Of a netdev in the calling thread's namespace; 0: there is none.
int IndexOf(const std::string& netdev);

// Lets a world's daemons run until destruction, once they have been put to sleep.
class Awake {
 public:
  explicit Awake(const World& world);
  Awake(const Awake&) = delete;
  ~Awake();

 private:
  const World& world_;
};

// "10.0.0.9"
std::string Ipv4Of(Place place);
// Of its eth0, or of up0.
Mac MacOf(Place place);

// Brings netdev up with the place's IPv4 address, /24.
absl::Status SetUpIpv4(const World& world, const Netdev& netdev);

// One netdev's receive counters.
struct Received {
  uint64_t frames = 0;    // by the netdev
  uint64_t at_stack = 0;  // IPv4 packets that reached ip_rcv() in this network namespace
};
absl::StatusOr<Received> CountReceived(const World& world, const Netdev& netdev);

}  // namespace xsw::bench

#endif  // XSW_BENCH_WORLD_H_
