// SPDX-License-Identifier: Apache-2.0
// Errors with a code of CNI's table (SPEC.md, section 4, "Error").
#ifndef XSW_TOOLS_XSW_CNI_ERROR_H_
#define XSW_TOOLS_XSW_CNI_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "switchdev_model/configuration/reader.h"

namespace xsw::cni {

enum class Code {
  kIncompatibleVersion = 1,
  kUnsupportedField = 2,
  kUnknownContainer = 3,
  kInvalidEnvironment = 4,
  kIoFailure = 5,
  kDecodingFailure = 6,
  kInvalidConfig = 7,
  kTryAgainLater = 11,
  kNotAvailable = 50,
  kOther = 100,  // the first that is a plugin's own
};

absl::Status Error(Code code, const std::string& message);
// The same with another's number.
absl::Status ErrorWithNumber(int code, const std::string& message);
// The status with the code, which it has not got from elsewhere.
absl::Status WithCode(Code code, const absl::Status& status);

// Of any status: one that says no code has the code of its kind.
int NumberOf(const absl::Status& status);

// What the runtime reads on stdout.
Json ToJson(const absl::Status& status, const std::string& version);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_ERROR_H_
