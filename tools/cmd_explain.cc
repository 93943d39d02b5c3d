// SPDX-License-Identifier: Apache-2.0
// xsw explain: where a frame would go, and why, step by step.
#include "absl/strings/str_cat.h"
#include "switchdev_model/explain.h"
#include "switchdev_model/port.h"
#include "switchdev_model/words.h"
#include "tools/command.h"
#include "tools/frame_words.h"
#include "tools/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What the user can look at, or do, about a drop.
const char* Because(uint8_t why) {
  switch (static_cast<xsw_drop>(why)) {
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

struct Speaker {
  Eswitch& eswitch;

  std::string Port(uint32_t port) const { return FormatHandle(eswitch.uplink().name, port); }

  std::string Vlan(const xsw_trace_step& step) const {
    if (!step.vlan) return "untagged";
    return absl::StrCat(step.vlan & XSW_VLAN_AD ? "802.1ad VLAN " : "VLAN ",
                        step.vlan & XSW_VLAN_MASK);
  }

  std::string Dress(const xsw_trace_step& step) const {
    return step.detail ? absl::StrCat("with the tag of ", Vlan(step)) : "untagged";
  }

  std::string Sentence(const xsw_trace_step& step) const {
    switch (static_cast<xsw_step>(step.step)) {
      case XSW_STEP_ADMIT:
        return absl::StrCat(Port(step.port), " may send it; it counts as ", Vlan(step));
      case XSW_STEP_HIT:
        return step.port == XSW_UPLINK
                   ? "the destination is the host's"
                   : absl::StrCat("the FDB has the destination (", Vlan(step), ") at ",
                                  Port(step.port));
      case XSW_STEP_MISS:
        return absl::StrCat("the FDB does not have the destination (", Vlan(step), ")");
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
                   : absl::StrCat("rises on ", eswitch.datapath().confs()[step.port].representor,
                                  ", ", Dress(step));
      case XSW_STEP_DROP:
        return absl::StrCat("dropped, reason ", DropWord(step.detail), " (charged to ",
                            Port(step.port), "): ", Because(step.detail));
      default:
        return "?";
    }
  }
};

constexpr const char* kSteps[] = {"admit",   "hit",     "miss",     "to_port",
                                  "to_wire", "to_host", "to_stack", "drop"};
static_assert(std::size(kSteps) == XSW_STEP_COUNT);

Json StepJson(const Speaker& speaker, const xsw_trace_step& step) {
  Json json = {{"step", kSteps[step.step]}, {"port", speaker.Port(step.port)}};
  if (step.vlan) json["vlan"] = step.vlan & XSW_VLAN_MASK;
  if (step.step == XSW_STEP_DROP) json["reason"] = DropWord(step.detail);
  if (step.step >= XSW_STEP_TO_PORT && step.step < XSW_STEP_DROP)
    json["tagged"] = step.detail != 0;
  json["text"] = speaker.Sentence(step);
  return json;
}

// No step of its own: what the programs do not look at passes.
Json PassStep(const Speaker& speaker, uint32_t port, bool left_to_tc) {
  return {{"step", left_to_tc ? "to_tc" : "to_stack"},
          {"port", speaker.Port(port)},
          {"text", left_to_tc ? "left to the tc program" : "left to the stack"}};
}

Json PartJson(const Speaker& speaker, uint32_t port, const Explained& part) {
  Json steps = Json::array();
  for (const xsw_trace_step& step : part.traced.steps) steps.push_back(StepJson(speaker, step));
  if (part.left_to_tc || steps.empty()) steps.push_back(PassStep(speaker, port, part.left_to_tc));
  return {{"program", part.program}, {"steps", std::move(steps)}};
}

absl::Status Run(Call& call) {
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  XSW_ASSIGN_OR_RETURN(std::vector<FrameBytes> frames, TakeFrames(call.args));
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call.bpffs, text));
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, handle.uplink));
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, handle.index));
  XSW_ASSIGN_OR_RETURN(Tracer tracer, Tracer::Load(eswitch.datapath().dir()));
  const Speaker speaker{eswitch};
  for (const FrameBytes& frame : frames) {
    XSW_ASSIGN_OR_RETURN(std::vector<Explained> parts,
                         Explain(eswitch, tracer, handle.index, frame));
    Json json = {{"frame", FrameText(frame)}, {"programs", Json::array()}};
    call.output.Line(absl::StrCat(text, ": ", FrameText(frame)));
    for (const Explained& part : parts) {
      Json done = PartJson(speaker, handle.index, part);
      call.output.Line(absl::StrCat("  ", part.program, ":"));
      for (const Json& step : done["steps"])
        call.output.Line(absl::StrCat("    ", step["text"].get<std::string>()));
      json["programs"].push_back(std::move(done));
    }
    call.output.doc()["explain"].push_back(std::move(json));
  }
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"explain", "", "DEV/INDEX FRAME | src MAC dst MAC [vlan V]",
     "where a frame that comes in at a port would go, and why; FRAME is hex or a pcap file", Run},
};

}  // namespace

absl::Span<const Command> ExplainCommands() { return kCommands; }

}  // namespace xsw
