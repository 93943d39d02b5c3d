// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/tally.h"

#include <cstdio>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

// Refusals that a race explains; any other is a defect.
constexpr const char* kHonest[] = {
    "does not exist",
    "already exists",
    "in use by",
    "is already there",
    "is there already",
    "no such entry",
    "is taken in the namespace",
    "is its own address",
    "class queues has its netns",
    // Its namespace ended under the command's hands: all of it, or its name so far.
    "its netdevs are gone",
    "nothing that xsw can open holds the namespace",
};

// Which of them, or null.
const char* HonestRefusal(const std::string& error) {
  for (const char* words : kHonest) {
    if (error.find(words) != error.npos) return words;
  }
  return nullptr;
}

bool IsJson(const std::string& text) { return !Json::parse(text, nullptr, false).is_discarded(); }

}  // namespace

void Tally::Add(const Command& command, const Result& result) {
  std::lock_guard lock(mutex_);
  Counts& counts = kinds_[command.kind];
  const char* refusal =
      command.may_be_refused && result.status == 1 ? HonestRefusal(result.err) : nullptr;
  if (result.status == 0 && command.line.starts_with("-j") && !IsJson(result.out))
    defects_.push_back(command.line + ": no JSON: " + result.out);
  if (result.status == 0 && result.err.empty()) {
    counts.done++;
  } else if (refusal) {
    counts.refused++;
    refusals_[refusal]++;
  } else {
    defects_.push_back(command.line + ": status " + std::to_string(result.status) + ": " +
                       result.err);
  }
}

void Tally::AddDefect(const std::string& what) {
  std::lock_guard lock(mutex_);
  defects_.push_back(what);
}

void Tally::Count(const std::string& what) {
  std::lock_guard lock(mutex_);
  ours_[what]++;
}

unsigned Tally::Commands() {
  std::lock_guard lock(mutex_);
  unsigned all = 0;
  for (const auto& [kind, counts] : kinds_) all += counts.done + counts.refused;
  return all;
}

size_t Tally::Report() {
  std::lock_guard lock(mutex_);
  for (const auto& [kind, counts] : kinds_)
    std::printf("%7u done %7u refused  %s\n", counts.done, counts.refused, kind.c_str());
  for (const auto& [words, n] : refusals_) std::printf("%7u times \"%s\"\n", n, words.c_str());
  for (const auto& [what, n] : ours_) std::printf("%7u times %s\n", n, what.c_str());
  for (const std::string& defect : defects_) std::printf("DEFECT %s\n", defect.c_str());
  return defects_.size();
}

}  // namespace xsw::test
