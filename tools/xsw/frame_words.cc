// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/frame_words.h"

#include <linux/if_ether.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "switchdev_model/policy/vlan.h"
#include "tools/xsw/pcap_frames.h"
#include "userspace/mac.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kLeastBytes = 60;               // Ethernet's, without FCS
constexpr uint16_t kLocalExperimental = 0x88b5;  // IEEE 802: an ethertype for no protocol

void Cut(FrameBytes& frame) { frame.resize(std::min(frame.size(), kMostFrameBytes)); }

void Append16(FrameBytes& to, uint16_t value) {
  to.push_back(static_cast<uint8_t>(value >> 8));
  to.push_back(static_cast<uint8_t>(value));
}

absl::StatusOr<FrameBytes> TakeAddresses(Args& args) {
  std::optional<Mac> src, dst;
  std::optional<uint32_t> vlan;
  auto number = [](const std::string& text) { return ParseNumber("vlan", text); };
  XSW_RETURN_IF_ERROR(args.TakePairs({{"src", Store(ParseMac, &src)},
                                      {"dst", Store(ParseMac, &dst)},
                                      {"vlan", Store(number, &vlan)}}));
  if (!src || !dst) return UsageError("a frame needs src MAC and dst MAC");
  if (vlan) XSW_RETURN_IF_ERROR(CheckVlan(*vlan, "vlan"));
  FrameBytes frame(dst->begin(), dst->end());
  frame.insert(frame.end(), src->begin(), src->end());
  if (vlan) {
    Append16(frame, ETH_P_8021Q);
    Append16(frame, static_cast<uint16_t>(*vlan));
  }
  Append16(frame, kLocalExperimental);
  frame.resize(kLeastBytes);
  return frame;
}

// None: it has other characters.
std::optional<FrameBytes> ParseHex(const std::string& text) {
  std::string digits;
  for (char c : std::string(absl::StripPrefix(text, "0x"))) {
    if (std::isxdigit(static_cast<unsigned char>(c))) {
      digits.push_back(c);
    } else if (c != ':' && c != ' ') {
      return std::nullopt;
    }
  }
  if (digits.empty() || digits.size() % 2) return std::nullopt;
  const std::string bytes = absl::HexStringToBytes(digits);
  return FrameBytes(bytes.begin(), bytes.end());
}

}  // namespace

absl::StatusOr<std::vector<FrameBytes>> TakeFrames(Args& args) {
  if (args.Next() == "src" || args.Next() == "dst") {
    XSW_ASSIGN_OR_RETURN(FrameBytes frame, TakeAddresses(args));
    return std::vector<FrameBytes>{frame};
  }
  XSW_ASSIGN_OR_RETURN(std::string text, args.Take("FRAME"));
  if (access(text.c_str(), F_OK) == 0) {
    XSW_RETURN_IF_ERROR(args.Done());
    XSW_ASSIGN_OR_RETURN(std::vector<FrameBytes> frames, ReadPcapFrames(text));
    for (FrameBytes& frame : frames) Cut(frame);
    return frames;
  }
  while (!args.empty()) {
    XSW_ASSIGN_OR_RETURN(std::string more, args.Take("hex"));
    absl::StrAppend(&text, " ", more);
  }
  std::optional<FrameBytes> frame = ParseHex(text);
  if (!frame)
    return absl::InvalidArgumentError(absl::StrCat(
        "frame \"", text, "\" is neither hex nor a file, nor src MAC dst MAC [vlan V]"));
  XSW_RETURN_IF_ERROR(CheckFrame(*frame, "frame"));
  Cut(*frame);
  return std::vector<FrameBytes>{*frame};
}

std::string FrameText(const FrameBytes& frame) {
  Mac dst, src;
  std::copy_n(frame.begin(), 6, dst.begin());
  std::copy_n(frame.begin() + 6, 6, src.begin());
  std::string text = absl::StrCat(FormatMac(src), " > ", FormatMac(dst));
  for (size_t at = 12; at + 4 <= frame.size(); at += 4) {
    const int type = frame[at] << 8 | frame[at + 1];
    if (type != ETH_P_8021Q && type != ETH_P_8021AD) break;
    absl::StrAppend(&text, type == ETH_P_8021Q ? ", vlan " : ", 802.1ad vlan ",
                    (frame[at + 2] << 8 | frame[at + 3]) & XSW_VLAN_MASK);
  }
  return absl::StrCat(text, ", ", frame.size(), " bytes");
}

}  // namespace xsw
