// SPDX-License-Identifier: Apache-2.0
// xsw explain: where a frame would go, and why, step by step.
#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/show/explain.h"
#include "switchdev_model/show/remark.h"
#include "tools/xsw/command.h"
#include "tools/xsw/explain_words.h"
#include "tools/xsw/frame_words.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

void Say(Call& call, const std::string& who, const Json& what) {
  call.output.Line(absl::StrCat("  ", who, ":"));
  for (const Json& step : what)
    call.output.Line(absl::StrCat("    ", step["text"].get<std::string>()));
}

absl::Status Run(Call& call) {
  XSW_ASSIGN_OR_RETURN(std::string text, call.args.Take("DEV/INDEX"));
  XSW_ASSIGN_OR_RETURN(std::vector<FrameBytes> frames, TakeFrames(call.args));
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call, text));
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, handle.uplink));
  XSW_RETURN_IF_ERROR(CheckPort(eswitch, handle.index));
  XSW_ASSIGN_OR_RETURN(Tracer tracer, Tracer::Load(eswitch.datapath().dir()));
  const Speaker speaker{eswitch};
  for (const FrameBytes& frame : frames) {
    XSW_ASSIGN_OR_RETURN(std::vector<Explained> parts,
                         Explain(eswitch, tracer, handle.index, frame));
    XSW_ASSIGN_OR_RETURN(std::vector<Remark> remarks, Remarks(eswitch, handle.index, frame, parts));
    Json json = {{"frame", FrameText(frame)}, {"programs", Json::array()}};
    for (const Explained& part : parts)
      json["programs"].push_back(PartJson(speaker, handle.index, part));
    json["remarks"] = RemarksJson(speaker, remarks);
    call.output.Line(absl::StrCat(text, ": ", FrameText(frame)));
    for (const Json& part : json["programs"]) Say(call, part["program"], part["steps"]);
    if (!remarks.empty()) Say(call, "besides", json["remarks"]);
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
