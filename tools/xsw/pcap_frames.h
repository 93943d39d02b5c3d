// SPDX-License-Identifier: Apache-2.0
// Frames out of a pcap or pcapng file.
#ifndef XSW_TOOLS_XSW_PCAP_FRAMES_H_
#define XSW_TOOLS_XSW_PCAP_FRAMES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw {

using FrameBytes = std::vector<uint8_t>;

// InvalidArgument: too short for an Ethernet header. what names the frame.
absl::Status CheckFrame(const FrameBytes& frame, const std::string& what);

// All of them, as far as they were captured; a thousand at most. InvalidArgument: not such a file,
// or not of Ethernet.
absl::StatusOr<std::vector<FrameBytes>> ReadPcapFrames(const std::string& path);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_PCAP_FRAMES_H_
