// SPDX-License-Identifier: Apache-2.0
// One answer over HTTP, for a socket unit with Accept=yes: the connection is standard input and
// output. The request is read by a process without any rights.
#ifndef XSW_TOOLS_XSW_METRICS_HTTP_H_
#define XSW_TOOLS_XSW_METRICS_HTTP_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xsw/exposition.h"

namespace xsw {

// 10 seconds for all of it, 8 KiB for the request. An error of text is the client's 503, and
// returned.
absl::Status AnswerHttp(const std::function<absl::StatusOr<std::string>(Exposition::Form)>& text);

// What is asked for, by the whole head of a request; or the status of a refusal: 400, 404, 405.
struct HttpRequest {
  int status = 200;
  Exposition::Form form = Exposition::kPrometheus;
};
HttpRequest ParseHttp(const std::string& head);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_METRICS_HTTP_H_
