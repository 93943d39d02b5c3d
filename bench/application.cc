// SPDX-License-Identifier: Apache-2.0
#include "bench/application.h"

#include <csignal>
#include <fstream>

#include "bench/command.h"
#include "bench/patience.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr double kOpenSeconds = 5;
constexpr int kRings = 4;

// A run of these ends by itself, perhaps before we have seen its queue.
bool Receives(const std::string& mode) { return mode == "recv" || mode == "echo"; }

// Mapped rings are the last thing that opening a queue makes.
bool HasQueue(pid_t pid) {
  std::ifstream maps(absl::StrCat("/proc/", pid, "/maps"));
  int rings = 0;
  for (std::string line; std::getline(maps, line);)
    rings += line.find("socket:[") != std::string::npos;
  return rings >= kRings;
}

absl::Status WaitForQueue(pid_t pid) {
  if (WaitUntil(kOpenSeconds, [pid] { return HasQueue(pid); })) return absl::OkStatus();
  return absl::DeadlineExceededError("xsw-perf does not open its queue");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Application>> Application::Start(const Outlet& outlet,
                                                                std::vector<std::string> words,
                                                                int cpu) {
  const bool receives = Receives(words[0]);
  words.insert(words.begin(), BuiltProgram("xsw-perf"));
  words.insert(words.begin() + 2, {outlet.path, "--json"});
  std::unique_ptr<Child> child;
  XSW_RETURN_IF_ERROR(Patiently([&]() -> absl::Status {
    XSW_ASSIGN_OR_RETURN(child, Child::Start(words, {cpu}));
    if (outlet.bare) XSW_RETURN_IF_ERROR(outlet.bare->Serve());
    return receives ? WaitForQueue(child->pid()) : absl::OkStatus();
  }));
  return std::unique_ptr<Application>(new Application(std::move(child)));
}

absl::StatusOr<nlohmann::json> Application::Finish(double seconds) {
  XSW_ASSIGN_OR_RETURN(std::string said, child_->ReadAll(seconds));
  nlohmann::json result = nlohmann::json::parse(said, nullptr, /*allow_exceptions=*/false);
  if (result.is_object()) return result;
  return absl::InternalError(absl::StrCat("xsw-perf says \"", said, "\""));
}

absl::StatusOr<nlohmann::json> Application::Stop() {
  child_->Signal(SIGINT);
  return Finish(/*seconds=*/5);
}

}  // namespace xsw::bench
