// SPDX-License-Identifier: Apache-2.0
// Who got a test frame: sockets at every place where one could come out of the switch.
//
//   Observers see(topology);
//   see.Send(kFunction1, frame);
//   auto arrived = see.Arrived();      // nothing is on its way any more
//   EXPECT_EQ(arrived[kFunction2].size(), 1);
#ifndef XSW_TESTS_VETH_OBSERVERS_H_
#define XSW_TESTS_VETH_OBSERVERS_H_

#include <array>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {

// Where frames come from and go to.
enum Place {
  kWire = 0,   // the far end of the uplink, in "out"
  kHost,       // the host's stack behind up0; sending: the host sends on up0
  kFunction1,  // a port's netdev in its container
  kFunction2,
  kFunction3,
  kRepresentor1,  // the host's stack behind a representor; sending: the host sends on it
  kRepresentor2,
  kRepresentor3,
  kPlaces,
};
const char* PlaceName(Place place);
// kFunction1 -> 1, kRepresentor1 -> 1, others 0.
int PortOf(Place place);

using Places = std::set<Place>;
using Arrivals = std::array<std::vector<Received>, kPlaces>;

class Observers {
 public:
  // Up to three ports of the topology, whose functions are up. One that later goes down or away is
  // no longer watched.
  explicit Observers(const Topology& topology);

  // Watches a function (again) that is up, in this namespace ("" is the host) and under this name.
  void Watch(Place function, const std::string& netns, const std::string& dev);

  // An skb from an application there (AF_PACKET). False: the netdev is down or gone.
  bool Send(Place from, const Bytes& frame) const;
  // An XDP frame; from the wire and from functions. Their other ends, up0 and the representors, run
  // NAPI for it, which the constructor turns on (GRO).
  void SendXdp(Place from, const Bytes& frame) const;

  // All test frames that have come to each place since the last call, in order. Returns when
  // nothing can be on its way any more: markers have followed the frames through every queue.
  //
  // Markers bypass the eswitch's programs and its counters, not those of the netdevs: they add to
  // what a function has received, so lost_at_function is not to be tested along with this.
  Arrivals Arrived();

 private:
  struct Site {
    std::unique_ptr<PacketSocket> socket;           // markers come here
    std::vector<PacketSocket> behind_an_outer_tag;  // of what a stack has taken one tag from
    std::unique_ptr<XdpSender> xdp;
  };
  void OpenEnd(Place place, const std::string& netns, const std::string& dev);
  void OpenStack(Place place, const std::string& dev);
  void SendMarkers(uint32_t round);
  void CollectUntilMarker(Place place, uint32_t round, Arrivals& arrivals);
  void CollectRest(Place place, Arrivals& arrivals);

  std::array<Site, kPlaces> sites_;
};

// Those to which a frame numbered id came, and how often, as a line to compare and to print:
// "function 2 x1, host x1".
std::string WhoGot(const Arrivals& arrivals, uint32_t id);
std::string Each(const Places& places, int times = 1);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_OBSERVERS_H_
