// SPDX-License-Identifier: Apache-2.0
// xsw-bridge: lets eswitches in mode switchdev do themselves what the kernel's bridges have
// decided.
#include <getopt.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/xsw-bridge/loop.h"
#include "userspace/bpffs.h"
#include "userspace/log.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHelp[] =
    R"(Usage: xsw-bridge [-n NETNS] [--bpffs PATH]

Follows the bridges over eswitches in mode switchdev, and permits the fast path what they have decided
(xsw bridge show). Traffic does not depend on it: when it ends, the bridges forward all frames again.

  -n, --netns NETNS  follow the eswitches of this network namespace
      --bpffs PATH   bpf filesystem in which xsw keeps its state (default /sys/fs/bpf)
  -V, --version
  -h, --help
)";

struct Options {
  std::string netns, bpffs;
};

enum { kBpffsOption = 256 };
constexpr option kOptions[] = {{"netns", required_argument, nullptr, 'n'},
                               {"bpffs", required_argument, nullptr, kBpffsOption},
                               {"version", no_argument, nullptr, 'V'},
                               {"help", no_argument, nullptr, 'h'},
                               {nullptr, 0, nullptr, 0}};

// The exit status, or -1: go on.
int Parse(int argc, char** argv, Options* options) {
  for (int letter; (letter = getopt_long(argc, argv, "n:Vh", kOptions, nullptr)) != -1;) {
    switch (letter) {
      case 'n':
        options->netns = optarg;
        break;
      case kBpffsOption:
        options->bpffs = optarg;
        break;
      case 'V':
        std::printf("xsw-bridge %s\n", XSW_VERSION);
        return 0;
      case 'h':
        std::fputs(kHelp, stdout);
        return 0;
      default:
        return 2;
    }
  }
  if (optind == argc) return -1;
  std::fprintf(stderr, "Error: xsw-bridge: unknown word %s.\n", argv[optind]);
  return 2;
}

absl::Status Follow(const Options& options) {
  if (geteuid() != 0) return absl::PermissionDeniedError("run it as root");
  if (!options.netns.empty()) XSW_RETURN_IF_ERROR(EnterNetns(options.netns));
  XSW_ASSIGN_OR_RETURN(const std::string bpffs, FindBpffs(options.bpffs));
  XSW_ASSIGN_OR_RETURN(Loop loop, Loop::Open(bpffs));
  return loop.Run();
}

}  // namespace
}  // namespace xsw

int main(int argc, char** argv) {
  xsw::Options options;
  if (int status = xsw::Parse(argc, argv, &options); status >= 0) return status;
  const absl::Status status = xsw::Follow(options);
  if (status.ok()) return 0;
  xsw::Log(xsw::Severity::kError, std::string(status.message()));
  return 1;
}
