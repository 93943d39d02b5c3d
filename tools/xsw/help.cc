// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/help.h"

#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

// "xsw port add DEV ...", without trailing spaces where a part is empty.
std::string LineOf(const Command& command) {
  std::string line = absl::StrCat("xsw ", command.object);
  for (const char* part : {command.verb, command.synopsis}) {
    if (*part) absl::StrAppend(&line, " ", part);
  }
  return line;
}

absl::Status Help(Call& call) {
  if (!call.output.json()) {
    PrintHelp(stdout);
    return absl::OkStatus();
  }
  // For completion and whoever writes tools: the table itself.
  for (const Command& command : Commands())
    call.output.doc()["commands"].push_back({{"object", command.object},
                                             {"verb", command.verb},
                                             {"synopsis", command.synopsis},
                                             {"help", command.help}});
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"help", "", "", "show this", Help, /*needs_bpffs=*/false},
};

constexpr char kOptions[] =
    "Options, anywhere on the line:\n"
    "  -j, --json          JSON          -p, --pretty       JSON, indented\n"
    "  -s, --statistics    with counters -d, --dry-run      check, change nothing\n"
    "  -n, --netns NAME    act in that network namespace (NAME or PID)\n"
    "  -b, --batch FILE    one command a line (- is standard input); -f goes on after an error\n"
    "      --bpffs PATH    keep the state there, not in /sys/fs/bpf\n"
    "      --wait SECONDS  for another command that is changing the same, 30 unless said\n"
    "  -V, --version\n"
    "Handles: eth0 is an eswitch, eth0/3 a port; a port's representor (eth0sf88) stands for it.\n"
    "class queues: the function is a block of K AF_XDP queues, each for one program of the "
    "owner's,\n"
    "  which needs no privileges: xswd(8) gives it the socket. program none: nothing of ours is "
    "on\n"
    "  the function end, for programs that load XDP and open AF_XDP themselves (DPDK).\n"
    "xdp auto: native XDP on a NIC; on virtual uplinks (veth, tap) none, since it takes GSO from\n"
    "  the far end. xdp on there is your word that the far end sends finished frames: its tx\n"
    "  (checksum) and txvlan offloads off.\n";

}  // namespace

void PrintUsage(FILE* to, const Command& command) {
  std::fprintf(to, "Usage: %s\n", LineOf(command).c_str());
}

void PrintObjectUsage(FILE* to, const std::string& object) {
  for (const Command& command : Commands()) {
    if (object == command.object) PrintUsage(to, command);
  }
}

void PrintHelp(FILE* to) {
  std::fprintf(to, "xsw: an eswitch for any netdev. Usage: xsw [OPTIONS] OBJECT VERB ...\n\n");
  for (const Command& command : Commands())
    std::fprintf(to, "%s\n    %s\n", LineOf(command).c_str(), command.help);
  std::fprintf(to, "\n%s", kOptions);
}

absl::Span<const Command> HelpCommands() { return kCommands; }

}  // namespace xsw
