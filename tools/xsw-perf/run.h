// SPDX-License-Identifier: Apache-2.0
// The four runs.
#ifndef XSW_TOOLS_XSW_PERF_RUN_H_
#define XSW_TOOLS_XSW_PERF_RUN_H_

#include "absl/status/statusor.h"
#include "tools/xsw-perf/endpoint.h"
#include "tools/xsw-perf/options.h"
#include "tools/xsw-perf/result.h"

namespace xsw::perf {

absl::StatusOr<Result> RunSend(Endpoint& endpoint, const Options& options);
absl::StatusOr<Result> RunRecv(Endpoint& endpoint, const Options& options);
absl::StatusOr<Result> RunEcho(Endpoint& endpoint, const Options& options);
absl::StatusOr<Result> RunLat(Endpoint& endpoint, const Options& options);

}  // namespace xsw::perf

#endif  // XSW_TOOLS_XSW_PERF_RUN_H_
