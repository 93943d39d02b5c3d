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
  return IsUnicast(row.frame.bytes) &&
         std::any_of(row.moves.begin(), row.moves.end(), [](const Move& m) { return m.port != 0; });
}

std::array<std::vector<Bytes>, kPlaces> ExpectedCopies(const Row& row) {
  std::array<std::vector<Bytes>, kPlaces> copies;
  for (Place at : row.copies) copies[at] = {row.frame.bytes};
  return copies;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.row.name; }

std::vector<Case> Cases(const Table& table) {
  std::vector<Case> cases;
  for (const Row& row : table) {
    cases.push_back({row, Via::kTc});
    if (IsTagged(row.frame.bytes)) cases.push_back({row, Via::kTcAccelerated});
    // An XDP frame has no tc_index.
    if (row.source.program != Program::kUplinkRx || row.tc_index != 0) continue;
    cases.push_back({row, Via::kXdp});
    cases.push_back({row, Via::kXdpNotSteering});
  }
  return cases;
}

std::string CaseName(const testing::TestParamInfo<Case>& info) {
  constexpr const char* kVia[] = {"", "_by_accelerated_tag", "_by_XDP", "_not_by_XDP_unless_asked"};
  std::string name = info.param.row.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name + kVia[static_cast<int>(info.param.via)];
}

TEST_P(Frames, GoWhereTheTableSays) {
  const auto& [row, via] = GetParam();
  SwitchUnderTest& s = SwitchUnderTest::Get();
  s.Reset();
  s.ConfigureEswitch([via = via](xsw_eswitch& e) {
    e.xdp_steers = via == Via::kXdp ? XSW_STEERS_ALL : XSW_STEERS_NOTHING;
  });
  if (row.given) row.given(s);

  const bool xdp = via == Via::kXdp || via == Via::kXdpNotSteering;
  const Outcome outcome =
      s.Run(xdp ? Program::kUplinkXdp : row.source.program, row.source.at, row.frame,
            {.accelerate_tag = via == Via::kTcAccelerated, .tc_index = row.tc_index});
  const Counters moved = s.Moved();
  s.lab().Repair();
  const auto arrived = s.lab().Arrived();

  EXPECT_EQ(outcome.frame, row.frame.bytes) << "the frame has been changed";
  if (xdp && !(via == Via::kXdp && XdpDecides(row))) {
    EXPECT_EQ(outcome.verdict, kPass);
    EXPECT_EQ(moved, Counters{});
    EXPECT_EQ(arrived, (std::array<std::vector<Bytes>, kPlaces>{}));
    return;
  }
  EXPECT_EQ(outcome.verdict, row.verdict);
  EXPECT_EQ(moved, Expected(row.moves, row.frame.bytes));
  EXPECT_EQ(arrived, ExpectedCopies(row)) << "by place: wire, function 1, 2, 3, host";
}

}  // namespace xsw::test
