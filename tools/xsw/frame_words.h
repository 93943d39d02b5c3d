// SPDX-License-Identifier: Apache-2.0
// A frame as a user says it: in hex, as a capture file, or by its addresses.
#ifndef XSW_TOOLS_XSW_FRAME_WORDS_H_
#define XSW_TOOLS_XSW_FRAME_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/xsw/args.h"
#include "tools/xsw/pcap_frames.h"

namespace xsw {

// The rest of the line: hex digits (spaces, colons and a 0x before them are ignored), the name of a
// pcap or pcapng file, or `src MAC dst MAC [vlan V]`. Frames have 14 bytes at least, and what is
// beyond kMostFrameBytes is cut off: no rule looks there.
inline constexpr size_t kMostFrameBytes = 1514;
absl::StatusOr<std::vector<FrameBytes>> TakeFrames(Args& args);

// "02:00:00:00:00:01 > 02:00:00:00:00:02, vlan 7, 60 bytes"
std::string FrameText(const FrameBytes& frame);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_FRAME_WORDS_H_
