// SPDX-License-Identifier: Apache-2.0
// The table of commands, from which dispatch, help, completion and the man page's synopsis come.
#ifndef XSW_TOOLS_XSW_COMMAND_H_
#define XSW_TOOLS_XSW_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "switchdev_model/configuration/step.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "tools/xsw/args.h"
#include "tools/xsw/output.h"
#include "tools/xsw/plan.h"

namespace xsw {

// Options that stand anywhere on the line.
struct Options {
  bool json = false;
  bool pretty = false;
  bool statistics = false;
  bool dry_run = false;  // check everything that can be checked, change nothing
  bool force = false;    // batch: go on after an error
  std::string netns;
  std::string batch;
  std::string bpffs;  // as given; Call::bpffs is the one to use
  std::string wait;   // seconds for the lock of another command; empty: LockDir()'s own
};

// One command being run.
struct Call {
  const Options& options;
  const char* object;  // the command's
  std::string bpffs;
  Args args;  // what follows the verb
  Output& output;
  Plan* plan;  // of a dry run that is a line of a batch; else null
};

struct Command {
  const char* object;
  const char* verb;      // "" if the object is the whole command
  const char* synopsis;  // what follows the verb
  const char* help;      // one line
  absl::Status (*run)(Call& call);
  bool needs_bpffs = true;
  int failed = 1;  // the exit status of an error
};

// All commands, in the order of the help.
std::vector<Command> Commands();

// Whether the synopsis of a command with that object has this option: "--keep", "-w".
bool IsOwnOption(const std::string& object, const std::string& word);

absl::Span<const Command> EswitchCommands();
absl::Span<const Command> PortCommands();
absl::Span<const Command> FdbCommands();
absl::Span<const Command> VlanCommands();
absl::Span<const Command> MdbCommands();
absl::Span<const Command> BridgeCommands();
absl::Span<const Command> StatsCommands();
absl::Span<const Command> TopCommands();
absl::Span<const Command> TopologyCommands();
absl::Span<const Command> MetricsCommands();
absl::Span<const Command> CheckCommands();
absl::Span<const Command> HealthCommands();
absl::Span<const Command> ConfigurationCommands();
absl::Span<const Command> MonitorCommands();
absl::Span<const Command> ExplainCommands();
absl::Span<const Command> CaptureCommands();
absl::Span<const Command> DemoCommands();
absl::Span<const Command> HelpCommands();

// Whether an earlier line of the batch makes the eswitch, or that port of it: then there is nothing
// to check a line against but its words. NotFound: an earlier line removes it.
absl::StatusOr<bool> IsPlanned(const Call& call, const std::string& uplink,
                               uint32_t port = XSW_UPLINK);

// For a writing command: to write, or with -d to read.
absl::StatusOr<Eswitch> OpenToChange(const Call& call, const std::string& uplink,
                                     Mend mend = Mend::kAll);

// Does the step, or with -d checks it.
absl::Status RunStep(const Call& call, Eswitch& eswitch, Step& step);

// `OBJECT show [DEV]`: show_one for the uplink that is named, or for each there is, below "OBJECT"
// in the JSON document.
absl::Status ShowUplinks(Call& call,
                         absl::Status (*show_one)(Call& call, const std::string& uplink));

// The whole line after the options: `port add eth0 sfnum 88`. Status of exit 2: IsUsageError().
// plan: of the earlier lines of a batch.
absl::Status Dispatch(const Options& options, const std::vector<std::string>& words,
                      Plan* plan = nullptr);

// The exit status of an error that such a line ends with, whatever has come in its way.
int FailedStatus(const std::vector<std::string>& words);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_COMMAND_H_
