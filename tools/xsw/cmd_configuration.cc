// SPDX-License-Identifier: Apache-2.0
// xsw save, apply, diff: an eswitch as a document.
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "switchdev_model/configuration/apply.h"
#include "tools/xsw/command.h"
#include "tools/xsw/handle.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status Save(Call& call) {
  Configuration configuration;
  const bool all = call.args.empty();
  std::vector<std::string> uplinks = EswitchDir::List(call.bpffs);
  if (!all) {
    XSW_ASSIGN_OR_RETURN(const std::string uplink, call.args.Take("DEV"));
    uplinks = {uplink};
  }
  XSW_RETURN_IF_ERROR(call.args.Done());
  for (const std::string& uplink : uplinks) {
    XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
    if (planned) continue;
    absl::StatusOr<Description> saved = SaveEswitch(call.bpffs, uplink);
    if (all && !saved.ok() && IsGone(call.bpffs, uplink)) continue;
    if (!saved.ok()) return saved.status();
    configuration[uplink] = *std::move(saved);
  }
  const bool one_line = call.options.json && !call.options.pretty;
  std::printf("%s\n", FormatDocument(configuration, one_line ? -1 : 4).c_str());
  return absl::OkStatus();
}

// FILE|- [DEV] [--prune]
struct Request {
  std::string file;
  Document document;
  std::vector<std::string> uplinks;
  bool prune = false;
};

absl::StatusOr<std::string> ReadText(const std::string& file) {
  std::ifstream stream;
  if (file != "-") stream.open(file);
  std::istream& in = file == "-" ? std::cin : stream;
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  std::string text(std::istreambuf_iterator<char>(in), {});
  // A directory can be opened.
  if (in.bad()) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  return text;
}

absl::Status InFile(const std::string& file, const absl::Status& status) {
  if (status.ok()) return status;
  const std::string name = file == "-" ? "standard input" : file;
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

absl::StatusOr<Request> TakeRequest(Call& call) {
  Request request;
  std::string uplink;
  while (!call.args.empty()) {
    const std::string word = *call.args.Take("FILE");
    if (word == "--prune" && !request.prune) {
      request.prune = true;
    } else if (request.file.empty()) {
      request.file = word;
    } else if (uplink.empty()) {
      uplink = word;
    } else {
      return UsageError(absl::StrCat("\"", word, "\" is one word too many"));
    }
  }
  if (request.file.empty()) return UsageError("FILE is missing");
  XSW_ASSIGN_OR_RETURN(const std::string text, ReadText(request.file));
  absl::StatusOr<Document> document = ParseDocument(text);
  if (!document.ok()) return InFile(request.file, document.status());
  request.document = *std::move(document);
  if (!uplink.empty() && !request.document.configuration.count(uplink))
    return InFile(request.file, absl::NotFoundError(absl::StrCat("has no eswitch ", uplink)));
  for (const auto& [name, description] : request.document.configuration)
    if (uplink.empty() || name == uplink) request.uplinks.push_back(name);
  return request;
}

absl::Status Apply(Call& call) {
  XSW_ASSIGN_OR_RETURN(const Request request, TakeRequest(call));
  for (const std::string& uplink : request.uplinks) {
    XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
    if (planned) continue;
    const auto apply = call.options.dry_run ? CheckApply : ApplyEswitch;
    XSW_RETURN_IF_ERROR(
        InFile(request.file, apply(call.bpffs, request.document, uplink, request.prune)));
  }
  return absl::OkStatus();
}

// What to say before the words of a command, so that it means the same again.
std::string Prefix(const Options& options) {
  std::string prefix = "xsw ";
  if (!options.netns.empty()) absl::StrAppend(&prefix, "-n ", options.netns, " ");
  if (!options.bpffs.empty()) absl::StrAppend(&prefix, "--bpffs ", options.bpffs, " ");
  return prefix;
}

// As diff(1): 1 says that there are differences.
absl::Status Diff(Call& call) {
  XSW_ASSIGN_OR_RETURN(const Request request, TakeRequest(call));
  Json& list = call.output.doc()["diff"] = Json::array();
  for (const std::string& uplink : request.uplinks) {
    auto lines = DiffEswitch(call.bpffs, request.document, uplink, request.prune);
    if (!lines.ok()) return InFile(request.file, lines.status());
    for (const std::string& line : *lines) list.push_back(absl::StrCat(Prefix(call.options), line));
  }
  for (const Json& line : list) call.output.Line(line.get<std::string>());
  return list.empty() ? absl::OkStatus() : Differs();
}

constexpr Command kCommands[] = {
    {"save", "", "[DEV]", "print eswitches as a document, for apply", Save},
    {"apply", "", "FILE|- [DEV] [--prune]",
     "make eswitches as a document says, each whole or not at all; --prune: remove what is not in "
     "it",
     Apply},
    {"diff", "", "FILE|- [DEV] [--prune]",
     "print what apply would do, as commands; exit status 1 if there is something", Diff,
     /*needs_bpffs=*/true, /*failed=*/2},
};

}  // namespace

absl::Span<const Command> ConfigurationCommands() { return kCommands; }

}  // namespace xsw
