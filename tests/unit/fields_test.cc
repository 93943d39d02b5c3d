// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/fields.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

// All that a kind of value can look like, in the order of JSON.
Fields Port(bool json) {
  Fields policy(json), rx(json), drops(json), statistics(json), fields(json);
  policy.OnOff("promisc", false);
  policy.Rate("tx_max", 10000000);
  policy.Bytes("burst", 65536);
  rx.Frames("unicast", 2, 120);
  drops.UnlessZero("spoof", 0);
  statistics.Line("misses", 7);
  statistics.Row("rx", std::move(rx));
  statistics.Row("drops", std::move(drops));
  fields.Word("netdev", "up0sf1");
  fields.Number("sfnum", 1);
  fields.Bool("external", false);
  fields.Block("policy", std::move(policy));
  fields.Note("mind the gap");
  fields.Block("statistics", std::move(statistics));
  return fields;
}

TEST(Fields, TextHasOwnFieldsThenRowsTheNoteAndWhatIsBelow) {
  EXPECT_EQ(Port(/*json=*/false).Text("up0/1"),
            "up0/1: netdev up0sf1 sfnum 1 external false\n"
            "  note: mind the gap\n"
            "  policy:\n"
            "    promisc off tx_max 10mbit burst 65536\n"
            "  statistics:\n"
            "    rx: unicast 2 frames 120 bytes\n"
            "    drops: none\n"
            "    misses 7");
}

TEST(Fields, JsonHasTypesAndUnitsInTheOrderInWhichTheyCome) {
  EXPECT_EQ(DumpJson(Port(/*json=*/true).json()),
            R"({"netdev":"up0sf1","sfnum":1,"external":false,)"
            R"("policy":{"promisc":false,"tx_max_bit_s":10000000,"burst_bytes":65536},)"
            R"("note":"mind the gap",)"
            R"("statistics":{"misses":7,"rx":{"unicast":{"frames":2,"bytes":120}},)"
            R"("drops":{"spoof":0}}})");
}

TEST(Fields, OnlyTheFormThatIsAskedForIsMade) {
  EXPECT_TRUE(Port(/*json=*/false).json().is_null());
  EXPECT_EQ(Port(/*json=*/true).Text("up0/1"), "up0/1:");
}

TEST(Fields, UseIsARowAboveTheNote) {
  Fields use(false), fields(false);
  use.Use("ports", 2, 4096);
  use.Use("fdb", 3, 65536);
  fields.Note("the netdev is gone");
  fields.Row("use", std::move(use));
  EXPECT_EQ(fields.Text("up0"),
            "up0:\n  use: ports 2/4096 fdb 3/65536\n  note: the netdev is gone");
}

}  // namespace
}  // namespace xsw
