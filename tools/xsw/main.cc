// SPDX-License-Identifier: Apache-2.0
// xsw: options, batch files, and the one place where errors are printed.

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "abi.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/xsw/command.h"
#include "tools/xsw/help.h"
#include "userspace/bpffs.h"
#include "userspace/netns.h"
#include "userspace/own_abi.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int Report(const absl::Status& status, const std::string& where = "") {
  if (status.ok()) return 0;
  if (IsDiffers(status)) return *ExitOf(status);
  std::string text = Printable(absl::StrCat(where, status.message()));
  if (IsLockHeld(status)) absl::StrAppend(&text, ", or wait longer with --wait SECONDS");
  std::fprintf(stderr, "Error: xsw: %s.\n", text.c_str());
  return ExitOf(status).value_or(IsUsageError(status) ? kUsage : kFailed);
}

// "-js" is "-j -s", "-bn1" is "-b -n 1".
std::vector<std::string> SplitClusters(const std::vector<std::string>& line) {
  std::vector<std::string> split;
  for (const std::string& word : line) {
    if (word.size() < 3 || word[0] != '-' || word[1] == '-' || std::isdigit(word[1])) {
      split.push_back(word);
      continue;
    }
    const size_t number = std::min(word.find_first_of("0123456789"), word.size());
    for (char letter : word.substr(1, number - 1)) split.push_back({'-', letter});
    if (number < word.size()) split.push_back(word.substr(number));
  }
  return split;
}

// Takes the options out, wherever they stand, and leaves the words. What comes behind an object and
// is an option of its commands is theirs: in `xsw -b FILE` and `xsw top -b` -b is not the same.
absl::StatusOr<std::vector<std::string>> TakeOptions(const std::vector<std::string>& unsplit,
                                                     Options* options, bool* version) {
  const std::vector<std::string> line = SplitClusters(unsplit);
  std::vector<std::string> words;
  for (size_t i = 0; i < line.size(); i++) {
    const std::string& word = line[i];
    if (!words.empty() && IsOwnOption(words[0], word)) {
      words.push_back(word);
      continue;
    }
    auto value = [&](std::string* to) -> absl::Status {
      if (i + 1 == line.size()) return UsageError(absl::StrCat(word, " needs a value"));
      *to = line[++i];
      return absl::OkStatus();
    };
    if (word == "-j" || word == "--json") {
      options->json = true;
    } else if (word == "-p" || word == "--pretty") {
      options->pretty = true;
    } else if (word == "-s" || word == "--statistics") {
      options->statistics = true;
    } else if (word == "-d" || word == "--dry-run") {
      options->dry_run = true;
    } else if (word == "-f" || word == "--force") {
      options->force = true;
    } else if (word == "-V" || word == "--version") {
      *version = true;
    } else if (word == "-h" || word == "--help") {
      words.push_back("help");
    } else if (word == "-n" || word == "--netns") {
      XSW_RETURN_IF_ERROR(value(&options->netns));
    } else if (word == "-b" || word == "--batch") {
      XSW_RETURN_IF_ERROR(value(&options->batch));
    } else if (word == "--wait") {
      XSW_RETURN_IF_ERROR(value(&options->wait));
    } else if (word == "--bpffs") {
      XSW_RETURN_IF_ERROR(value(&options->bpffs));
    } else if (word.size() > 1 && word[0] == '-') {
      return UsageError(absl::StrCat("unknown option ", word));
    } else {
      words.push_back(word);
    }
  }
  return words;
}

// One command a line, # starts a comment. Stops at the first error, unless forced.
int RunBatch(const Options& options, std::istream& in) {
  int result = 0;
  Plan plan;
  std::string line;
  for (int number = 1; std::getline(in, line); number++) {
    std::vector<std::string> words =
        absl::StrSplit(line.substr(0, line.find('#')), absl::ByAnyChar(" \t"), absl::SkipEmpty());
    if (words.empty()) continue;
    Options own = options;
    own.netns.clear();
    own.batch.clear();
    own.wait.clear();
    bool version = false;
    absl::StatusOr<std::vector<std::string>> command = TakeOptions(words, &own, &version);
    absl::Status status = command.status();
    if (status.ok() && (!own.netns.empty() || !own.batch.empty() || !own.wait.empty() || version))
      status = UsageError("-n, -b, -V and --wait do not belong into a batch file");
    if (status.ok()) status = Dispatch(own, *command, &plan);
    int failed = Report(status, absl::StrCat(options.batch, ":", number, ": "));
    result = result ? result : failed;
    if (failed && !options.force) return result;
  }
  return result;
}

int RunBatchFile(const Options& options) {
  if (options.batch == "-") return RunBatch(options, std::cin);
  std::ifstream file(options.batch);
  if (!file) return Report(absl::NotFoundError(absl::StrCat("cannot read ", options.batch)));
  return RunBatch(options, file);
}

absl::Status ApplyWait(const std::string& text) {
  uint32_t seconds;
  constexpr uint32_t kMost = 24 * 3600;
  if (!absl::SimpleAtoi(text, &seconds) || seconds > kMost)
    return UsageError(absl::StrCat("--wait ", text, ": not a number of seconds up to ", kMost));
  SetLockWait(std::chrono::seconds(seconds));
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Options options;
  bool version = false;
  auto words = TakeOptions({argv + 1, argv + argc}, &options, &version);
  if (!words.ok()) return Report(words.status());
  if (version) {
    std::printf("xsw %s, ABI %u\n", XSW_VERSION, OwnAbi());
    return 0;
  }
  if (words->empty() && options.batch.empty()) {
    PrintHelp(stderr);
    return kUsage;
  }
  if (!options.wait.empty()) {
    if (int failed = Report(ApplyWait(options.wait))) return failed;
  }
  if (!options.netns.empty()) {
    if (Report(EnterNetns(options.netns))) return FailedStatus(*words);
  }
  if (!options.batch.empty()) return RunBatchFile(options);
  return Report(Dispatch(options, *words));
}

}  // namespace
}  // namespace xsw

int main(int argc, char** argv) {
  const int result = xsw::Main(argc, argv);
  // An answer that could not be written was not given.
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return result;
  std::perror("Error: xsw: write the output");
  return xsw::kFailed;
}
