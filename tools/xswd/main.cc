// SPDX-License-Identifier: Apache-2.0
// xswd: hands the queues of ports of class queues to applications without privileges, and brings
// functions home.
#include <getopt.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "tools/xswd/account.h"
#include "tools/xswd/message.h"
#include "tools/xswd/privileges.h"
#include "tools/xswd/server.h"
#include "userspace/bpffs.h"
#include "userspace/log.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHelp[] =
    R"(Usage: xswd [-n NETNS] [--bpffs PATH] [--run DIR] [--uid-memory-max MIB]

Hands AF_XDP queues of eswitch ports (xsw port add ... class queues) to their owners, over the Unix
sockets DIR/UPLINK/INDEX.sock, and brings functions home when their network namespace appears. Traffic does not depend on it: it may be killed and started at any time.

  -n, --netns NETNS  serve the eswitches of this network namespace
      --bpffs PATH   bpf filesystem in which xsw keeps its state (default /sys/fs/bpf)
      --run DIR      where the sockets are (default /run/xsw)
      --uid-memory-max MIB
                     what a user's queues may pin together (default a quarter of the memory)
  -V, --version
  -h, --help
)";

struct Options {
  std::string netns, bpffs, run = "/run/xsw";
  uint64_t uid_memory_max = DefaultUidMemoryMax();
};

enum { kBpffsOption = 256, kRunOption, kUidMemoryOption };
constexpr option kOptions[] = {{"netns", required_argument, nullptr, 'n'},
                               {"bpffs", required_argument, nullptr, kBpffsOption},
                               {"run", required_argument, nullptr, kRunOption},
                               {"uid-memory-max", required_argument, nullptr, kUidMemoryOption},
                               {"version", no_argument, nullptr, 'V'},
                               {"help", no_argument, nullptr, 'h'},
                               {nullptr, 0, nullptr, 0}};

bool ParseMemory(const char* text, uint64_t* bytes) {
  const std::optional<uint32_t> mib = ParseField(text);
  if (mib && *mib > 0)
    *bytes = uint64_t{*mib} << 20;
  else
    std::fprintf(stderr, "Error: xswd: --uid-memory-max %s: not a number of MiB.\n", text);
  return mib && *mib > 0;
}

// A limit that cannot be set is no reason to serve nobody.
void SayUidMemoryMax(uint64_t bytes) {
  if (CanLimitMemory(bytes))
    return Log(Severity::kInfo,
               absl::StrCat("a user's queues may pin ", bytes >> 20, " MiB together"));
  Log(Severity::kWarning,
      absl::StrCat("a user's queues may pin what their ports' memory_max allows: --uid-memory-max ",
                   bytes >> 20,
                   " is above the limit on locked memory, which cannot be raised here"));
}

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
      case kRunOption:
        options->run = optarg;
        break;
      case kUidMemoryOption:
        if (!ParseMemory(optarg, &options->uid_memory_max)) return 2;
        break;
      case 'V':
        std::printf("xswd %s\n", XSW_VERSION);
        return 0;
      case 'h':
        std::fputs(kHelp, stdout);
        return 0;
      default:
        return 2;
    }
  }
  if (optind == argc) return -1;
  std::fprintf(stderr, "Error: xswd: unknown word %s.\n", argv[optind]);
  return 2;
}

absl::Status Serve(const Options& options) {
  if (geteuid() != 0) return absl::PermissionDeniedError("run it as root");
  if (!options.netns.empty()) XSW_RETURN_IF_ERROR(EnterNetns(options.netns));
  XSW_ASSIGN_OR_RETURN(std::string bpffs, FindBpffs(options.bpffs));
  XSW_RETURN_IF_ERROR(DropPrivileges());
  XSW_ASSIGN_OR_RETURN(Server server, Server::Start(bpffs, options.run, options.uid_memory_max));
  SayUidMemoryMax(options.uid_memory_max);
  XSW_RETURN_IF_ERROR(server.Run());
  std::_Exit(0);
}

}  // namespace
}  // namespace xsw

int main(int argc, char** argv) {
  xsw::Options options;
  if (int status = xsw::Parse(argc, argv, &options); status >= 0) return status;
  absl::Status status = xsw::Serve(options);
  if (status.ok()) return 0;
  xsw::Log(xsw::Severity::kError, std::string(status.message()));
  return 1;
}
