// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/explain_words.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/words.h"
#include "tools/xsw/handle.h"

namespace xsw {
namespace {

// What the user can look at, or do, about a drop.
const char* Because(xsw_drop why) {
  switch (why) {
    case XSW_DROP_MALFORMED:
      return "it is shorter than its headers, or has more than two priority tags";
    case XSW_DROP_ESWITCH_INACTIVE:
      return "the eswitch is in mode switchdev_inactive";
    case XSW_DROP_INACTIVE:
      return "that port's function is inactive";
    case XSW_DROP_DETACHED:
      return "that port's netdevs are gone";
    case XSW_DROP_SPOOF:
      return "the source address is not the port's, and spoofchk is on";
    case XSW_DROP_VLAN:
      return "that port does not carry the frame's VLAN (xsw vlan show)";
    case XSW_DROP_LINK_LOCAL:
      return "a port may not send to 01:80:c2:00:00:00-0f";
    case XSW_DROP_HAIRPIN:
      return "the destination is the sender itself";
    case XSW_DROP_HOST_OFF:
      return "it is for the host, which is off";
    case XSW_DROP_NO_BUFFER:
      return "the kernel could not make a copy";
    case XSW_DROP_NO_PORT:
      return "the netdev is no port";
    case XSW_DROP_NO_SOCKET:
      return "no application has the queue";
    case XSW_DROP_LINK_DOWN:
      return "that port's link is disabled";
    case XSW_DROP_ISOLATED:
      return "that port is isolated";
    case XSW_DROP_TX_RATE:
      return "the port sends more than its tx_max";
    case XSW_DROP_RX_RATE:
      return "more comes for that port than its rx_max";
    case XSW_DROP_MISS:
      return "nobody is known to have the destination, and the miss policy is drop";
    case XSW_DROP_MTU:
      return "its segments are longer than the mtu of the netdev that it is for";
    default:
      return "";
  }
}

struct RemarkWord {
  const char* step;
  const char* reason;  // of a port that is skipped
};
// In the order of Remark::Kind.
constexpr RemarkWord kRemarks[] = {
    {"uplink_down", ""},
    {"representor_down", ""},
    {"function_down", ""},
    {"gro_off", ""},
    {"no_bridge", ""},
    {"elsewhere", ""},
    {"skipped", "sender"},
    {"skipped", "inactive"},
    {"skipped", "vlan"},
    {"skipped", "isolated"},
    {"skipped", "sender_isolated"},
    {"skipped", "no_member"},
};
static_assert(std::size(kRemarks) == Remark::kKinds);

}  // namespace

std::string Speaker::Port(uint32_t port) const { return FormatHandle(eswitch.uplink().name, port); }

std::string Speaker::Vlan(uint16_t vlan) const {
  if (!vlan) return "untagged";
  return absl::StrCat(vlan & XSW_VLAN_AD ? "802.1ad VLAN " : "VLAN ", vlan & XSW_VLAN_MASK);
}

std::string Speaker::Dress(const FrameStep& step) const {
  return step.tagged ? absl::StrCat("with the tag of ", Vlan(step.vlan)) : "untagged";
}

std::string Speaker::Sentence(const FrameStep& step) const {
  switch (step.what) {
    case XSW_STEP_ADMIT:
      return absl::StrCat(Port(step.port), " may send it; it counts as ", Vlan(step.vlan));
    case XSW_STEP_HIT:
      return step.port == XSW_UPLINK ? "the destination is the host's"
                                     : absl::StrCat("the FDB has the destination (",
                                                    Vlan(step.vlan), ") at ", Port(step.port));
    case XSW_STEP_MISS:
      return absl::StrCat("the FDB does not have the destination (", Vlan(step.vlan), ")");
    case XSW_STEP_PERMIT:
      return absl::StrCat("the bridge has permitted it to go to ",
                          step.port == XSW_UPLINK ? "the wire" : Port(step.port));
    case XSW_STEP_TO_PORT:
      return absl::StrCat("sent to ", Port(step.port), ", ", Dress(step));
    case XSW_STEP_TO_WIRE:
      return absl::StrCat("sent to the wire, ", Dress(step));
    case XSW_STEP_TO_HOST:
      return absl::StrCat("given to the host as if received on ", eswitch.uplink().name, ", ",
                          Dress(step));
    case XSW_STEP_TO_STACK:
      return step.port == XSW_UPLINK
                 ? absl::StrCat("left to the host's stack on ", eswitch.uplink().name)
                 : absl::StrCat("rises on ", NetdevOf(eswitch, step.port), ", ", Dress(step));
    case XSW_STEP_DROP:
      return absl::StrCat("dropped, reason ", DropWord(step.reason), " (charged to ",
                          Port(step.port), "): ", Because(step.reason));
    default:
      return "?";
  }
}

std::string Speaker::Sentence(const Remark& remark) const {
  const std::string port = Port(remark.port), skipped = absl::StrCat(port, " gets no copy: ");
  const std::string netdev = NetdevOf(eswitch, remark.port);
  switch (remark.kind) {
    case Remark::kUplinkDown:
      return absl::StrCat(eswitch.uplink().name,
                          eswitch.uplink().up() ? " has no carrier" : " is down",
                          ": nothing comes from the wire, or goes there");
    case Remark::kRepresentorDown:
      return absl::StrCat(netdev, " is down, so the function of ", port,
                          " has no carrier: ip link set ", netdev, " up");
    case Remark::kFunctionDown:
      return absl::StrCat("the function of ", port, " is down: what is sent there is lost (",
                          "lost_at_function)");
    case Remark::kGroOff:
      return absl::StrCat("GRO of the function of ", port,
                          " is off: what XDP sends there is lost (", "lost_at_function)");
    case Remark::kNoBridge:
      return absl::StrCat(netdev, " is in no bridge: what rises there goes no further, ",
                          "unless other software of the host takes it");
    case Remark::kElsewhere:
      return absl::StrCat(remark.port == XSW_UPLINK ? "the host" : port, " has this address ",
                          remark.vlan ? "in " : "", Vlan(remark.vlan));
    case Remark::kSkipsSender:
      return absl::StrCat(skipped, "it is the sender");
    case Remark::kSkipsInactive:
      return absl::StrCat(skipped, "it is inactive");
    case Remark::kSkipsVlan:
      return absl::StrCat(skipped, remark.vlan ? absl::StrCat("it is not in ", Vlan(remark.vlan))
                                               : "it does not carry untagged frames");
    case Remark::kSkipsIsolated:
      return absl::StrCat(skipped, "it is isolated");
    case Remark::kSkipsAllOfIsolated:
      return absl::StrCat(skipped, "the sender is isolated");
    case Remark::kSkipsNoMember:
      return absl::StrCat(skipped, "it is no member of the group");
    default:
      return "?";
  }
}

namespace {

constexpr const char* kSteps[] = {"admit",   "hit",     "miss",     "permit", "to_port",
                                  "to_wire", "to_host", "to_stack", "drop"};
static_assert(std::size(kSteps) == XSW_STEP_COUNT);

// None: the frame has no tag.
std::optional<uint16_t> VlanId(uint16_t vlan) {
  return vlan ? std::optional<uint16_t>(vlan & XSW_VLAN_MASK) : std::nullopt;
}

Said SayStep(const Speaker& speaker, const FrameStep& step) {
  Said said{.step = kSteps[step.what],
            .port = speaker.Port(step.port),
            .vlan = VlanId(step.vlan),
            .text = speaker.Sentence(step)};
  if (step.what == XSW_STEP_DROP) said.reason = DropWord(step.reason);
  if (step.what >= XSW_STEP_TO_PORT && step.what < XSW_STEP_DROP) said.tagged = step.tagged;
  return said;
}

// No step of its own: what the programs do not look at passes.
Said SayPass(const Speaker& speaker, uint32_t port, bool left_to_tc) {
  return {.step = left_to_tc ? "to_tc" : "to_stack",
          .port = speaker.Port(port),
          .text = left_to_tc ? "left to the tc program" : "left to the stack"};
}

}  // namespace

Json Said::ToJson() const {
  Json json = {{"step", step}, {"port", port}};
  if (vlan) json["vlan"] = *vlan;
  if (!reason.empty()) json["reason"] = reason;
  if (tagged) json["tagged"] = *tagged;
  json["text"] = text;
  return json;
}

std::vector<Said> Say(const Speaker& speaker, uint32_t port, const Explained& part) {
  std::vector<Said> lines;
  for (const FrameStep& step : part.steps) lines.push_back(SayStep(speaker, step));
  if (part.left_to_tc || lines.empty()) lines.push_back(SayPass(speaker, port, part.left_to_tc));
  return lines;
}

std::vector<Said> Say(const Speaker& speaker, const std::vector<Remark>& remarks) {
  std::vector<Said> lines;
  for (const Remark& remark : remarks)
    lines.push_back({.step = kRemarks[remark.kind].step,
                     .port = speaker.Port(remark.port),
                     .vlan = VlanId(remark.vlan),
                     .reason = kRemarks[remark.kind].reason,
                     .text = speaker.Sentence(remark)});
  return lines;
}

}  // namespace xsw
