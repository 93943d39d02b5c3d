// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/capture/options.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/words.h"
#include "tools/xsw/handle.h"
#include "userspace/mac.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Less than an Ethernet header tells nothing.
constexpr uint32_t kLeastBytes = 14;

constexpr uint8_t Bit(xsw_capture_kind kind) { return static_cast<uint8_t>(1 << kind); }
constexpr uint8_t kAllKinds = Bit(XSW_CAPTURE_IN) | Bit(XSW_CAPTURE_OUT) | Bit(XSW_CAPTURE_DROP);

struct Direction {
  const char* word;
  uint8_t kinds;
  uint8_t ends;  // by which ports are chosen
};
constexpr Direction kDirections[] = {
    {"in", Bit(XSW_CAPTURE_IN), XSW_CAPTURE_FROM},
    {"out", Bit(XSW_CAPTURE_OUT), XSW_CAPTURE_TO},
    {"drops", Bit(XSW_CAPTURE_DROP), XSW_CAPTURE_FROM | XSW_CAPTURE_TO},
    {"all", kAllKinds, XSW_CAPTURE_FROM | XSW_CAPTURE_TO},
};

absl::StatusOr<uint8_t> ParseReason(const std::string& word) {
  std::vector<std::string> words;
  for (uint8_t reason = XSW_DROP_NONE + 1; reason < XSW_DROP_COUNT; reason++) {
    if (word == DropWord(reason)) return reason;
    words.push_back(DropWord(reason));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("reason ", word, " is none of ", absl::StrJoin(words, ", ")));
}

absl::StatusOr<uint16_t> ParseVlan(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const uint32_t vlan, ParseNumber("vlan", text));
  XSW_RETURN_IF_ERROR(CheckVlan(vlan, "vlan"));
  return static_cast<uint16_t>(vlan);
}

absl::StatusOr<uint32_t> ParseSnaplen(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const uint32_t bytes, ParseNumber("snaplen", text));
  if (bytes >= kLeastBytes && bytes <= XSW_CAPTURE_MAX_BYTES) return bytes;
  return absl::InvalidArgumentError(absl::StrCat("snaplen ", bytes, " is not within ", kLeastBytes,
                                                 " to ", XSW_CAPTURE_MAX_BYTES));
}

absl::StatusOr<uint64_t> ParseLimit(const std::string& text) {
  XSW_ASSIGN_OR_RETURN(const uint32_t frames, ParseNumber("-c", text));
  if (frames) return uint64_t{frames};
  return absl::InvalidArgumentError("-c 0: no frames are none to capture");
}

absl::Status TakePort(const Call& call, const std::string& text, CaptureOptions* options) {
  XSW_ASSIGN_OR_RETURN(const std::vector<PortSelection> selected, SelectPorts(call, text));
  for (const PortSelection& selection : selected) {
    if (!options->uplink.empty() && options->uplink != selection.uplink)
      return absl::InvalidArgumentError(absl::StrCat(
          "ports of ", options->uplink, " and ", selection.uplink,
          text.empty() ? ": say of which eswitch" : ": one capture is of one eswitch"));
    options->uplink = selection.uplink;
    if (selection.index) options->ports.push_back(*selection.index);
  }
  return absl::OkStatus();
}

bool IsPort(const std::string& word) {
  constexpr const char* kKeys[] = {"reason", "vlan", "mac", "snaplen", "-c", "-w"};
  return !word.empty() && std::find(std::begin(kKeys), std::end(kKeys), word) == std::end(kKeys) &&
         std::none_of(std::begin(kDirections), std::end(kDirections),
                      [&](const Direction& direction) { return word == direction.word; });
}

absl::Status TakePorts(Call& call, CaptureOptions* options) {
  bool whole = !IsPort(call.args.Next());
  if (whole) XSW_RETURN_IF_ERROR(TakePort(call, "", options));
  while (IsPort(call.args.Next())) {
    XSW_ASSIGN_OR_RETURN(const std::string text, call.args.Take("DEV|DEV/INDEX"));
    const size_t before = options->ports.size();
    XSW_RETURN_IF_ERROR(TakePort(call, text, options));
    whole |= options->ports.size() == before;
  }
  if (options->uplink.empty()) return absl::NotFoundError("there is no eswitch");
  // All ports, some of which were named besides.
  if (whole) options->ports.clear();
  return absl::OkStatus();
}

// The reason alone means drops.
absl::StatusOr<Direction> TakeDirection(const std::map<std::string, bool*>& words, bool reason) {
  const Direction* chosen = nullptr;
  for (const Direction& direction : kDirections) {
    if (!*words.at(direction.word)) continue;
    if (chosen)
      return UsageError(
          absl::StrCat("\"", direction.word, "\" comes after \"", chosen->word, "\""));
    chosen = &direction;
  }
  if (reason && chosen && !(chosen->kinds & Bit(XSW_CAPTURE_DROP)))
    return absl::InvalidArgumentError(
        absl::StrCat("reason: frames that are captured ", chosen->word, " were not dropped"));
  if (reason) return kDirections[2];
  return chosen ? *chosen : kDirections[3];
}

}  // namespace

absl::StatusOr<CaptureOptions> TakeCaptureOptions(Call& call) {
  CaptureOptions options;
  options.wanted = {.snaplen = XSW_CAPTURE_MAX_BYTES, .vlan = XSW_CAPTURE_ANY_VLAN, .any_mac = 1};
  XSW_RETURN_IF_ERROR(TakePorts(call, &options));
  uint8_t reason = XSW_DROP_NONE;
  uint16_t vlan = XSW_CAPTURE_ANY_VLAN;
  std::optional<Mac> mac;
  bool in = false, out = false, drops = false, all = false;
  const std::map<std::string, bool*> words = {
      {"in", &in}, {"out", &out}, {"drops", &drops}, {"all", &all}};
  XSW_RETURN_IF_ERROR(
      call.args.TakePairs({{"reason", Store(ParseReason, &reason)},
                           {"vlan", Store(ParseVlan, &vlan)},
                           {"mac", Store(ParseMac, &mac)},
                           {"snaplen", Store(ParseSnaplen, &options.wanted.snaplen)},
                           {"-c", Store(ParseLimit, &options.limit)},
                           {"-w",
                            [&](const std::string& file) {
                              options.file = file;
                              return absl::OkStatus();
                            }}},
                          words));
  XSW_ASSIGN_OR_RETURN(const Direction direction, TakeDirection(words, reason != XSW_DROP_NONE));
  options.wanted.kinds = direction.kinds;
  options.wanted.ends = options.ports.empty() ? 0 : direction.ends;
  options.wanted.reason = reason;
  options.wanted.vlan = vlan;
  options.wanted.any_mac = !mac;
  if (mac) std::copy(mac->begin(), mac->end(), options.wanted.mac);
  for (uint32_t port : options.ports) options.wanted.ports[port / 64] |= uint64_t{1} << port % 64;
  return options;
}

absl::Status CheckCapturePorts(Eswitch& eswitch, const CaptureOptions& options) {
  for (uint32_t port : options.ports)
    if (port != XSW_UPLINK) XSW_RETURN_IF_ERROR(CheckPort(eswitch, port));
  return absl::OkStatus();
}

}  // namespace xsw
