// SPDX-License-Identifier: Apache-2.0
// Words of a command line: a handle, then `key value` pairs.
#ifndef XSW_TOOLS_XSW_ARGS_H_
#define XSW_TOOLS_XSW_ARGS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw {

// The command itself is malformed: exit 2, with its usage.
absl::Status UsageError(const std::string& text);
bool IsUsageError(const absl::Status& status);

// The error as it is, but with this exit status.
absl::Status WithExit(absl::Status status, int exit_status);
std::optional<int> ExitOf(const absl::Status& status);
// No error: `diff` has answered, and there are differences.
absl::Status Differs();
bool IsDiffers(const absl::Status& status);

class Args {
 public:
  explicit Args(std::vector<std::string> words) : words_(std::move(words)) {}

  bool empty() const { return at_ == words_.size(); }
  // The next word without taking it, "" if there is none.
  std::string Next() const { return empty() ? "" : words_[at_]; }
  // The next word; a usage error that says what is missing if there is none.
  absl::StatusOr<std::string> Take(const std::string& what);
  // The next word must be this one.
  absl::Status Expect(const std::string& word);
  // Usage error if words are left.
  absl::Status Done() const;

  // The rest as pairs. Each key may come once and must have a handler, which gets the value.
  using Handler = std::function<absl::Status(const std::string& value)>;
  // words stand alone: what they point to becomes true.
  absl::Status TakePairs(const std::map<std::string, Handler>& handlers,
                         const std::map<std::string, bool*>& words = {});

 private:
  std::vector<std::string> words_;
  size_t at_ = 0;
};

absl::StatusOr<uint32_t> ParseNumber(const std::string& what, const std::string& text);
absl::StatusOr<bool> ParseOnOff(const std::string& what, const std::string& text);

// A handler that only admits one value: `flavour pcisf`.
Args::Handler Only(const std::string& what, const std::string& value);

// A handler that parses and stores: Store(ParseMac, &spec.hw_addr).
template <typename Parser, typename T>
Args::Handler Store(Parser parse, T* to) {
  return [parse, to](const std::string& text) -> absl::Status {
    auto value = parse(text);
    if (!value.ok()) return value.status();
    *to = *std::move(value);
    return absl::OkStatus();
  };
}

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_ARGS_H_
