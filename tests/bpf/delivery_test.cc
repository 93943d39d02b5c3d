// SPDX-License-Identifier: Apache-2.0
// A verdict of redirect does not say where to. So here the programs are on their real hooks, and
// each row says where its frame arrives, once; and behind the programs a witness looks for origin
// tags that nobody has taken off. Function 1 forges that tag on all its frames.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "tests/bpf/row.h"

namespace xsw::test {

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

namespace {

struct Delivery {
  std::string name;
  Place from;
  Frame frame;
  Places to;
  Moves moves = {};
  Given given = nullptr;
};
std::ostream& operator<<(std::ostream& out, const Delivery& d) { return out << d.name; }

Frame FromTo(const Mac& src, const Mac& dst) { return Eth{.dst = dst, .src = src} / Payload(46); }

template <typename... Where>
Places To(Where... at) {
  return {at...};
}

std::vector<Delivery> FromWireAndHost() {
  const Moves to_all = Tx(1) + Tx(2) + Tx(3);
  return {
      {"from wire a port's MAC", kWire, FromTo(kOutsideMac, kMac2), To(kFunction2), Tx(2)},
      {"from wire the host's MAC", kWire, FromTo(kOutsideMac, kHostMac), To(kHost)},
      {"from wire unknown unicast", kWire, FromTo(kOutsideMac, kOutsideMac), To(kHost)},
      {"from wire broadcast", kWire, FromTo(kOutsideMac, kBroadcast),
       To(kFunction1, kFunction2, kFunction3, kHost), to_all},
      {"from wire broadcast with the host off", kWire, FromTo(kOutsideMac, kBroadcast),
       To(kFunction1, kFunction2, kFunction3), to_all + Drop(0, XSW_DROP_HOST_OFF), HostOff},
      {"from wire a frame in VLAN 7 keeps its tag", kWire,
       Eth{.dst = kVlanMac, .src = kOutsideMac} / Vlan{.id = 7} / Payload(46), To(kFunction2),
       Tx(2)},
      {"from host a port's MAC", kHost, FromTo(kHostMac, kMac2), To(kFunction2), Tx(2)},
      {"from host unknown unicast", kHost, FromTo(kHostMac, kOutsideMac), To(kWire)},
      {"from host broadcast", kHost, FromTo(kHostMac, kBroadcast),
       To(kWire, kFunction1, kFunction2, kFunction3), to_all},
  };
}

std::vector<Delivery> FromPorts() {
  return {
      {"from port another port's MAC", kFunction1, FromTo(kMac1, kMac2), To(kFunction2),
       Rx(1) + Tx(2)},
      {"from port the host's MAC", kFunction1, FromTo(kMac1, kHostMac), To(kHost), Rx(1)},
      {"from port unknown unicast", kFunction1, FromTo(kMac1, kOutsideMac), To(kWire), Rx(1) + Missed(1)},
      {"from port unknown unicast with the host off", kFunction1, FromTo(kMac1, kOutsideMac),
       To(kWire), Rx(1) + Missed(1), HostOff},
      {"from port broadcast", kFunction1, FromTo(kMac1, kBroadcast),
       To(kWire, kFunction2, kFunction3, kHost), Rx(1) + Tx(2) + Tx(3)},
      {"from port broadcast with the host off", kFunction1, FromTo(kMac1, kBroadcast),
       To(kWire, kFunction2, kFunction3), Rx(1) + Tx(2) + Tx(3), HostOff},
      {"from port multicast", kFunction2, FromTo(kMac2, kMulticast6),
       To(kWire, kFunction1, kFunction3, kHost), Rx(2) + Tx(1) + Tx(3)},
      {"from port a priority tagged frame keeps its tag", kFunction1,
       Eth{.dst = kMac2, .src = kMac1} / Vlan{.priority = 5} / Payload(46), To(kFunction2),
       Rx(1) + Tx(2)},
      {"from port a tagged frame", kFunction1,
       Eth{.dst = kMac2, .src = kMac1} / Vlan{.id = 7} / Payload(46), To(),
       Rx(1) + Drop(1, XSW_DROP_VLAN)},
      {"from port a spoof", kFunction1, FromTo(kMac2, kMac3), To(),
       Rx(1) + Drop(1, XSW_DROP_SPOOF)},
  };
}

class DeliveryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { SwitchUnderTest::Get().AttachAll(); }
  void SetUp() override { s_.Reset(); }

