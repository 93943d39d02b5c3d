// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/machine.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "tests/run_tests.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

constexpr char kCgroups[] = "/sys/fs/cgroup";
constexpr char kDebiansPlugins[] = "/usr/lib/cni";

std::optional<Topology> machine;
std::string cgroup_parent;

void MountTmpfs(const std::string& path) {
  Must(mount("tmpfs", path.c_str(), "tmpfs", 0, "mode=0755") == 0, "mount tmpfs on " + path);
}

// In the private mount namespace of the topology.
void MountAll() {
  Must(mount("proc", "/proc", "proc", 0, nullptr) == 0, "mount proc");
  // Where xsw looks by itself.
  Must(mount(kTestBpffs, "/sys/fs/bpf", nullptr, MS_BIND, nullptr) == 0, "bind /sys/fs/bpf");
  // Podman's locks are in /dev/shm.
  for (const char* path : {"/var/lib", "/opt", "/dev/shm"}) MountTmpfs(path);
  if (access("/etc/cni", F_OK) == 0) MountTmpfs("/etc/cni");
  // crun takes both hierarchies for cgroup 2 alone.
  umount2((std::string(kCgroups) + "/unified").c_str(), MNT_DETACH);
}

void FurnishAll() {
  if (access(kDebiansPlugins, X_OK) != 0)
    Die("CNI's plugins are not installed: package containernetworking-plugins");
  fs::create_directories(kPluginDir);
  for (const auto& plugin : fs::directory_iterator(kDebiansPlugins))
    fs::create_symlink(plugin.path(), kPluginDir / plugin.path().filename());
  fs::create_symlink(XSW_CNI_BINARY, std::string(kPluginDir) + "/xsw");
  fs::create_directories(std::string(kWorkDir) + "/tmp");
  setenv("TMPDIR", (std::string(kWorkDir) + "/tmp").c_str(), 1);
  WriteFile("/proc/sys/net/ipv4/ip_forward", "1");
}

int StatusOf(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Takes up every child; returns when the tests end.
int WaitForTests(pid_t tests) {
  int status = 0;
  for (pid_t ended; (ended = wait(&status)) != tests;)
    Must(ended > 0 || errno == EINTR, "wait for the tests");
  return StatusOf(status);
}

[[noreturn]] void BeFirst() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  machine.emplace(TopologyOptions{.ports = 0, .ipv6 = true, .any_cpu = true});
  MountAll();
  FurnishAll();
  const pid_t tests = fork();
  Must(tests >= 0, "fork the tests");
  if (tests == 0) std::exit(RunTests());
  _exit(WaitForTests(tests));
}

void RemoveCgroup(const fs::path& path) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error))
    if (entry.is_directory(error)) RemoveCgroup(entry.path());
  rmdir(path.c_str());
}

std::vector<fs::path> Hierarchies() {
  std::vector<fs::path> all = {kCgroups};
  for (const auto& entry : fs::directory_iterator(kCgroups))
    if (entry.is_directory()) all.push_back(entry.path());
  return all;
}

// A cgroup is busy for a moment after its last process.
bool RemoveCgroups() {
  bool gone = true;
  for (const fs::path& hierarchy : Hierarchies()) {
    const fs::path ours = hierarchy / cgroup_parent.substr(1);
    RemoveCgroup(ours);
    gone = gone && access(ours.c_str(), F_OK) != 0;
  }
  return gone;
}

// Of tests that were killed.
void RemoveOldCgroups() {
  for (const fs::path& hierarchy : Hierarchies())
    for (const auto& entry : fs::directory_iterator(hierarchy)) {
      int pid = 0;
      if (std::sscanf(entry.path().filename().c_str(), "xsw-cni-%d", &pid) == 1 &&
          kill(pid, 0) != 0 && errno == ESRCH)
        RemoveCgroup(entry.path());
    }
}

}  // namespace

int RunTestsInMachine() {
  if (GTEST_FLAG_GET(list_tests)) return RunTests();
  if (geteuid() != 0) Die("root is needed, for namespaces and BPF");
  RemoveOldCgroups();
  cgroup_parent = "/xsw-cni-" + std::to_string(getpid());
  Must(unshare(CLONE_NEWPID) == 0, "unshare process ids");
  const pid_t first = fork();
  Must(first >= 0, "fork");
  if (first == 0) BeFirst();
  int status = 0;
  Must(waitpid(first, &status, 0) == first, "wait for the first process");
  if (WaitFor(RemoveCgroups)) return StatusOf(status);
  std::fprintf(stderr, "cgroup %s cannot be removed\n", cgroup_parent.c_str());
  return EXIT_FAILURE;
}

Topology& Machine() { return *machine; }

const std::string& CgroupParent() { return cgroup_parent; }

}  // namespace xsw::test
