// SPDX-License-Identifier: Apache-2.0
// xsw metrics: for Prometheus.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "tools/xsw/command.h"
#include "tools/xsw/metrics.h"
#include "tools/xsw/metrics_http.h"
#include "tools/xsw/text_file.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct Request {
  std::string uplink;  // "": all
  std::string file;
  bool open_metrics = false, http = false;
};

absl::StatusOr<Request> TakeRequest(Call& call) {
  Request request;
  while (!call.args.empty()) {
    XSW_ASSIGN_OR_RETURN(const std::string word, call.args.Take("DEV"));
    if (word == "--openmetrics") {
      request.open_metrics = true;
    } else if (word == "--http") {
      request.http = true;
    } else if (word == "--file") {
      XSW_ASSIGN_OR_RETURN(request.file, call.args.Take("the FILE of --file"));
    } else if (request.uplink.empty()) {
      request.uplink = word;
    } else {
      return UsageError(absl::StrCat("\"", word, "\" is one word too many"));
    }
  }
  if (request.http && (request.open_metrics || !request.file.empty()))
    return UsageError("--http answers in the form that the client asks for, and to him");
  if (call.options.json) return UsageError("metrics are text: xsw -j -s port show is JSON");
  return request;
}

absl::Status Run(Call& call) {
  XSW_ASSIGN_OR_RETURN(const Request request, TakeRequest(call));
  const auto text = [&](Exposition::Form form) -> absl::StatusOr<std::string> {
    XSW_ASSIGN_OR_RETURN(const std::vector<EswitchSample> samples,
                         TakeSamples(call.bpffs, request.uplink));
    return Metrics(samples, form);
  };
  if (request.http) return AnswerHttp(text);
  XSW_ASSIGN_OR_RETURN(
      const std::string metrics,
      text(request.open_metrics ? Exposition::kOpenMetrics : Exposition::kPrometheus));
  if (!request.file.empty()) return ReplaceFile(request.file, metrics);
  std::fputs(metrics.c_str(), stdout);
  return absl::OkStatus();
}

constexpr Command kCommands[] = {
    {"metrics", "", "[DEV] [--openmetrics] [--file FILE] [--http]",
     "counters, limits and states as text for Prometheus; --file: in place of FILE; --http: answer "
     "the client at standard input and output",
     Run},
};

}  // namespace

absl::Span<const Command> MetricsCommands() { return kCommands; }

}  // namespace xsw
