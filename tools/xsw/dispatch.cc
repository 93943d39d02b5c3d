// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/xsw/command.h"
#include "tools/xsw/help.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// How many words of the line this command's object and verb take; 0: it is another command.
size_t Match(const Command& command, const std::vector<std::string>& words) {
  std::vector<std::string> name = {command.object};
  for (absl::string_view word : absl::StrSplit(command.verb, ' ', absl::SkipEmpty()))
    name.emplace_back(word);
  bool starts = words.size() >= name.size() && std::equal(name.begin(), name.end(), words.begin());
  return starts ? name.size() : 0;
}

// `xsw port` and `xsw port list` are `xsw port show`.
std::vector<std::string> WithDefaultVerb(std::vector<std::string> words) {
  if (words.size() == 1) words.push_back("show");
  if (words.size() > 1 && words[1] == "list") words[1] = "show";
  return words;
}

const Command* Find(const std::vector<Command>& commands, const std::vector<std::string>& words,
                    size_t* taken) {
  for (const Command& command : commands) {
    if ((*taken = Match(command, words))) return &command;
  }
  return nullptr;
}

absl::Status RunCommand(const Options& options, const Command& command,
                        std::vector<std::string> rest, Plan* plan) {
  if (std::find(rest.begin(), rest.end(), "help") != rest.end()) {
    PrintUsage(stdout, command);
    return absl::OkStatus();
  }
  Output output(options.json, options.pretty);
  Call call{
      options, command.object, "", Args(std::move(rest)), output, options.dry_run ? plan : nullptr};
  if (command.needs_bpffs) {
    XSW_ASSIGN_OR_RETURN(call.bpffs, FindBpffs(options.bpffs));
  }
  absl::Status status = command.run(call);
  if (status.ok() || IsDiffers(status)) output.Finish();
  if (IsUsageError(status)) PrintUsage(stderr, command);
  return status;
}

absl::Status Run(const Options& options, const Command& command, std::vector<std::string> rest,
                 Plan* plan) {
  absl::Status status = RunCommand(options, command, std::move(rest), plan);
  if (status.ok() || IsDiffers(status) || IsUsageError(status)) return status;
  return WithExit(status, command.failed);
}

}  // namespace

std::vector<Command> Commands() {
  std::vector<Command> all;
  for (absl::Span<const Command> part :
       {EswitchCommands(), PortCommands(), FdbCommands(), VlanCommands(), MdbCommands(),
        BridgeCommands(), StatsCommands(), TopCommands(), TopologyCommands(), MetricsCommands(),
        CheckCommands(), HealthCommands(), ConfigurationCommands(), MonitorCommands(),
        ExplainCommands(), CaptureCommands(), DemoCommands(), HelpCommands()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

bool IsOwnOption(const std::string& object, const std::string& word) {
  if (word.size() < 2 || word[0] != '-') return false;
  for (const Command& command : Commands()) {
    if (object != command.object) continue;
    for (absl::string_view part : absl::StrSplit(command.synopsis, absl::ByAnyChar(" []|")))
      if (part == word) return true;
  }
  return false;
}

absl::StatusOr<bool> IsPlanned(const Call& call, const std::string& uplink, uint32_t port) {
  if (!call.plan) return false;
  return call.plan->Makes(uplink, port);
}

absl::StatusOr<Eswitch> OpenToChange(const Call& call, const std::string& uplink, Mend mend) {
  if (!call.options.dry_run) return Eswitch::OpenToWrite(call.bpffs, uplink, mend);
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, uplink));
  XSW_RETURN_IF_ERROR(eswitch.CheckVersion());
  return eswitch;
}

absl::Status RunStep(const Call& call, Eswitch& eswitch, Step& step) {
  return call.options.dry_run ? step.Check(eswitch) : step.Run(eswitch);
}

absl::Status ShowUplinks(Call& call,
                         absl::Status (*show_one)(Call& call, const std::string& uplink)) {
  call.output.doc()[call.object] = Json::object();
  if (call.args.empty()) {
    // One that cannot be read hides none of the others.
    absl::Status first;
    for (const std::string& uplink : EswitchDir::List(call.bpffs)) {
      const absl::Status status = show_one(call, uplink);
      if (!status.ok() && !IsGone(call.bpffs, uplink)) first.Update(status);
    }
    return first;
  }
  XSW_ASSIGN_OR_RETURN(std::string uplink, call.args.Take("DEV"));
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(const bool planned, IsPlanned(call, uplink));
  return planned ? absl::OkStatus() : show_one(call, uplink);
}

int FailedStatus(const std::vector<std::string>& words) {
  size_t taken = 0;
  const std::vector<Command> commands = Commands();
  const Command* command = Find(commands, words, &taken);
  return command ? command->failed : 1;
}

absl::Status Dispatch(const Options& options, const std::vector<std::string>& words, Plan* plan) {
  if (words.empty()) return UsageError("no command (xsw help)");
  const std::vector<Command> commands = Commands();
  size_t taken = 0;
  const std::vector<std::string> line = WithDefaultVerb(words);
  const Command* command = Find(commands, words, &taken);
  if (command) return Run(options, *command, {words.begin() + taken, words.end()}, plan);
  command = Find(commands, line, &taken);
  if (command) return Run(options, *command, {line.begin() + taken, line.end()}, plan);
  for (const Command& candidate : commands) {
    if (words[0] != candidate.object) continue;
    if (words[1] == "help") {
      PrintObjectUsage(stdout, words[0]);
      return absl::OkStatus();
    }
    PrintObjectUsage(stderr, words[0]);
    return UsageError(absl::StrCat(words[0], " has no command \"", words[1], "\""));
  }
  return UsageError(absl::StrCat("unknown object \"", words[0], "\" (xsw help)"));
}

}  // namespace xsw
