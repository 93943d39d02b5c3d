// SPDX-License-Identifier: Apache-2.0
// The frames that xsw-perf sends: numbered, so that a receiver sees what is missing.
#ifndef XSW_TOOLS_XSW_PERF_FRAME_H_
#define XSW_TOOLS_XSW_PERF_FRAME_H_

#include <cstdint>
#include <cstring>

#include "userspace/mac.h"

namespace xsw::perf {

// In host byte order: both ends are on one machine, or of one kind.
struct [[gnu::packed]] FrameHeader {
  uint8_t dst[6];
  uint8_t src[6];
  uint8_t type[2];  // 0x88b5, IEEE 802's local experimental ethertype
  uint8_t pad[2];
  uint32_t magic;
  uint64_t number;
};
static_assert(sizeof(FrameHeader) == 28);

inline constexpr uint32_t kMagic = 0x70777378;  // "xswp"

inline void WriteHeader(void* frame, const Mac& dst, const Mac& src, uint64_t number) {
  FrameHeader header = {.type = {0x88, 0xb5}, .pad = {}, .magic = kMagic, .number = number};
  CopyMac(dst, header.dst);
  CopyMac(src, header.src);
  std::memcpy(frame, &header, sizeof(header));
}

// False: not one of ours.
inline bool ReadHeader(const void* frame, uint32_t length, FrameHeader* header) {
  if (length < sizeof(*header)) return false;
  std::memcpy(header, frame, sizeof(*header));
  return header->magic == kMagic && header->type[0] == 0x88 && header->type[1] == 0xb5;
}

}  // namespace xsw::perf

#endif  // XSW_TOOLS_XSW_PERF_FRAME_H_
