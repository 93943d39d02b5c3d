// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/capture/words.h"

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

#include <algorithm>
#include <ctime>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/words.h"
#include "tools/xsw/capture/pcapng.h"
#include "tools/xsw/frame_words.h"
#include "tools/xsw/handle.h"

namespace xsw {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;

std::string EndName(const std::string& uplink, uint32_t end) {
  if (end == XSW_END_HOST) return "host";
  return end == XSW_END_REPRESENTOR ? "representor" : FormatHandle(uplink, end);
}

// Left alone by the program, on the netdev that it came on: what the host and the wire send each
// other, what rises, and what the host sends on a representor.
bool IsPassed(const xsw_capture_record& record) {
  const auto is_outer = [](uint32_t end) { return end == XSW_UPLINK || end == XSW_END_HOST; };
  return record.to == XSW_END_REPRESENTOR || record.from == XSW_END_REPRESENTOR ||
         (is_outer(record.from) && is_outer(record.to));
}

struct Verdict {
  int64_t value;
  const char* word;
};
std::optional<Verdict> VerdictOf(const xsw_capture_record& record) {
  if (record.kind == XSW_CAPTURE_IN) return std::nullopt;
  if (record.kind == XSW_CAPTURE_DROP)
    return record.is_xdp ? Verdict{XDP_DROP, "XDP_DROP"} : Verdict{TC_ACT_SHOT, "TC_ACT_SHOT"};
  if (record.is_xdp) return Verdict{XDP_REDIRECT, "XDP_REDIRECT"};
  if (IsPassed(record)) return Verdict{TC_ACT_UNSPEC, "TC_ACT_UNSPEC"};
  return Verdict{TC_ACT_REDIRECT, "TC_ACT_REDIRECT"};
}

// A drop's direction is that of its record's place.
bool IsInbound(const xsw_capture_record& record) {
  return record.kind == XSW_CAPTURE_IN ||
         (record.kind == XSW_CAPTURE_DROP && record.from == record.to);
}

PcapngCast CastOf(const CapturedFrame& frame) {
  if (frame.bytes.empty() || !(frame.bytes[0] & 1)) return PcapngCast::kUnicast;
  const auto mac = frame.bytes.subspan(0, ETH_ALEN);
  return std::all_of(mac.begin(), mac.end(), [](uint8_t byte) { return byte == 0xff; })
             ? PcapngCast::kBroadcast
             : PcapngCast::kMulticast;
}

std::string VlanText(uint16_t vlan) {
  if (!vlan) return "";
  return absl::StrCat(vlan & XSW_VLAN_AD ? " 802.1ad vlan " : " vlan ", vlan & XSW_VLAN_MASK);
}

// "12:00:01" of the local time, or with its date in UTC.
std::string TimeText(uint64_t time_ns, bool whole) {
  const auto seconds = static_cast<time_t>(time_ns / kSecond);
  tm parts;
  whole ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof(text), whole ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &parts);
  return absl::StrFormat("%s.%09d%s", text, time_ns % kSecond, whole ? "Z" : "");
}

// Cut before its addresses it has none.
std::string HeaderText(const CapturedFrame& frame) {
  const FrameBytes bytes(frame.bytes.begin(), frame.bytes.end());
  std::string text = bytes.size() < ETH_HLEN ? "" : FrameText(bytes);
  const size_t end = text.rfind(", ");
  return absl::StrCat(end == std::string::npos ? "" : text.substr(0, end) + ", ", frame.length,
                      " bytes");
}

constexpr const char* kKinds[] = {"in", "out", "drop"};
static_assert(std::size(kKinds) == XSW_CAPTURE_KINDS);

}  // namespace

uint32_t PlaceOf(const xsw_capture_record& record) {
  const uint32_t end = record.kind == XSW_CAPTURE_IN ? record.from : record.to;
  return end == XSW_END_REPRESENTOR ? XSW_END_HOST : end;
}

