// SPDX-License-Identifier: Apache-2.0
// Random configurations of bridges, changed while frames run, on an eswitch with xsw-bridge and on
// plain veth pairs: the same frames arrive at the same places, as the same bytes.
//
//   XSW_TEST_SEED=N    that run again
//   XSW_CASES=N        so many changes (30)
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/veth/bridge.h"
#include "tests/veth/two_worlds.h"

namespace xsw::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Mac kNobody = {2, 9, 9, 9, 9, 9};  // of whom nothing is known
constexpr Mac kMover = {2, 8, 8, 8, 8, 8};   // now here, now there
constexpr uint16_t kVids[] = {10, 20};
constexpr char kMoves[] = "kMover moves";
constexpr uint16_t kChatType = 0x88b6;  // of no test frame (IEEE 802, local experimental 2)
constexpr std::chrono::seconds kAgree(10);

long FromEnvironment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

Mac MacOfEnd(int end) { return end == 0 ? kOutsideMac : MacOf(end); }

class BridgeRandom : public testing::Test {
 protected:
  BridgeRandom()
      : seed(static_cast<unsigned>(FromEnvironment("XSW_TEST_SEED", std::random_device()()))),
        draw(seed),
        t({.ports = 3}),
        reference(MakeReference(t)),
        eswitch("", {kOutside, "c1", "c2", "c3"}) {
    t.XswOk("eswitch set up0 mode switchdev");
    for (int port = 1; port <= 3; port++)
      t.XswOk("port function set up0/" + std::to_string(port) + " spoofchk off");
    for (const char* command :
         {"ip link add br0 type bridge mcast_snooping 0",
          "ip link add br1 type bridge mcast_snooping 0", "ip link set br0 up",
          "ip link set br1 up", "ip link set up0 master br0", "ip link set up0sf1 master br0",
          "ip link set up0sf2 master br0", "ip link set up0sf3 master br0"})
      EXPECT_TRUE(Do(command)) << command;
    vlans = Do("ip link set br1 type bridge vlan_filtering 1");
    // Where tc's programs need one, the eswitch's has it.
    for (const char* dev : {"up0", "up0sf1", "up0sf2", "up0sf3"}) {
      reference.Do(std::string("tc qdisc add dev ") + dev + " clsact");
      eswitch.Do(std::string("tc qdisc add dev ") + dev + " clsact");
    }
    offload.emplace(t);
    reference.Chat(Chatter());
    eswitch.Chat(Chatter());
  }
  // Whether it succeeded, in both.
  bool Do(const std::string& command) {
    const bool done = eswitch.Do(command), expected = reference.Do(command);
    EXPECT_EQ(done, expected) << command;
    return done;
  }
  template <typename T>
  const T& One(const std::vector<T>& all) {
    return all[draw() % all.size()];
  }
  std::string OnOff() { return draw() % 2 ? " on" : " off"; }
  std::string Dev() { return One<std::string>({"up0", "up0sf1", "up0sf2", "up0sf3"}); }
  std::string Change();
  std::string VlanChange();
  std::string FilterChange();
  std::vector<Sent> Chatter();
  std::vector<Sent> Frames();
  // A command, or kMover's.
  bool Make(const std::string& change);
  void ExpectTheSame(const std::string& change, const std::string& after);
  void Took(Clock::duration time, const std::string& change);

  const unsigned seed;
  std::mt19937 draw;
  Topology t;
  World reference, eswitch;
  std::optional<Offload> offload;
  bool vlans = false;  // this kernel's bridges look at them
  uint32_t id = 0;
  int mover = 0;  // the end that kMover sends from
  std::chrono::milliseconds longest{0};
  std::string slowest;
  std::vector<std::string> filters;  // that there are: what takes them off
};

std::string BridgeRandom::VlanChange() {
  const std::string vid = std::to_string(One<uint16_t>({kVids[0], kVids[1]}));
  switch (draw() % 4) {
    case 0:
      return "ip link set " + One<std::string>({"br0", "br1"}) + " type bridge vlan_filtering " +
             std::to_string(draw() % 3 != 0);
    case 1:
      return "bridge vlan del vid " + One<std::string>({vid, "1"}) + " dev " + Dev();
    default:
      return "bridge vlan add vid " + vid + " dev " + Dev() + (draw() % 2 ? " pvid" : "") +
             (draw() % 2 ? " untagged" : "");
  }
}

// tc on a netdev, and nftables on the bridges; what is on is taken off again before long.
std::string BridgeRandom::FilterChange() {
  if (!filters.empty() && draw() % 2) {
    const std::string off = filters.back();
    filters.pop_back();
    return off;
  }
  const std::string mac = Text(MacOfEnd(static_cast<int>(draw() % kEnds)));
  if (draw() % 4 == 0) {
    filters.push_back("nft delete table bridge t");
    return "nft add table bridge t ; add chain bridge t f { type filter hook forward priority 0 ; "
           "} ; add rule bridge t f ether saddr " +
           mac + " drop";
  }
  const std::string dev = Dev(), way = draw() % 2 ? " ingress" : " egress";
  std::string other = Dev();
  while (other == dev) other = Dev();
  filters.push_back("tc filter del dev " + dev + way + " pref 7");
  // The test kernel has no other action than this.
  return "tc filter add dev " + dev + way + " pref 7 protocol all u32 match ether dst " + mac +
         " action mirred egress redirect dev " + other;
}

