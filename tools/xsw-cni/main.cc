// SPDX-License-Identifier: Apache-2.0
// xsw-cni: gives containers ports of an eswitch, as podman, containerd and Kubernetes ask for them.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <string>

#include "tools/xsw-cni/command.h"
#include "tools/xsw-cni/error.h"
#include "tools/xsw-cni/version.h"

namespace xsw::cni {
namespace {

constexpr char kHelp[] =
    R"(A plugin of CNI (github.com/containernetworking/cni), called by container runtimes as /usr/lib/cni/xsw.
It gives a container a port of an eswitch: see xsw-cni(8), and docs/containers.md for podman, containerd and
Kubernetes. What to do is in the environment (CNI_COMMAND), the network's configuration on stdin.

  -V, --version
  -h, --help
)";

absl::StatusOr<Json> Run(const Request& request) {
  const std::map<std::string, absl::StatusOr<Json> (*)(const Request&)> verbs = {
      {"ADD", Add}, {"DEL", Del},       {"CHECK", Check},
      {"GC", Gc},   {"STATUS", Status}, {"VERSION", Version},
  };
  const auto verb = verbs.find(request.command);
  if (verb != verbs.end()) return verb->second(request);
  return Error(Code::kInvalidEnvironment,
               "unknown CNI_COMMAND \"" + request.command +
                   "\": there are ADD, DEL, CHECK, GC, STATUS and VERSION");
}

// An error may quote what is no UTF-8.
std::string Text(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

int Answer() {
  const absl::StatusOr<Request> request = ReadRequest();
  const absl::StatusOr<Json> answer = request.ok() ? Run(*request) : request.status();
  if (answer.ok()) {
    if (!answer->is_null()) std::puts(Text(*answer, 2).c_str());
    return std::fflush(stdout) ? 1 : 0;
  }
  const Json error =
      ToJson(answer.status(), request.ok() ? VersionOf(request->input) : kNewestVersion);
  std::puts(Text(error, 2).c_str());
  std::fprintf(stderr, "xsw-cni: error %d: %s\n", error["code"].get<int>(),
               Text(error["msg"], -1).c_str());
  return 1;
}

// The exit status, or -1: a runtime calls.
int Parse(int argc, char** argv) {
  const std::string word = argc > 1 ? argv[1] : "";
  if (word == "-V" || word == "--version") {
    std::printf("xsw-cni %s\n", XSW_VERSION);
    return 0;
  }
  if (word == "-h" || word == "--help" || (argc == 1 && !getenv("CNI_COMMAND"))) {
    std::fputs(kHelp, word.empty() ? stderr : stdout);
    return word.empty() ? 2 : 0;
  }
  return -1;
}

}  // namespace
}  // namespace xsw::cni

int main(int argc, char** argv) {
  const int status = xsw::cni::Parse(argc, argv);
  return status >= 0 ? status : xsw::cni::Answer();
}
