// SPDX-License-Identifier: Apache-2.0
#include "bench/command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "absl/strings/str_join.h"
#include "bench/clock.h"
#include "bench/sandbox.h"
#include "userspace/status.h"

extern char** environ;

namespace xsw::bench {
namespace {

absl::StatusOr<pid_t> Start(const std::vector<std::string>& command) {
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid;
  int err = posix_spawnp(&pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (err) return ErrnoStatus(err, absl::StrCat("run ", command[0]));
  return pid;
}

}  // namespace

// build/bench/xsw_bench -> build/bin/NAME
std::string BuiltProgram(const std::string& name) {
  char self[4096];
  ssize_t len = readlink("/proc/self/exe", self, sizeof(self));
  std::string build(self, len > 0 ? static_cast<size_t>(len) : 0);
  for (int up = 0; up < 2; up++) build.erase(build.rfind('/'));
  return absl::StrCat(build, "/bin/", name);
}

absl::StatusOr<double> Run(const std::vector<std::string>& command) {
  const double start = Now();
  XSW_ASSIGN_OR_RETURN(pid_t pid, Start(command));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  const double seconds = Now() - start;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return absl::InternalError(absl::StrCat(absl::StrJoin(command, " "), ": failed"));
  return seconds;
}

absl::Status Ip(const std::string& netns, const std::string& lines) {
  const std::string path = "/run/ip.batch";
  std::ofstream(path, std::ios::trunc) << lines;
  absl::StatusOr<double> done = Run({"ip", "-n", netns, "-batch", path});
  if (done.ok()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("in network namespace ", netns, ":\n", lines, "  ", done.status().message()));
}

absl::StatusOr<double> Xsw(const std::string& netns, const std::vector<std::string>& words) {
  std::vector<std::string> command = {BuiltProgram("xsw"), "-n", netns, "--bpffs", kBpffs};
  command.insert(command.end(), words.begin(), words.end());
  return Run(command);
}

}  // namespace xsw::bench
