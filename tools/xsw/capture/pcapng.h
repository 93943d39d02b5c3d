// SPDX-License-Identifier: Apache-2.0
// Blocks of a pcapng file (draft-ietf-opsawg-pcapng), which are appended to a string. libpcap
// writes none of their options.
#ifndef XSW_TOOLS_XSW_CAPTURE_PCAPNG_H_
#define XSW_TOOLS_XSW_CAPTURE_PCAPNG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"

namespace xsw {

// Begins the file. application: "xsw 0.2.0".
void AppendSection(const std::string& application, std::string* to);

// One of Ethernet, with times in nanoseconds. They are numbered from 0 as they come.
void AppendInterface(const std::string& name, const std::string& description, uint32_t snaplen,
                     std::string* to);

enum class PcapngDirection : uint32_t { kInbound = 1, kOutbound = 2 };
enum class PcapngCast : uint32_t { kUnicast = 1, kMulticast = 2, kBroadcast = 3 };

struct PcapngPacket {
  uint32_t interface = 0;
  uint64_t time_ns = 0;  // since 1970
  absl::Span<const uint8_t> bytes;
  uint32_t length = 0;  // before it was cut
  PcapngDirection direction = PcapngDirection::kInbound;
  PcapngCast cast = PcapngCast::kUnicast;
  uint64_t id = 0;  // the same for all packets that are the same
  std::optional<uint32_t> queue;
  // What a program of tc (TC_ACT_*) or XDP (XDP_*) has returned.
  enum class Hook : uint8_t { kTc = 1, kXdp = 2 } hook = Hook::kTc;
  std::optional<int64_t> verdict;
  std::string comment;  // empty: none
};
void AppendPacket(const PcapngPacket& packet, std::string* to);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_CAPTURE_PCAPNG_H_
