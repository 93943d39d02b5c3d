// SPDX-License-Identifier: Apache-2.0
// Each row of each table, in each way in which its frame can come.
#include <algorithm>
#include <array>
#include <cctype>
#include <ostream>

#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

// The XDP program decides what concerns a port alone; the rest it leaves, unseen and uncounted, to
// xsw_uplink_rx.
bool XdpDecides(const Row& row) {
  return !row.tc_alone && IsUnicast(row.frame.bytes) && row.verdict != kPass &&
         std::any_of(row.moves.begin(), row.moves.end(), [](const Move& m) { return m.port != 0; });
}

using Arrivals = std::array<std::vector<Bytes>, kPlaces>;

Arrivals ExpectedCopies(const Row& row) {
  Arrivals copies;
  for (Place at : row.copies) copies[at] = {row.CopyAt(at)};
  return copies;
}

Program ProgramOf(const Row& row, Via via) {
  switch (via) {
    case Via::kAsItIs:
    case Via::kAcceleratedTag:
      return row.source.program;
    case Via::kUplinkXdp:
    case Via::kUplinkXdpNotSteering:
    case Via::kUplinkXdpToBlocks:
    case Via::kUplinkXdpSparingNetdevs:
      return Program::kUplinkXdp;
    case Via::kPortXdp:
    case Via::kPortXdpToWire:
      return Program::kPortXdp;
  }
  Die("no such way");
}

xsw_steers Steers(Via via) {
  if (via == Via::kUplinkXdp) return XSW_STEERS_ALL;
  if (via == Via::kUplinkXdpToBlocks || via == Via::kUplinkXdpSparingNetdevs)
    return XSW_STEERS_QUEUES;
  return XSW_STEERS_NOTHING;
}

void Prepare(SwitchUnderTest& s, Via via) {
  s.ConfigureEswitch([via](xsw_eswitch& e) {
    e.xdp_steers = static_cast<uint8_t>(Steers(via));
    e.xdp_wire = via == Via::kPortXdpToWire;
  });
  if (via != Via::kUplinkXdpToBlocks) return;
  for (Place port : {kFunction1, kFunction2, kFunction3}) IsQueueBlock(port)(s);
}

// Whether the program met first leaves the frame, uncounted, to the row's own. On a representor that is
// up to it (PortXdpRows() says when it must not); what it does take it must treat as the other would.
bool LeavesToTc(const Row& row, Via via, Verdict verdict) {
  switch (ProgramOf(row, via)) {
    case Program::kUplinkXdp:
      return via != Via::kAsItIs &&
             !(XdpDecides(row) && (via == Via::kUplinkXdp || via == Via::kUplinkXdpToBlocks));
    case Program::kPortXdp:
      return via != Via::kAsItIs && verdict == kPass;
    default:
      return false;
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.row.name; }

std::vector<Case> Cases(const Table& table) {
  std::vector<Case> cases;
  for (const Row& row : table) {
    const Program program = row.source.program;
    cases.push_back({row, Via::kAsItIs});
    if (program == Program::kUplinkXdp || program == Program::kPortXdp ||
        program == Program::kQueueRx)
      continue;
    if (IsTagged(row.frame.bytes)) cases.push_back({row, Via::kAcceleratedTag});
    // An XDP frame has no tc_index.
    if (row.tc_index != 0) continue;
    if (program == Program::kUplinkRx) {
      for (Via via : {Via::kUplinkXdp, Via::kUplinkXdpNotSteering, Via::kUplinkXdpToBlocks,
                      Via::kUplinkXdpSparingNetdevs})
        cases.push_back({row, via});
    }
    if (program == Program::kPortRx) {
      for (Via via : {Via::kPortXdp, Via::kPortXdpToWire}) cases.push_back({row, via});
    }
  }
  return cases;
}

std::string CaseName(const testing::TestParamInfo<Case>& info) {
  constexpr const char* kVia[] = {
      "",           "_by_accelerated_tag", "_by_XDP",         "_not_by_XDP_unless_asked",
      "_to_blocks", "_not_to_netdevs",     "_as_XDP_decides", "_as_XDP_to_the_wire_decides"};
  std::string name = info.param.row.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name + kVia[static_cast<int>(info.param.via)];
}

namespace {

bool IsXdp(Program program) {
  return program == Program::kUplinkXdp || program == Program::kPortXdp ||
         program == Program::kQueueRx;
}

// A tag that a tc program leaves may be accelerated, out of sight here; delivery_test.cc sees it.
void ExpectFrame(const Row& row, bool xdp, const Outcome& outcome) {
  if (!row.becomes) {
    EXPECT_EQ(outcome.frame, row.frame.bytes) << "the frame has been changed";
    return;
  }
  Bytes want = row.After();
  if (!xdp && IsTagged(want) && outcome.data.size() + 4 == want.size())
    want.erase(want.begin() + 12, want.begin() + 16);
  EXPECT_EQ(outcome.data, want) << "the frame has not become what it should";
}

}  // namespace

TEST_P(Frames, GoWhereTheTableSays) {
  const auto& [row, via] = GetParam();
  SwitchUnderTest& s = SwitchUnderTest::Get();
  s.Reset();
  Prepare(s, via);
  if (row.given) row.given(s);

  const Outcome outcome = s.Run(ProgramOf(row, via), row.source.at, row.frame,
                                {.accelerate_tag = via == Via::kAcceleratedTag,
                                 .tc_index = row.tc_index,
                                 .rx_queue = row.source.rx_queue});
  const Counters moved = s.Moved();
  s.lab().Repair();
  const Arrivals arrived = s.lab().Arrived();

  if (LeavesToTc(row, via, outcome.verdict)) {
    EXPECT_EQ(outcome.frame, row.frame.bytes) << "the frame has been changed";
    EXPECT_EQ(outcome.verdict, kPass);
    EXPECT_EQ(moved, Counters{});
    EXPECT_EQ(arrived, Arrivals{});
    return;
  }
  ExpectFrame(row, IsXdp(ProgramOf(row, via)), outcome);
  EXPECT_EQ(outcome.verdict, row.verdict);
  EXPECT_EQ(moved, Expected(row));
  EXPECT_EQ(arrived, ExpectedCopies(row)) << "by place: wire, function 1, 2, 3, host";
}

}  // namespace xsw::test
