// SPDX-License-Identifier: Apache-2.0
// Tables of frames. A row says where a frame comes from, what becomes of it, which counters move
// (all others must stay) and where copies of it have arrived (nowhere else may any have):
//
//   {"tagged frame on an untagged port is dropped", From(kFunction1),
//    Eth{.dst = kMac2, .src = kMac1} / Vlan{.id = 7} / Payload(46), kDrop,
//    Rx(1) + Drop(1, XSW_DROP_VLAN)},
//   Row{"broadcast from a port alone reaches the wire", From(kFunction1), ..., kRedirect, Rx(1)}
//       .CopiedTo({kWire})
//       .With(Members(1, 0)),
//   Row{"from an access port to the wire gets a tag", From(kFunction1), untagged, kRedirect, Rx(1)}
//       .Becomes(tagged)
//       .To(kWire)
//       .With(Access(kFunction1, 7)),
//
// What is redirected to a port is counted there as it has become, and a copy as it arrives.
//
// Each row is run in every way the frame can come: with its tag in the data and accelerated; from
// the uplink also through its XDP program, which steers all, queue blocks or nothing; and from a
// port also through the XDP program of a queue block's representor.
#ifndef XSW_TESTS_BPF_ROW_H_
#define XSW_TESTS_BPF_ROW_H_

#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bpf/switch_under_test.h"

namespace xsw::test {

// The shipped program that meets the frame first, on which netdev.
struct Source {
  Program program;
  Place at;
  uint32_t rx_queue = 0;
};
inline Source FromUplink() { return {Program::kUplinkRx, kWire}; }
inline Source FromHost() { return {Program::kUplinkTx, kWire}; }
inline Source From(Place function) { return {Program::kPortRx, function}; }
inline Source FromBlock(Place function) { return {Program::kPortXdp, function}; }
inline Source AtQueue(Place function, uint32_t queue) {
  return {Program::kQueueRx, function, queue};
}
inline Source OnRepresentor(Place port) { return {Program::kPortTx, port}; }

// A counter that moves by one frame, the row's.
struct Move {
  enum Kind { kRx, kTx, kSlowRx, kSlowTx, kMisses, kDrops } kind;
  unsigned port;
  xsw_drop why = XSW_DROP_NONE;
};
using Moves = std::vector<Move>;
inline Moves Rx(unsigned port) { return {{Move::kRx, port}}; }
inline Moves Tx(unsigned port) { return {{Move::kTx, port}}; }
inline Moves SlowRx(unsigned port) { return {{Move::kSlowRx, port}}; }
inline Moves SlowTx(unsigned port) { return {{Move::kSlowTx, port}}; }
inline Moves Missed(unsigned port) { return {{Move::kMisses, port}}; }
inline Moves Drop(unsigned port, xsw_drop why) { return {{Move::kDrops, port, why}}; }
inline Moves operator+(Moves a, const Moves& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The counters by which a frame moves these, the same frame everywhere.
Counters Expected(const Moves& moves, const Bytes& frame);

// What a row changes in the standard settings.
using Given = std::function<void(SwitchUnderTest&)>;
void HostOff(SwitchUnderTest& s);
void EswitchInactive(SwitchUnderTest& s);
Given Inactive(Place port);
Given Detached(Place port);  // its netdevs deleted; nobody has told the maps
Given Down(Place at);        // its netdev on our side takes no frames
Given SpoofCheckOff(Place port);
Given PortFlags(Place port, uint16_t flags);  // these too
Given Overdrawn(Place port);
Given Miss(xsw_miss policy);
void UplinkTakesXdpFrames(SwitchUnderTest& s);
Given IsQueueBlock(Place port);
// As the model makes them: the function's address is in the port's VLANs and in no other.
Given Access(Place port, uint16_t vlan, uint8_t qos = 0);
Given Trunk(Place port, std::vector<uint16_t> vlans, uint16_t pvid = XSW_VLAN_NONE,
            uint8_t qos = 0);
Given Fdb(const Mac& mac, uint16_t vlan, Place port);
Given Joined(const Mac& group, uint16_t vlan, std::vector<Place> ports);
Given Promisc(Place port);
void Switchdev(SwitchUnderTest& s);
Given operator+(Given a, Given b);

using Places = std::vector<Place>;

struct Row {
  std::string name;
  Source source;
  Frame frame;
  Verdict verdict;
  Moves moves = {};

  Places copies = {};
  Given given = nullptr;
  uint16_t tc_index = 0;
  std::optional<Frame> becomes = {};    // unset: it stays as it is
  std::map<Place, Frame> dressed = {};  // copies that are not as the frame came
  std::optional<Place> to = {};         // where a redirect ends; delivery_test.cc looks there
  bool tc_alone = false;                // no XDP program decides it

  // Where the program itself sends copies, besides its verdict on the frame.
  Row CopiedTo(const Places& at) const {
    Row row = *this;
    row.copies = at;
    return row;
  }
  Row CopiedTo(const Places& at, const Frame& as) const {
    Row row = *this;
    row.copies.insert(row.copies.end(), at.begin(), at.end());
    for (Place place : at) row.dressed[place] = as;
    return row;
  }
  // After the program.
  Row Becomes(const Frame& after) const {
    Row row = *this;
    row.becomes = after;
    return row;
  }
  Row To(Place at) const {
    Row row = *this;
    row.to = at;
    return row;
  }
  const Bytes& After() const { return (becomes ? *becomes : frame).bytes; }
  const Bytes& CopyAt(Place at) const {
    auto found = dressed.find(at);
    return (found == dressed.end() ? frame : found->second).bytes;
  }
  Row With(Given change) const {
    Row row = *this;
    row.given = std::move(change);
    return row;
  }
  Row ByTcAlone() const {
    Row row = *this;
    row.tc_alone = true;
    return row;
  }
  Row TcIndex(uint16_t value) const {
    Row row = *this;
    row.tc_index = value;
    return row;
  }
};
using Table = std::vector<Row>;
Counters Expected(const Row& row);
Table Join(std::initializer_list<Table> tables);

// All tables, one per file. drop_test.cc looks for a row of every drop reason in them.
Table UplinkRows();
Table HostRows();
Table PortRows();
Table DropRows();
Table VlanRows();
Table FloodRows();
Table OriginRows();
Table SizeRows();
Table MtuRows();
Table PortXdpRows();
Table QueueRows();
Table PolicyRows();
Table AccessRows();
Table TrunkRows();
Table FilterRows();
Table SwitchdevRows();
Table PermitRows();

enum class Via {
  kAsItIs,
  kAcceleratedTag,
  kUplinkXdp,
  kUplinkXdpNotSteering,
  kUplinkXdpToBlocks,        // it steers to queue blocks, which all ports are
  kUplinkXdpSparingNetdevs,  // it steers to queue blocks, which no port is
  kPortXdp,
  kPortXdpToWire,  // the uplink transmits XDP frames
};
struct Case {
  Row row;
  Via via;
};
std::ostream& operator<<(std::ostream& out, const Case& c);

// Every way in which each row's frame can come, and gtest's name of it.
std::vector<Case> Cases(const Table& table);
std::string CaseName(const testing::TestParamInfo<Case>& info);

class Frames : public testing::TestWithParam<Case> {};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_ROW_H_
