// SPDX-License-Identifier: Apache-2.0
#include "userspace/load_log.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

constexpr size_t kMostBytes = 300;  // of one line, in an error that a person reads
constexpr std::string_view kLogBegins = "-- BEGIN PROG LOAD LOG --\n";

std::string& First() {
  static std::string line;
  return line;
}
std::string& LastWord() {
  static std::string line;
  return line;
}

// A rejected program's whole log, 15 KB and more, comes as one text.
std::string Format(const char* format, va_list args) {
  va_list again;
  va_copy(again, args);
  const int length = vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return "";
  std::string text(static_cast<size_t>(length) + 1, '\0');
  vsnprintf(text.data(), text.size(), format, args);
  text.pop_back();
  return text;
}

std::string Cut(std::string_view line) {
  if (line.size() <= kMostBytes) return std::string(line);
  return std::string(line.substr(0, kMostBytes)) + "...";
}

// The line before the verifier's statistics.
std::string LastWordOf(std::string_view log) {
  std::string_view last;
  while (!log.empty()) {
    const std::string_view line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(log.size(), line.size() + 1));
    if (line.starts_with("processed ") || line.starts_with("-- END")) break;
    if (!line.empty()) last = line;
  }
  return Cut(last);
}

}  // namespace

int KeepComplaint(libbpf_print_level level, const char* format, va_list args) {
  if (level != LIBBPF_WARN) return 0;
  const std::string text = Format(format, args);
  const size_t log = text.find(kLogBegins);
  if (First().empty()) First() = Cut(std::string_view(text).substr(0, text.find('\n')));
  if (LastWord().empty() && log != std::string::npos)
    LastWord() = LastWordOf(std::string_view(text).substr(log + kLogBegins.size()));
  return static_cast<int>(text.size());
}

void ClearComplaints() {
  First().clear();
  LastWord().clear();
}

std::string Complaint() {
  return LastWord().empty() ? First() : absl::StrCat(First(), ": ", LastWord());
}

}  // namespace xsw
