// SPDX-License-Identifier: Apache-2.0
// xsw-perf: what a queue block carries, in the way of perftest's raw_ethernet tools.
#include <cstdio>
#include <string>

#include "tools/xsw-perf/endpoint.h"
#include "tools/xsw-perf/options.h"
#include "tools/xsw-perf/result.h"
#include "tools/xsw-perf/run.h"

namespace xsw::perf {
namespace {

int Report(const absl::Status& status, int code) {
  std::fprintf(stderr, "Error: xsw-perf: %s.\n", std::string(status.message()).c_str());
  return code;
}

absl::StatusOr<Result> Run(Endpoint& endpoint, const Options& options) {
  switch (options.mode) {
    case Mode::kSend:
      return RunSend(endpoint, options);
    case Mode::kRecv:
      return RunRecv(endpoint, options);
    case Mode::kEcho:
      return RunEcho(endpoint, options);
    case Mode::kLat:
      return RunLat(endpoint, options);
  }
  return absl::InternalError("no such mode");
}

int Main(int argc, char** argv) {
  absl::StatusOr<Options> options = ParseOptions(argc, argv);
  if (!options.ok()) return Report(options.status(), 2);
  absl::StatusOr<Endpoint> endpoint = Endpoint::Open(*options);
  if (!endpoint.ok()) return Report(endpoint.status(), 1);
  absl::StatusOr<Result> result = Run(*endpoint, *options);
  if (!result.ok()) return Report(result.status(), 1);
  Print(*options, *result, endpoint->stats());
  // A count that was asked for and not reached is a failure to scripts.
  return options->count && result->frames < options->count ? 3 : 0;
}

}  // namespace
}  // namespace xsw::perf

int main(int argc, char** argv) { return xsw::perf::Main(argc, argv); }
