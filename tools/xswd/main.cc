// SPDX-License-Identifier: Apache-2.0
// xswd: hands the queues of ports of class queues to applications without privileges, and brings functions home.
#include <getopt.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "tools/xswd/log.h"
#include "tools/xswd/privileges.h"
#include "tools/xswd/server.h"
#include "userspace/bpffs.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kHelp[] =
    R"(Usage: xswd [-n NETNS] [--bpffs PATH] [--run DIR]

Hands AF_XDP queues of eswitch ports (xsw port add ... class queues) to their owners, over the Unix
sockets DIR/UPLINK/INDEX.sock, and brings functions home when their network namespace appears. Traffic does not depend on it: it may be killed and started at any time.

  -n, --netns NETNS  serve the eswitches of this network namespace
      --bpffs PATH   bpf filesystem in which xsw keeps its state (default /sys/fs/bpf)
      --run DIR      where the sockets are (default /run/xsw)
  -V, --version
  -h, --help
)";

struct Options {
  std::string netns, bpffs, run = "/run/xsw";
};

enum { kBpffsOption = 256, kRunOption };
constexpr option kOptions[] = {{"netns", required_argument, nullptr, 'n'},
                               {"bpffs", required_argument, nullptr, kBpffsOption},
                               {"run", required_argument, nullptr, kRunOption},
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
      case kRunOption:
        options->run = optarg;
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
  if (!options.netns.empty()) {
    XSW_ASSIGN_OR_RETURN(Fd netns, OpenNetns(options.netns));
    if (setns(netns.get(), CLONE_NEWNET))
      return ErrnoStatus(errno, absl::StrCat("enter network namespace ", options.netns));
  }
  XSW_ASSIGN_OR_RETURN(std::string bpffs, FindBpffs(options.bpffs));
  XSW_RETURN_IF_ERROR(DropPrivileges());
  XSW_ASSIGN_OR_RETURN(Server server, Server::Start(bpffs, options.run));
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