  // The frame, once at each of these places, and nothing else anywhere.
  void ExpectArrived(const Frame& frame, const Places& to, const Moves& moves) {
    const auto arrived = s_.lab().Arrived();
    for (int at = 0; at < kPlaces; at++) {
      const auto times = static_cast<size_t>(std::count(to.begin(), to.end(), at));
      EXPECT_EQ(arrived[at], std::vector<Bytes>(times, frame.bytes)) << "at place " << at;
    }
    EXPECT_EQ(s_.Moved(), Expected(moves, frame.bytes));
    EXPECT_EQ(s_.WitnessedOriginTags(), 0u);
  }

  SwitchUnderTest& s_ = SwitchUnderTest::Get();
};

class TableTest : public DeliveryTest, public testing::WithParamInterface<Delivery> {};

TEST_P(TableTest, ArrivesOnceAndNowhereElse) {
  const Delivery& row = GetParam();
  if (row.given) row.given(s_);

  s_.lab().At(row.from).Send(row.frame.bytes);

  ExpectArrived(row.frame, row.to, row.moves);
}

// The tables whose rows say what a frame becomes, one row after the other on the real hooks, with the
// tag accelerated as a veth has it.
class RowTest : public DeliveryTest, public testing::WithParamInterface<Row> {
 protected:
  static Places Ends(const Row& row);
};

// Where the frame itself ends; not what rises on a representor, where nobody looks.
Places RowTest::Ends(const Row& row) {
  if (row.verdict == kRedirect) return {*row.to};
  if (row.verdict == kDrop || row.source.program == Program::kPortRx) return {};
  return {row.source.program == Program::kUplinkRx ? kHost : kWire};
}

TEST_P(RowTest, ArrivesAsTheTableSays) {
  const Row& row = GetParam();
  std::array<std::vector<Bytes>, kPlaces> want;
  for (Place at : row.copies) want[at].push_back(row.CopyAt(at));
  for (Place at : Ends(row)) want[at].push_back(row.After());
  if (row.given) row.given(s_);

  s_.lab().At(row.source.program == Program::kUplinkTx ? kHost : row.source.at)
      .Send(row.frame.bytes);

  auto arrived = s_.lab().Arrived();
  const Bytes tag = s_.HostsTag();
  for (Bytes& frame : arrived[kHost]) frame.insert(frame.begin() + 12, tag.begin(), tag.end());
  EXPECT_EQ(arrived, want) << "by place: wire, function 1, 2, 3, host";
  EXPECT_EQ(s_.Moved(), Expected(row));
  EXPECT_EQ(s_.WitnessedOriginTags(), 0u);
}

// Not those that a test run alone can do: XDP, the representor's egress. The host's socket is one for
// kTestType, behind one tag at most.
std::vector<Row> Deliverable(const Table& table) {
  std::vector<Row> rows;
  for (const Row& row : table) {
    const Program program = row.source.program;
    const bool to_host = program == Program::kUplinkRx && row.verdict == kPass;
    const Bytes& frame = row.frame.bytes;
    const bool two_tags = IsTagged(frame) && (frame[16] << 8 | frame[17]) != kTestType;
    if ((program == Program::kPortRx || program == Program::kUplinkRx ||
         program == Program::kUplinkTx) && !(to_host && two_tags))
      rows.push_back(row);
  }
  return rows;
}

std::string RowName(const testing::TestParamInfo<Row>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}
INSTANTIATE_TEST_SUITE_P(Access, RowTest, testing::ValuesIn(Deliverable(AccessRows())), RowName);
INSTANTIATE_TEST_SUITE_P(Trunk, RowTest, testing::ValuesIn(Deliverable(TrunkRows())), RowName);
INSTANTIATE_TEST_SUITE_P(Filter, RowTest, testing::ValuesIn(Deliverable(FilterRows())), RowName);
INSTANTIATE_TEST_SUITE_P(Permit, RowTest, testing::ValuesIn(Deliverable(PermitRows())), RowName);
INSTANTIATE_TEST_SUITE_P(Switchdev, RowTest, testing::ValuesIn(Deliverable(SwitchdevRows())),
                         RowName);

std::string DeliveryName(const testing::TestParamInfo<Delivery>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Outside, TableTest, testing::ValuesIn(FromWireAndHost()), DeliveryName);
INSTANTIATE_TEST_SUITE_P(Ports, TableTest, testing::ValuesIn(FromPorts()), DeliveryName);

// One witness is on the function, one on its representor, which sees only what takes that way.
TEST_F(DeliveryTest, FunctionInAnotherNetnsIsReachedPastItsRepresentor) {
  const Frame frame = FromTo(kMac1, kMac2);
  s_.lab().At(kFunction1).Send(frame.bytes);
  ExpectArrived(frame, {kFunction2}, Rx(1) + Tx(2));
  EXPECT_EQ(s_.Witnessed(), 1u);
}

TEST_F(DeliveryTest, FunctionInOurNetnsIsReachedByItsRepresentor) {
  const Frame frame = FromTo(kMac1, kMac2);
  s_.ConfigurePort(kFunction2,
                   [](xsw_port& p) { p.flags &= static_cast<uint16_t>(~XSW_PORT_PEER); });
  s_.lab().At(kFunction1).Send(frame.bytes);
  ExpectArrived(frame, {kFunction2}, Rx(1) + Tx(2));
  EXPECT_EQ(s_.Witnessed(), 2u);
}

// bpf_redirect_peer makes the function take the frame as its own, which it is only by hw_addr: who
// knows what is behind a second address.
TEST_F(DeliveryTest, SecondAddressOfAFunctionIsReachedByItsRepresentor) {
  const Frame frame = FromTo(kMac1, kExtraMac2);
  s_.lab().At(kFunction1).Send(frame.bytes);
  ExpectArrived(frame, {kFunction2}, Rx(1) + Tx(2));
  EXPECT_EQ(s_.Witnessed(), 2u);
}

// Redirected as an XDP frame, straight to the function.
TEST_F(DeliveryTest, XdpRedirectReachesTheFunction) {
  const Frame frame = FromTo(kOutsideMac, kMac2);
  s_.ConfigureEswitch([](xsw_eswitch& e) { e.xdp_steers = XSW_STEERS_ALL; });
  s_.lab().SetFarGro(kFunction2, true);
  s_.RunXdpLive(frame);
  ExpectArrived(frame, {kFunction2}, Tx(2));
  s_.lab().SetFarGro(kFunction2, false);
}

// The tag that counts may lie outside the part of an skb that a program can read at once.
TEST_F(DeliveryTest, TagBehindTheLinearPartIsSeen) {
  const Frame frame = Eth{.dst = kMac2, .src = kMac1} / Vlan{} / Vlan{.id = 7} / Payload(5000);
  s_.lab().At(kFunction1).SendNonlinear(frame.bytes);
  ExpectArrived(frame, {}, Rx(1) + Drop(1, XSW_DROP_VLAN));
}

TEST_F(DeliveryTest, FrameWithItsPayloadBehindTheLinearPartArrivesWhole) {
  const Frame frame = Eth{.dst = kMac2, .src = kMac1} / Payload(5000);
  s_.lab().At(kFunction1).SendNonlinear(frame.bytes);
  ExpectArrived(frame, {kFunction2}, Rx(1) + Tx(2));
}

// A real GSO frame of two segments and more, and where it is too long for: the uplink, or port 2.
struct Gso {
  const char* name;
  Mac dst;
  uint16_t segment;  // the MTU there is 1000
  Moves moves;
  Places to;
};
std::ostream& operator<<(std::ostream& out, const Gso& gso) { return out << gso.name; }

class GsoTest : public DeliveryTest, public testing::WithParamInterface<Gso> {};

TEST_P(GsoTest, IsHeldAgainstTheMtuSegmentBySegment) {
  const Gso& gso = GetParam();
  const Frame frame = Eth{.dst = gso.dst, .src = kMac1, .type = ETH_P_IP} / Tcp4{.payload = 3000};
  s_.lab().SetMtu(kWire, 1000);
  s_.lab().SetMtu(kFunction2, 1000);
  s_.ConfigureEswitch([](xsw_eswitch& e) { e.mtu = 1000; });

  s_.lab().At(kFunction1).SendGso(frame.bytes, gso.segment);

  ExpectArrived(frame, gso.to, gso.moves);
}

INSTANTIATE_TEST_SUITE_P(
    Frames, GsoTest,
    testing::Values(
        Gso{"WireFits", kOutsideMac, 960, Rx(1) + Missed(1), {kWire}},
        Gso{"WireIsTooSmall", kOutsideMac, 961, Rx(1) + Missed(1) + Drop(1, XSW_DROP_MTU), {}},
        Gso{"PortFits", kMac2, 960, Rx(1) + Tx(2), {kFunction2}},
        Gso{"PortIsTooSmall", kMac2, 961, Rx(1) + Drop(2, XSW_DROP_MTU), {}},
        Gso{"BroadcastPassesWhereItIsTooSmall", kBroadcast, 961,
            Rx(1) + Drop(1, XSW_DROP_MTU) + Drop(2, XSW_DROP_MTU) + Tx(3), {kFunction3}}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace xsw::test
