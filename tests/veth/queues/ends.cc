// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/queues/ends.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace xsw::test {
namespace {

constexpr int kLimitMs = 15000;
constexpr Mac kMarkerMac = {2, 'b', 'l', 'o', 'c', 'k'};

bool Has(const std::vector<Received>& frames, uint32_t id) {
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Received& r) { return IdOf(r.frame) == id; });
}

}  // namespace

Ends::Ends(const std::string& xdp, const std::string& classes) : lab_({.xdp = xdp, .ports = 0}) {
  for (int port = 1; port <= static_cast<int>(classes.size()); port++) {
    if (classes[port - 1] == 'Q') {
      lab_.AddBlock(port);
    } else {
      lab_.AddPort(port);
      lab_.ConfigureFunction(port);
    }
  }
  see_ = std::make_unique<Observers>(lab_);
  for (int port = 1; port <= static_cast<int>(classes.size()); port++) {
    if (classes[port - 1] == 'N') {
      WatchNetdev(port);
      continue;
    }
    apps_[kFunction1 + port - 1] = std::make_unique<Application>(Handle(port));
    representors_[kRepresentor1 + port - 1] =
        std::make_unique<PacketSocket>("", Representor(port), kTestType);
  }
}

void Ends::WatchNetdev(int port) {
  see_->Watch(static_cast<Place>(kFunction1 + port - 1), ContainerName(port), kContainerDev);
}

void Ends::Send(Place from, const Bytes& frame) {
  if (IsBlock(from)) {
    EXPECT_EQ(apps_[from]->Send(frame), 0) << PlaceName(from);
  } else if (representors_[from]) {
    EXPECT_TRUE(representors_[from]->Send(frame)) << PlaceName(from);
  } else {
    EXPECT_TRUE(see_->Send(from, frame)) << PlaceName(from);
  }
  Collect();
}

bool Ends::Take(Place block, int limit_ms, Bytes* frame) {
  std::optional<Bytes> got = apps_[block]->Receive(limit_ms);
  if (got) *frame = *std::move(got);
  return frame->size() >= ETH_ZLEN;
}

void Ends::Collect() {
  for (Place block : {kFunction1, kFunction2, kFunction3}) {
    for (Bytes frame; IsBlock(block) && Take(block, 0, &frame); frame.clear())
      if (IsTestFrame(frame)) arrivals_[block].push_back({.frame = frame});
  }
}

// Sent by the host on the representor: no rules apply to it, and it comes behind what is in the
// queue of the function end.
void Ends::AwaitMarker(Place block) {
  const Eth eth = {.dst = kBroadcast, .src = kMarkerMac};
  const Bytes marker = Numbered(eth / Payload(46), ++marker_);
  // Down (`link disable`): nothing passes it, markers neither.
  if (!representors_[kRepresentor1 + PortOf(block) - 1]->SendBypassingTc(marker)) return;
  for (Bytes frame; Take(block, kLimitMs, &frame); frame.clear()) {
    if (frame == marker) return;
    if (IsTestFrame(frame)) arrivals_[block].push_back({.frame = frame});
  }
  ADD_FAILURE() << "no marker reaches " << PlaceName(block);
}

Arrivals Ends::Arrived(uint32_t id, const Places& at) {
  // A frame of a block is a kernel thread's to carry on, which markers do not wait for.
  WaitFor([&] {
    Collect();
    Arrivals more = see_->Arrived();
    for (int place = 0; place < kPlaces; place++)
      std::move(more[place].begin(), more[place].end(), std::back_inserter(arrivals_[place]));
    return std::all_of(at.begin(), at.end(), [&](Place p) { return Has(arrivals_[p], id); });
  });
  for (Place block : {kFunction1, kFunction2, kFunction3})
    if (IsBlock(block)) AwaitMarker(block);
  return std::exchange(arrivals_, {});
}

}  // namespace xsw::test
