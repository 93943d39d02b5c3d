// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/live_change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace xsw::test {
namespace {

constexpr char kBatch[] = "/run/changes";

const Payload kData(60);
const Mac kNobody = {2, 9, 9, 9, 9, 9};

Frame Plain(const Mac& dst, const Mac& src) { return Eth{.dst = dst, .src = src} / kData; }
Frame In7(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = 7} / kData;
}

// Port 1 between no VLAN and access 7.
std::vector<Flow> OfVlans() {
  const Mac out = kOutsideMac, host = kHostMac, all = kBroadcast;
  return {
      {"port 1 to port 2",
       kFunction1,
       Plain(kMac2, kMac1),
       {{kFunction2, Plain(kMac2, kMac1)}, {kWire, Plain(kMac2, kMac1)}}},
      {"port 1 to port 3",
       kFunction1,
       Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}, {kWire, In7(kMac3, kMac1)}}},
      {"port 1 to the wire",
       kFunction1,
       Plain(out, kMac1),
       {{kWire, Plain(out, kMac1)}, {kWire, In7(out, kMac1)}},
       {kWire}},
      {"port 1 to the host",
       kFunction1,
       Plain(host, kMac1),
       {{kHost, Plain(host, kMac1)}},
       {kHost}},
      {"port 1 to all",
       kFunction1,
       Plain(all, kMac1),
       {{kFunction2, Plain(all, kMac1)},
        {kFunction3, Plain(all, kMac1)},
        {kWire, Plain(all, kMac1)},
        {kWire, In7(all, kMac1)},
        {kHost, Plain(all, kMac1)}},
       {kWire, kHost}},
      {"port 1 tagging", kFunction1, In7(kMac2, kMac1), {}},
      {"wire to port 1 in 7",
       kWire,
       In7(kMac1, out),
       {{kFunction1, Plain(kMac1, out)}, {kHost, Plain(kMac1, out)}}},
      {"wire to port 1 untagged",
       kWire,
       Plain(kMac1, out),
       {{kFunction1, Plain(kMac1, out)}, {kHost, Plain(kMac1, out)}}},
      {"wire to all in 7",
       kWire,
       In7(all, out),
       {{kFunction1, Plain(all, out)}, {kFunction2, Plain(all, out)}, {kHost, Plain(all, out)}},
       {kFunction2, kHost}},
      {"port 2 to port 1",
       kFunction2,
       Plain(kMac1, kMac2),
       {{kFunction1, Plain(kMac1, kMac2)}, {kWire, In7(kMac1, kMac2)}}},
      {"port 3 to port 1",
       kFunction3,
       Plain(kMac1, kMac3),
       {{kFunction1, Plain(kMac1, kMac3)}, {kWire, Plain(kMac1, kMac3)}}},
  };
}

// Port 1 between access 7 and a trunk that has 7 tagged.
std::vector<Flow> OfTrunk() {
  const Mac out = kOutsideMac;
  return {
      {"port 1 untagged to port 2",
       kFunction1,
       Plain(kMac2, kMac1),
       {{kFunction2, Plain(kMac2, kMac1)}}},
      {"port 1 tagged to port 2",
       kFunction1,
       In7(kMac2, kMac1),
       {{kFunction2, Plain(kMac2, kMac1)}}},
      {"wire to port 1",
       kWire,
       In7(kMac1, out),
       {{kFunction1, Plain(kMac1, out)}, {kFunction1, In7(kMac1, out)}},
       {kFunction1}},
      {"port 2 to port 1",
       kFunction2,
       Plain(kMac1, kMac2),
       {{kFunction1, Plain(kMac1, kMac2)}, {kFunction1, In7(kMac1, kMac2)}},
       {kFunction1}},
      {"port 2 to all",
       kFunction2,
       Plain(kBroadcast, kMac2),
       {{kFunction1, Plain(kBroadcast, kMac2)},
        {kFunction1, In7(kBroadcast, kMac2)},
        {kWire, In7(kBroadcast, kMac2)},
        {kHost, Plain(kBroadcast, kMac2)}},
       {kFunction1, kWire, kHost}},
  };
}

std::vector<Flow> OfSpoofs() {
  return {
      {"own address",
       kFunction1,
       Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}},
       {kFunction3}},
      {"foreign address", kFunction1, Plain(kMac3, kNobody), {{kFunction3, Plain(kMac3, kNobody)}}},
  };
}

// Rates far above what is sent.
std::vector<Flow> OfRates() {
  return {
      {"from it",
       kFunction1,
       Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}},
       {kFunction3}},
      {"to it", kFunction3, Plain(kMac1, kMac3), {{kFunction1, Plain(kMac1, kMac3)}}, {kFunction1}},
  };
}

