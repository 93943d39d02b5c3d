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

void PrintText(Call& call, const std::string& who, const std::vector<Said>& lines) {
  call.output.Line(absl::StrCat("  ", who, ":"));
  for (const Said& said : lines) call.output.Line(absl::StrCat("    ", said.text));
}

Json ToJson(const std::vector<Said>& lines) {
  Json list = Json::array();
  for (const Said& said : lines) list.push_back(said.ToJson());
  return list;
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
    call.output.Line(absl::StrCat(text, ": ", FrameText(frame)));
    for (const Explained& part : parts) {
      const std::vector<Said> steps = Say(speaker, handle.index, part);
      PrintText(call, part.program, steps);
      json["programs"].push_back({{"program", part.program}, {"steps", ToJson(steps)}});
    }
    const std::vector<Said> besides = Say(speaker, remarks);
    if (!besides.empty()) PrintText(call, "besides", besides);
    json["remarks"] = ToJson(besides);
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
