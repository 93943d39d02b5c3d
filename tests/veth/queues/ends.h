// SPDX-License-Identifier: Apache-2.0
// Who got a test frame, where ports are queue blocks: observers.h with applications among the ends.
//
//   wire, host  <->  up0/1, up0/2, up0/3, each a netdev (N) or a queue block (Q)
//
//   Ends ends("off", "NQQ");
//   ends.Send(kFunction2, frame);
//   EXPECT_EQ(WhoGot(ends.Arrived(IdOf(frame), {kWire}), IdOf(frame)), Each({kWire}));
#ifndef XSW_TESTS_VETH_QUEUES_ENDS_H_
#define XSW_TESTS_VETH_QUEUES_ENDS_H_

#include <array>
#include <memory>
#include <string>

#include "tests/veth/observers.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {

class Ends {
 public:
  Ends(const std::string& xdp, const std::string& classes);

  QueueLab& lab() { return lab_; }
  bool IsBlock(Place place) const { return apps_[place] != nullptr; }

  // As an application there does. From a block: returns when the switch has taken it.
  void Send(Place from, const Bytes& frame);
  // Not from blocks, whose frames always have their tags in the data, nor from the host.
  void SendXdp(Place from, const Bytes& frame) const { see_->SendXdp(from, frame); }

  // A netdev port whose link was down is no longer watched: again.
  void WatchNetdev(int port);

  // Takes what has come to blocks meanwhile, so that their rings have room. Send does it too.
  void Collect();
  // All that has come to each place since the last call; returns when frame `id` is at all of these
  // (or 5 s have passed) and nothing else can be on its way.
  Arrivals Arrived(uint32_t id, const Places& at);

 private:
  void AwaitMarker(Place block);
  bool Take(Place block, int limit_ms, Bytes* frame);

  QueueLab lab_;
  std::unique_ptr<Observers> see_;
  std::array<std::unique_ptr<Application>, kPlaces> apps_;
  std::array<std::unique_ptr<PacketSocket>, kPlaces> representors_;  // of blocks
  Arrivals arrivals_;
  uint32_t marker_ = 0;
};

// Ends that the tests of a table use one after the other, since to make them takes longer than a
// test.
struct World {
  World(const std::string& xdp, const std::string& classes)
      : xdp(xdp), classes(classes), ends(xdp, classes) {}
  std::string xdp, classes;
  Ends ends;
  uint32_t id = 0;  // of the last frame
};

// The one that is there, or one of this kind in its place.
template <typename OwnWorld>
OwnWorld& WorldOf(std::unique_ptr<OwnWorld>* world, const std::string& xdp,
                  const std::string& classes) {
  if (!*world || xdp != (*world)->xdp || classes != (*world)->classes) {
    world->reset();
    *world = std::make_unique<OwnWorld>(xdp, classes);
  }
  return **world;
}

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_ENDS_H_