// legacy and switchdev, without a bridge: what rises ends at the representor, and what the wire brings at
// the host.
std::vector<Flow> OfModes() {
  const Mac out = kOutsideMac, all = kBroadcast;
  return {
      {"a hit",
       kFunction1,
       Plain(kMac3, kMac1),
       {{kFunction3, Plain(kMac3, kMac1)}, {kRepresentor1, Plain(kMac3, kMac1)}}},
      {"a miss",
       kFunction1,
       Plain(out, kMac1),
       {{kWire, Plain(out, kMac1)}, {kRepresentor1, Plain(out, kMac1)}}},
      {"broadcast",
       kFunction1,
       Plain(all, kMac1),
       {{kFunction3, Plain(all, kMac1)},
        {kWire, Plain(all, kMac1)},
        {kHost, Plain(all, kMac1)},
        {kRepresentor1, Plain(all, kMac1)}}},
      {"to the host",
       kFunction1,
       Plain(kHostMac, kMac1),
       {{kHost, Plain(kHostMac, kMac1)}, {kRepresentor1, Plain(kHostMac, kMac1)}}},
      {"wire hit",
       kWire,
       Plain(kMac1, out),
       {{kFunction1, Plain(kMac1, out)}, {kHost, Plain(kMac1, out)}}},
      {"wire broadcast",
       kWire,
       Plain(all, out),
       {{kFunction1, Plain(all, out)}, {kFunction3, Plain(all, out)}, {kHost, Plain(all, out)}},
       {kHost}},
      {"host hit",
       kHost,
       Plain(kMac1, kHostMac),
       {{kFunction1, Plain(kMac1, kHostMac)}, {kWire, Plain(kMac1, kHostMac)}}},
  };
}

// The host's stack has taken the tag off.
bool Fits(const Received& got, const std::pair<Place, Frame>& may, Place at, uint32_t id) {
  return may.first == at && got.frame == Numbered(may.second, id);
}

}  // namespace

const std::vector<Change>& Changes() {
  static const std::vector<Change> changes = {
      {"NovlanAndAccess", "port function set up0/1 vlan 7", "port function set up0/1 novlan",
       OfVlans()},
      {"AccessAndTrunk", "port function set up0/1 vlans 7", "port function set up0/1 vlan 7",
       OfTrunk(), "port function set up0/1 vlan 7"},
      {"SpoofCheck", "port function set up0/1 spoofchk off", "port function set up0/1 spoofchk on",
       OfSpoofs()},
      {"Rates", "port function set up0/1 tx_max 40gbit rx_max 40gbit",
       "port function set up0/1 tx_max 50gbit rx_max 0", OfRates()},
      {"Modes", "eswitch set up0 mode switchdev", "eswitch set up0 mode legacy", OfModes()},
  };
  return changes;
}

uint32_t ChangeUnderLoad(const Topology& t, const Change& change,
                         const std::function<void(Place from, const Bytes& frame)>& send) {
  constexpr uint32_t kAtLeast = 500, kAtMost = 60000;
  {
    std::ofstream batch(kBatch);
    for (int i = 0; i < 30; i++) batch << change.there << '\n' << change.back << '\n';
  }
  Process changes(t.XswArgv(std::string("-b ") + kBatch));
  uint32_t id = 0;
  while ((!changes.Done() || id < kAtLeast) && id < kAtMost) {
    for (const Flow& flow : change.flows) {
      send(flow.from, Numbered(flow.frame, id));
      id++;
    }
  }
  const Result result = changes.Wait(60000);
  EXPECT_EQ(result.status, 0) << result.err;
  return id;
}

void ExpectNoStray(const Arrivals& arrived, const std::vector<Flow>& flows) {
  int said = 0;
  for (int place = 0; place < kPlaces; place++) {
    std::map<uint32_t, int> times;
    for (const Received& got : arrived[place]) {
      const uint32_t id = IdOf(got.frame);
      const Flow& flow = flows[id % flows.size()];
      const auto at = static_cast<Place>(place);
      const bool fits = std::any_of(flow.may.begin(), flow.may.end(),
                                    [&](const auto& may) { return Fits(got, may, at, id); });
      if ((fits && ++times[id] == 1) || ++said > 5) continue;
      ADD_FAILURE() << "stray frame " << id << " (" << flow.name << ") at " << PlaceName(at)
                    << (fits ? ", twice" : "") << (IsTagged(got.frame) ? ", tagged" : "");
    }
  }
}

void ExpectNoLoss(const Arrivals& arrived, const std::vector<Flow>& flows, uint32_t sent) {
  for (size_t i = 0; i < flows.size(); i++) {
    for (Place place : flows[i].must) {
      const auto n =
          std::count_if(arrived[place].begin(), arrived[place].end(),
                        [&](const Received& got) { return IdOf(got.frame) % flows.size() == i; });
      EXPECT_EQ(n, sent / flows.size()) << flows[i].name << " at " << PlaceName(place);
    }
  }
}

}  // namespace xsw::test