std::string PlaceName(const std::string& uplink, uint32_t place) {
  return place == XSW_END_HOST ? uplink + "/host" : FormatHandle(uplink, place);
}

std::string WayOf(const std::string& uplink, const xsw_capture_record& record) {
  if (record.kind == XSW_CAPTURE_IN) return "";
  std::string way;
  if (record.kind == XSW_CAPTURE_OUT || record.from != record.to)
    way = absl::StrCat(EndName(uplink, record.from), " > ", EndName(uplink, record.to),
                       VlanText(record.vlan));
  if (record.kind == XSW_CAPTURE_OUT) return way;
  return absl::StrCat(way, way.empty() ? "" : " ", "drop ", DropWord(record.reason));
}

std::string CapturedText(const std::string& uplink, const CapturedFrame& frame) {
  const std::string way = WayOf(uplink, frame.record);
  std::string where =
      absl::StrCat(kKinds[frame.record.kind], " ", PlaceName(uplink, PlaceOf(frame.record)));
  if (!way.empty()) absl::StrAppend(&where, " (", way, ")");
  return absl::StrCat(TimeText(frame.time_ns, false), " ", where, ": ", HeaderText(frame));
}

Json CapturedJson(const std::string& uplink, const CapturedFrame& frame) {
  const xsw_capture_record& record = frame.record;
  Json json = {{"time", TimeText(frame.time_ns, true)},
               {"id", record.id},
               {"direction", kKinds[record.kind]},
               {"port", PlaceName(uplink, PlaceOf(record))},
               {"from", EndName(uplink, record.from)}};
  if (record.kind != XSW_CAPTURE_IN) json["to"] = EndName(uplink, record.to);
  if (record.kind == XSW_CAPTURE_DROP) json["reason"] = DropWord(record.reason);
  if (record.vlan) json["vlan"] = record.vlan & XSW_VLAN_MASK;
  if (record.queue) json["queue"] = record.queue - 1;
  if (const std::optional<Verdict> verdict = VerdictOf(record)) json["verdict"] = verdict->word;
  json["frame"] = HeaderText(frame);
  return json;
}

void CapturedFile::Begin(std::string* to) {
  AppendSection(absl::StrCat("xsw ", XSW_VERSION), to);
  InterfaceOf(XSW_UPLINK, to);
  InterfaceOf(XSW_END_HOST, to);
  for (uint32_t port : PortIndices(eswitch_)) InterfaceOf(port, to);
}

uint32_t CapturedFile::InterfaceOf(uint32_t place, std::string* to) {
  const auto [found, is_new] = interfaces_.try_emplace(place, interfaces_.size());
  if (!is_new) return found->second;
  const std::string& uplink = eswitch_.uplink().name;
  std::string description = "the host's stack";
  if (place == XSW_UPLINK) description = uplink;
  if (place != XSW_UPLINK && place <= XSW_MAX_PORTS)
    description = eswitch_.datapath().confs()[place].representor;
  AppendInterface(PlaceName(uplink, place), description, snaplen_, to);
  return found->second;
}

void CapturedFile::Add(const CapturedFrame& frame, std::string* to) {
  const xsw_capture_record& record = frame.record;
  PcapngPacket packet = {
      .interface = InterfaceOf(PlaceOf(record), to),
      .time_ns = frame.time_ns,
      .bytes = frame.bytes,
      .length = frame.length,
      .direction = IsInbound(record) ? PcapngDirection::kInbound : PcapngDirection::kOutbound,
      .cast = CastOf(frame),
      .id = record.id,
      .hook = record.is_xdp ? PcapngPacket::Hook::kXdp : PcapngPacket::Hook::kTc,
      .comment = WayOf(eswitch_.uplink().name, record)};
  if (record.queue) packet.queue = record.queue - 1;
  if (const std::optional<Verdict> verdict = VerdictOf(record)) packet.verdict = verdict->value;
  AppendPacket(packet, to);
}

}  // namespace xsw
