// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/observers.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>

namespace xsw::test {
namespace {

// Markers go to a link-local address, which the uplink's programs leave alone whatever the
// settings.
constexpr Mac kMarkerMac = {2, 'm', 'a', 'r', 'k', 'r'};
// All runs on one CPU, where each hop ends at the end of a queue: a marker that has passed all
// queues once has pushed every frame one hop on. The longest way is function, representor, uplink,
// function.
constexpr uint32_t kRounds = 4;
constexpr int kMarkerLimitMs = 15000;  // only on a very busy machine does it take long

Bytes Marker(uint32_t round) {
  return Numbered(Eth{.dst = kLldpMac, .src = kMarkerMac} / Payload(46), round);
}
bool IsMarker(const Bytes& frame) {
  return std::equal(kMarkerMac.begin(), kMarkerMac.end(), frame.begin() + 6);
}

Place FunctionPlace(int port) { return static_cast<Place>(kFunction1 + port - 1); }
Place RepresentorPlace(int port) { return static_cast<Place>(kRepresentor1 + port - 1); }

// As `ethtool -K DEV gro on` without a process of its own.
void SetGro(const std::string& dev) {
  Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ethtool_value on = {.cmd = ETHTOOL_SGRO, .data = 1};
  ifreq request = {};
  dev.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_data = reinterpret_cast<char*>(&on);
  Must(ioctl(fd.get(), SIOCETHTOOL, &request) == 0, "set GRO of " + dev);
}

}  // namespace

const char* PlaceName(Place place) {
  constexpr const char* kNames[kPlaces] = {"wire",          "host",         "function 1",
                                           "function 2",    "function 3",   "representor 1",
                                           "representor 2", "representor 3"};
  return kNames[place];
}

int PortOf(Place place) {
  if (place >= kRepresentor1) return place - kRepresentor1 + 1;
  return place >= kFunction1 ? place - kFunction1 + 1 : 0;
}

Observers::Observers(const Topology& topology) {
  OpenEnd(kWire, kOutside, kContainerDev);
  OpenStack(kHost, kUplink);
  if (!OnNics()) SetGro(kUplink);
  // Markers are multicast, and no stack here has joined their group.
  if (OnNics()) Ip("", "link set up0 allmulticast on");
  for (int port = 1; port <= topology.options().ports && port <= 3; port++)
    Watch(FunctionPlace(port), ContainerName(port), kContainerDev);
}

void Observers::Watch(Place function, const std::string& netns, const std::string& dev) {
  const int port = PortOf(function);
  OpenEnd(function, netns, dev);
  OpenStack(RepresentorPlace(port), Representor(port));
  SetGro(Representor(port));
}

// All that arrives at a netdev with no program of ours.
void Observers::OpenEnd(Place place, const std::string& netns, const std::string& dev) {
  sites_[place] = {std::make_unique<PacketSocket>(netns, dev, ETH_P_ALL), {}, nullptr};
  if (place != kWire || !OnNics()) sites_[place].xdp = std::make_unique<XdpSender>(netns, dev);
}

// What the host's stack gets from a netdev, after tc ingress.
void Observers::OpenStack(Place place, const std::string& dev) {
  sites_[place] = {std::make_unique<PacketSocket>("", dev, kTestType), {}, nullptr};
  for (uint16_t protocol : {ETH_P_8021Q, ETH_P_8021AD})
    sites_[place].behind_an_outer_tag.emplace_back("", dev, protocol);
}

bool Observers::Send(Place from, const Bytes& frame) const {
  return sites_[from].socket->Send(frame);
}

void Observers::SendXdp(Place from, const Bytes& frame) const {
  // What a NIC's driver has received is no skb yet anyway.
  if (from == kWire && OnNics()) {
    Send(from, frame);
  } else {
    sites_[from].xdp->Send(frame);
  }
}

// To the wire, to the host and to each function; on representors no frame ends that the programs
// let through, those are read at the end.
void Observers::SendMarkers(uint32_t round) {
  const Bytes marker = Marker(round);
  sites_[kHost].socket->SendBypassingTc(marker);
  sites_[kWire].socket->Send(marker);
  for (int port = 1; port <= 3; port++) {
    if (const auto& socket = sites_[RepresentorPlace(port)].socket) socket->SendBypassingTc(marker);
  }
}

void Observers::CollectUntilMarker(Place place, uint32_t round, Arrivals& arrivals) {
  Site& site = sites_[place];
  while (site.socket) {
    std::optional<Received> next = site.socket->Receive(kMarkerLimitMs);
    if (!next) {
      // Down or gone: nothing comes from here any more.
      site.socket.reset();
    } else if (!IsTestFrame(next->frame)) {
      continue;
    } else if (!IsMarker(next->frame)) {
      arrivals[place].push_back(*std::move(next));
    } else if (IdOf(next->frame) == round) {
      return;
    }
  }
}

void Observers::CollectRest(Place place, Arrivals& arrivals) {
  auto take = [&](const PacketSocket& socket) {
    while (auto next = socket.Receive(0)) arrivals[place].push_back(*std::move(next));
  };
  for (const PacketSocket& socket : sites_[place].behind_an_outer_tag) take(socket);
  if (sites_[place].socket && place != kHost) take(*sites_[place].socket);
}

Arrivals Observers::Arrived() {
  Arrivals arrivals;
  for (uint32_t round = 0; round < kRounds; round++) {
    SendMarkers(round);
    for (Place place : {kWire, kHost, kFunction1, kFunction2, kFunction3})
      CollectUntilMarker(place, round, arrivals);
  }
  for (Place place : {kHost, kRepresentor1, kRepresentor2, kRepresentor3})
    CollectRest(place, arrivals);
  return arrivals;
}

std::string WhoGot(const Arrivals& arrivals, uint32_t id) {
  std::string text;
  for (int place = 0; place < kPlaces; place++) {
    auto n = std::count_if(arrivals[place].begin(), arrivals[place].end(),
                           [id](const Received& r) { return IdOf(r.frame) == id; });
    if (n == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(PlaceName(static_cast<Place>(place))) + " x" +
            std::to_string(n);
  }
  return text;
}

std::string Each(const Places& places, int times) {
  std::string text;
  for (Place place : places)
    text +=
        (text.empty() ? "" : ", ") + std::string(PlaceName(place)) + " x" + std::to_string(times);
  return text;
}

}  // namespace xsw::test
