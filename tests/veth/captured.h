// SPDX-License-Identifier: Apache-2.0
// `xsw capture` at work, and what Debian's tshark reads in its file.
//
//   Capturing capture(t, "up0");
//   ... frames ...
//   EXPECT_EQ(capture.End().status, 0);
//   for (const CapturedRecord& record : capture.Read()) ...
#ifndef XSW_TESTS_VETH_CAPTURED_H_
#define XSW_TESTS_VETH_CAPTURED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/veth/topology.h"

namespace xsw::test {

struct CapturedRecord {
  std::string interface;    // "up0/1"
  std::string description;  // "up0sf1"
  std::string packet_id, queue;
  uint32_t length = 0;
  uint32_t id = UINT32_MAX;  // of a frame that is Numbered(), if its end was captured
  // "in", "out tc 7 vlan 5 | up0/1 > up0/2 vlan 5": direction, verdict, the tag that it has,
  // comment.
  std::string text;
};

// What tshark reads there of test frames (IsTestFrame()) that are no markers of Observers; dies if
// it complains.
std::vector<CapturedRecord> ReadCaptured(const std::string& file);

class Capturing {
 public:
  // `xsw capture WORDS -w FILE`; returns when its programs are attached.
  Capturing(const Topology& t, const std::string& words, const std::string& file = "/run/captured");
  Process& process() { return process_; }
  // As Ctrl-C does.
  Result End();
  std::vector<CapturedRecord> Read() const { return ReadCaptured(file_); }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  Process process_;
};

// Of "7 frames captured, 3 lost".
struct CaptureSaid {
  uint64_t captured = 0, lost = 0;
};
CaptureSaid SaidOf(const Result& result);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_CAPTURED_H_
