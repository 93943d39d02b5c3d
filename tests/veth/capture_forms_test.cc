// SPDX-License-Identifier: Apache-2.0
// What `xsw capture` leaves out, and the forms in which it hands over the rest: a file, JSON, lines
// for a terminal, a pipe.
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
#include <gtest/gtest.h>

#include "tests/veth/captured.h"
#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

const Payload kData(60);
const Mac kNobody = {2, 9, 9, 9, 9, 9};

Frame Plain(const Mac& dst, const Mac& src) { return Eth{.dst = dst, .src = src} / kData; }
Frame In7(const Mac& dst, const Mac& src) {
  return Eth{.dst = dst, .src = src} / Vlan{.id = 7} / kData;
}

// Which of the records of these four frames a filter leaves.
struct Filter {
  const char* words;
  std::vector<std::string> records;  // "frame interface direction"
};
const Filter kFilters[] = {
    {"up0/2", {"0 up0/2 out", "1 up0/2 out", "2 up0/2 in", "2 up0/0 out"}},
    {"up0sf2 out", {"0 up0/2 out", "1 up0/2 out"}},
    {"up0/1 in", {"0 up0/1 in", "3 up0/1 in"}},
    {"up0/1 up0/2 in", {"0 up0/1 in", "2 up0/2 in", "3 up0/1 in"}},
    {"up0/0 in", {"1 up0/0 in"}},
    {"up0/0 out", {"2 up0/0 out"}},
    {"drops", {"3 up0/1 in"}},
    {"up0/2 drops", {}},
    {"up0 reason spoof", {"3 up0/1 in"}},
    {"up0 reason vlan", {}},
    {"up0 mac 02:00:00:00:00:20 in", {"1 up0/0 in", "2 up0/2 in"}},
    {"up0 vlan 7 in", {"1 up0/0 in", "2 up0/2 in"}},
};

TEST(CaptureForms, LeavesWhatAFilterLeaves) {
  Topology t({.ports = 2});
  t.XswOk("port function set up0/2 vlans 7 pvid 8");
  t.XswOk("port function set up0/1 vlan 8");
  const std::pair<Place, Frame> sent[] = {{kFunction1, Plain(kMac2, kMac1)},
                                          {kWire, In7(kMac2, kOutsideMac)},
                                          {kFunction2, In7(kOutsideMac, kMac2)},
                                          {kFunction1, Plain(kMac2, kNobody)}};
  Observers see(t);
  for (const Filter& filter : kFilters) {
    Capturing capture(t, filter.words);
    for (uint32_t id = 0; id < std::size(sent); id++)
      see.Send(sent[id].first, Numbered(sent[id].second, id));
    see.Arrived();
    EXPECT_EQ(capture.End().status, 0);
    std::vector<std::string> got;
    for (const CapturedRecord& record : capture.Read())
      got.push_back(std::to_string(record.id) + " " + record.interface + " " +
                    record.text.substr(0, record.text.find(' ')));
    EXPECT_EQ(got, filter.records) << filter.words;
  }
}

TEST(CaptureForms, SaysInOneLineThatAFileCannotBeWritten) {
  Topology t({.ports = 1});
  for (const auto& [file, why] : {std::pair("/run/nope/file", "No such file or directory"),
                                  std::pair("/dev/full", "No space left on device")}) {
    const Result result = t.Xsw(std::string("capture up0 -w ") + file);
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err, std::string("Error: xsw: write ") + file + ": " + why + ".\n");
    EXPECT_EQ(t.Xsw("check").status, 0) << "its programs are gone again";
  }
}

TEST(CaptureForms, EndsAfterSoManyAndCutsToTheSnaplen) {
  Topology t({.ports = 2});
  Observers see(t);
  Capturing capture(t, "up0/1 in snaplen 40 -c 2");
  for (uint32_t id = 0; id < 5; id++)
    see.Send(kFunction1, Numbered(Eth{.dst = kMac2, .src = kMac1} / Payload(500), id));
  const Result result = capture.process().Wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "2 frames captured, 0 lost\n");
  const std::vector<CapturedRecord> records = capture.Read();
  ASSERT_EQ(records.size(), 2u);
  for (const CapturedRecord& record : records) EXPECT_EQ(record.length, 514u) << "as it was";
  EXPECT_EQ(MustRun("tshark -r " + capture.file() + " -T fields -e frame.cap_len"), "40\n40\n");
}

TEST(CaptureForms, SaysEachFrameInALineOfJson) {
  Topology t({.ports = 2});
  Observers see(t);
  Process capture(t.XswArgv("-j capture up0/1 drops -c 1"));
  ASSERT_TRUE(WaitFor([&] {
    see.Send(kFunction1, Plain(kMac2, kNobody).bytes);
    return capture.Done();
  }));
  const Json line = Json::parse(capture.Wait().out);
  EXPECT_EQ(line["direction"], "drop");
  EXPECT_EQ(line["port"], "up0/1");
  EXPECT_EQ(line["reason"], "spoof");
  EXPECT_EQ(line["verdict"], "TC_ACT_SHOT");
  EXPECT_EQ(line["frame"], "02:09:09:09:09:09 > 02:00:00:00:00:02, 74 bytes");
}

// tcpdump and tshark as users start them.
TEST(CaptureForms, PipesIntoTcpdumpWhichSeesAFrameAtOnce) {
  Topology t({.ports = 2});
  Observers see(t);
  std::string line;
  for (const std::string& word : t.XswArgv("capture up0/1 in -w -")) line += word + " ";
  Process piped({"sh", "-c", line + "| tcpdump -n -l -e -r - -c 1"});
  EXPECT_TRUE(WaitFor([&] {
    see.Send(kFunction1, Plain(kMac2, kMac1).bytes);
    return piped.Done();
  }));
  // xsw ends when its reader has gone.
  EXPECT_EQ(piped.Wait().status, 0);
  EXPECT_NE(piped.OutSoFar().find("02:00:00:00:00:01 > 02:00:00:00:00:02"), std::string::npos);
}

TEST(CaptureForms, PrintsALineForEachFrameToATerminal) {
  Topology t({.ports = 2});
  Observers see(t);
  std::string line;
  for (const std::string& word : t.XswArgv("capture up0 out -c 1")) line += word + " ";
  Process terminal({"script", "-qec", line, "/dev/null"});
  EXPECT_TRUE(WaitFor([&] {
    see.Send(kFunction1, Plain(kMac2, kMac1).bytes);
    return terminal.Done();
  }));
  const std::string said = terminal.Wait().out;
  EXPECT_NE(
      said.find(" out up0/2 (up0/1 > up0/2): 02:00:00:00:00:01 > 02:00:00:00:00:02, 74 bytes"),
      std::string::npos)
      << said;
}

}  // namespace
}  // namespace xsw::test
