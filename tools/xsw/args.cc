// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/args.h"

#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kUsage[] = "xsw/usage";
constexpr char kExit[] = "xsw/exit";

}  // namespace

absl::Status UsageError(const std::string& text) {
  absl::Status status = absl::InvalidArgumentError(text);
  status.SetPayload(kUsage, absl::Cord());
  return status;
}

bool IsUsageError(const absl::Status& status) { return status.GetPayload(kUsage).has_value(); }

absl::Status WithExit(absl::Status status, int exit_status) {
  status.SetPayload(kExit, absl::Cord(absl::StrCat(exit_status)));
  return status;
}

std::optional<int> ExitOf(const absl::Status& status) {
  const auto text = status.GetPayload(kExit);
  int exit_status;
  if (text && absl::SimpleAtoi(std::string(*text), &exit_status)) return exit_status;
  return std::nullopt;
}

absl::Status Differs() { return WithExit(absl::AbortedError(""), 1); }

bool IsDiffers(const absl::Status& status) {
  return absl::IsAborted(status) && status.message().empty();
}

absl::StatusOr<std::string> Args::Take(const std::string& what) {
  if (empty()) return UsageError(absl::StrCat(what, " is missing"));
  return words_[at_++];
}

absl::Status Args::Expect(const std::string& word) {
  XSW_ASSIGN_OR_RETURN(std::string next, Take(word));
  if (next == word) return absl::OkStatus();
  return UsageError(absl::StrCat("\"", next, "\" is not \"", word, "\""));
}

absl::Status Args::Done() const {
  if (empty()) return absl::OkStatus();
  return UsageError(absl::StrCat("\"", words_[at_], "\" is one word too many"));
}

absl::Status Args::TakePairs(const std::map<std::string, Handler>& handlers,
                             const std::map<std::string, bool*>& words) {
  std::set<std::string> seen;
  while (!empty()) {
    const std::string key = words_[at_++];
    auto handler = handlers.find(key);
    auto word = words.find(key);
    if (handler == handlers.end() && word == words.end())
      return UsageError(absl::StrCat("unknown word \"", key, "\""));
    if (!seen.insert(key).second) return UsageError(absl::StrCat("\"", key, "\" comes twice"));
    if (word != words.end()) {
      *word->second = true;
      continue;
    }
    XSW_ASSIGN_OR_RETURN(std::string value, Take(absl::StrCat("the value of ", key)));
    XSW_RETURN_IF_ERROR(handler->second(value));
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> ParseNumber(const std::string& what, const std::string& text) {
  uint32_t number;
  if (absl::SimpleAtoi(text, &number)) return number;
  return UsageError(absl::StrCat(what, " \"", text, "\" is not a number from 0 to 4294967295"));
}

absl::StatusOr<bool> ParseOnOff(const std::string& what, const std::string& text) {
  if (text == "on") return true;
  if (text == "off") return false;
  return UsageError(absl::StrCat(what, " \"", text, "\" is neither on nor off"));
}

Args::Handler Only(const std::string& what, const std::string& value) {
  return [what, value](const std::string& text) -> absl::Status {
    if (text == value) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, " ", text, " is not there: only ", value, " is"));
  };
}

}  // namespace xsw