// From each end to each other; nothing of kMover, who is at the same place in both.
std::vector<Sent> BridgeRandom::Chatter() {
  std::vector<Sent> frames;
  for (int from = 0; from < kEnds; from++)
    for (int to = 0; to < kEnds; to++)
      if (from != to)
        frames.push_back(
            {from, (Eth{MacOfEnd(to), MacOfEnd(from), kChatType} / Payload(50)).bytes});
  return frames;
}

std::string BridgeRandom::Change() {
  if (vlans && draw() % 2) return VlanChange();
  if (draw() % 10 == 0) return kMoves;
  if (draw() % 6 == 0) return FilterChange();
  const std::string dev = Dev(), link = "bridge link set dev " + dev;
  switch (draw() % 12) {
    case 0:
      return link + " isolated" + OnOff();
    case 1:
      return link + " locked" + OnOff();
    case 2:
      return link + " state " + (draw() % 3 ? "3" : "1");
    case 3:
      return link + " learning" + OnOff();
    case 4:
      return link + " hairpin" + OnOff();
    case 5:
      return link + " flood" + OnOff();
    case 6:
      return "ip link set " + dev + " nomaster";
    case 7:
      return "bridge fdb replace " + Text(MacOfEnd(static_cast<int>(draw() % kEnds))) + " dev " +
             dev + " master static";
    case 8:
      return "bridge fdb del " + Text(MacOfEnd(static_cast<int>(draw() % kEnds))) + " dev " + dev +
             " master";
    case 9:
      return "ip link set " + One<std::string>({"br0", "br1"}) + (draw() % 3 ? " up" : " down");
    default:
      return "ip link set " + dev + " master " + One<std::string>({"br0", "br0", "br1"});
  }
}

bool BridgeRandom::Make(const std::string& change) {
  if (change != kMoves) return Do(change);
  mover = static_cast<int>(draw() % kEnds);
  return true;
}

// From each end to everybody, in each VLAN.
std::vector<Sent> BridgeRandom::Frames() {
  std::vector<Sent> frames;
  frames.push_back({mover, Numbered(Eth{.dst = kBroadcast, .src = kMover} / Payload(50), ++id)});
  for (int from = 0; from < kEnds; from++) {
    for (const Mac& dst :
         {MacOfEnd(0), MacOfEnd(1), MacOfEnd(2), MacOfEnd(3), kMover, kNobody, kBroadcast}) {
      const Eth eth{.dst = dst, .src = MacOfEnd(from)};
      frames.push_back({from, Numbered(eth / Payload(50), ++id)});
      for (uint16_t vid : kVids)
        frames.push_back(
            {from, Numbered(eth / Vlan{.id = vid, .priority = 3} / Payload(50), ++id)});
    }
  }
  return frames;
}

void BridgeRandom::Took(Clock::duration time, const std::string& change) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time);
  if (ms > longest) slowest = change;
  longest = std::max(longest, ms);
}

// Three times in a row: what comes first after a change may still be as before, and the same by
// chance.
void BridgeRandom::ExpectTheSame(const std::string& change, const std::string& after) {
  const Clock::time_point start = Clock::now();
  std::string difference;
  int agreed = 0;
  while (agreed < 3 && Clock::now() - start < kAgree) {
    const std::vector<Sent> frames = Frames();
    difference = Difference(eswitch.Send(frames), reference.Send(frames));
    if (difference.empty() && !agreed) Took(Clock::now() - start, change);
    agreed = difference.empty() ? agreed + 1 : 0;
  }
  EXPECT_EQ(agreed, 3) << difference << "after: " << after;
}

TEST_F(BridgeRandom, TheSameFramesArriveAtTheSamePlaces) {
  SCOPED_TRACE("XSW_TEST_SEED=" + std::to_string(seed));
  ExpectTheSame("the start", "");
  const long cases = FromEnvironment("XSW_CASES", 30);
  std::string all;
  for (long i = 0; i < cases && !HasFailure(); i++) {
    const std::string change = Change();
    const bool done = Make(change);
    all += "\n  " + change + (done ? "" : " (refused)");
    if (done) ExpectTheSame(change, all);
  }
  uint64_t fast = 0;
  for (int port = 1; port <= 3; port++)
    fast += t.ShowPort(port)["statistics"]["tx"]["unicast"]["frames"].get<uint64_t>();
  EXPECT_GT(fast, 0u) << "nothing was offloaded";
  std::cout << "seed " << seed << ", VLANs " << (vlans ? "on" : "off") << ": " << id
            << " frames, of which " << fast
            << " went to a port past the bridge; the same again at most " << longest.count()
            << " ms after a change (" << slowest << ")\n";
}

}  // namespace
}  // namespace xsw::test
