// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace xsw::cni {
namespace {

constexpr char kPayload[] = "cni.dev/code";

}  // namespace

absl::Status ErrorWithNumber(int code, const std::string& message) {
  absl::Status status = absl::UnknownError(message);
  status.SetPayload(kPayload, absl::Cord(absl::StrCat(code)));
  return status;
}

absl::Status Error(Code code, const std::string& message) {
  return ErrorWithNumber(static_cast<int>(code), message);
}

absl::Status WithCode(Code code, const absl::Status& status) {
  if (status.ok() || status.GetPayload(kPayload)) return status;
  return Error(code, std::string(status.message()));
}

int NumberOf(const absl::Status& status) {
  int number = 0;
  const auto payload = status.GetPayload(kPayload);
  if (payload && absl::SimpleAtoi(std::string(*payload), &number)) return number;
  // A lock that another process holds, a table that is full: may be over in a moment.
  if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status))
    return static_cast<int>(Code::kTryAgainLater);
  if (absl::IsInvalidArgument(status)) return static_cast<int>(Code::kInvalidConfig);
  return static_cast<int>(Code::kOther);
}

Json ToJson(const absl::Status& status, const std::string& version) {
  return {{"cniVersion", version},
          {"code", NumberOf(status)},
          {"msg", absl::StrCat("xsw: ", status.message())}};
}

}  // namespace xsw::cni
