// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/sandbox.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/veth/command.h"

namespace xsw::test {
namespace {

Fd OpenFile(const std::string& path, int flags) {
  Fd fd(open(path.c_str(), flags | O_CLOEXEC, 0600));
  Must(static_cast<bool>(fd), "open " + path);
  return fd;
}

// Where the process was born, to come back to between two sandboxes.
struct Home {
  Fd net = OpenFile("/proc/self/ns/net", O_RDONLY);
  Fd mount = OpenFile("/proc/self/ns/mnt", O_RDONLY);
  cpu_set_t cpus;
  Home() { Must(sched_getaffinity(0, sizeof(cpus), &cpus) == 0, "sched_getaffinity"); }
};
const Home& GetHome() {
  static const Home home;
  return home;
}

// By pid and not by where we are: test binaries that start together spread over the CPUs.
void StayOnOneCpu() {
  const cpu_set_t& allowed = GetHome().cpus;
  int skip = getpid() % CPU_COUNT(&allowed), cpu = 0;
  while (!CPU_ISSET(cpu, &allowed) || skip-- > 0) cpu++;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  Must(sched_setaffinity(0, sizeof(one), &one) == 0, "sched_setaffinity");
}

void MountPrivateRun() {
  Must(mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "make mounts private");
  Must(mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") == 0, "mount tmpfs on /run");
  Must(mkdir("/run/netns", 0755) == 0, "mkdir /run/netns");
  Must(mkdir(kTestBpffs, 0700) == 0, "mkdir /run/bpffs");
  Must(mount("bpf", kTestBpffs, "bpf", 0, "mode=0700") == 0, "mount bpf on /run/bpffs");
}

void SetLoopbackUp() {
  Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  Must(ioctl(fd.get(), SIOCSIFFLAGS, &request) == 0, "set lo up");
}

void SetIpv6(bool on) {
  const std::string dir = "/proc/sys/net/ipv6/conf/default/";
  if (access(dir.c_str(), F_OK) != 0) return;
  WriteFile(dir + "disable_ipv6", on ? "0" : "1");
  // An address is usable at once: nobody else can have it here.
  WriteFile(dir + "accept_dad", "0");
}

// The end of a namespace blocks every other change of namespaces on the machine for some 100 ms.
// Held until the process ends, all of its namespaces go in one sweep.
void KeepUntilExit() {
  static std::vector<Fd> kept;
  kept.push_back(OpenFile("/proc/self/ns/net", O_RDONLY));
  kept.push_back(OpenFile("/proc/self/ns/mnt", O_RDONLY));
}

}  // namespace

void Die(const std::string& what) {
  std::fprintf(stderr, "veth tests cannot run: %s\n", what.c_str());
  std::exit(EXIT_FAILURE);
}

void Must(bool ok, const std::string& what) {
  if (!ok) Die(what + ": " + std::strerror(errno));
}

Sandbox::Sandbox(Options options) : options_(options) {
  GetHome();
  Must(unshare(CLONE_NEWNET | CLONE_NEWNS) == 0, "unshare (root needed)");
  MountPrivateRun();
  SetIpv6(options.ipv6);
  if (!options.any_cpu) StayOnOneCpu();
  SetLoopbackUp();
}

Sandbox::~Sandbox() {
  KeepUntilExit();
  Must(setns(GetHome().net.get(), CLONE_NEWNET) == 0, "setns home (net)");
  Must(setns(GetHome().mount.get(), CLONE_NEWNS) == 0, "setns home (mount)");
  sched_setaffinity(0, sizeof(cpu_set_t), &GetHome().cpus);
}

void Sandbox::AddNetns(const std::string& name) {
  Fd back = OpenFile("/proc/self/ns/net", O_RDONLY);
  const std::string path = "/run/netns/" + name;
  OpenFile(path, O_RDONLY | O_CREAT | O_EXCL);
  Must(unshare(CLONE_NEWNET) == 0, "unshare netns " + name);
  SetIpv6(options_.ipv6);
  SetLoopbackUp();
  Must(mount("/proc/self/ns/net", path.c_str(), "none", MS_BIND, nullptr) == 0, "mount " + path);
  Must(setns(back.get(), CLONE_NEWNET) == 0, "setns back");
}

void Sandbox::DeleteNetns(const std::string& name) { MustRun("ip netns del " + name); }

InNetns::InNetns(const std::string& name) {
  if (name.empty()) return;
  back_ = OpenFile("/proc/thread-self/ns/net", O_RDONLY);
  Fd there = OpenFile("/run/netns/" + name, O_RDONLY);
  Must(setns(there.get(), CLONE_NEWNET) == 0, "setns " + name);
}

InNetns::~InNetns() {
  if (back_) Must(setns(back_.get(), CLONE_NEWNET) == 0, "setns back");
}

void WriteFile(const std::string& path, const std::string& text) {
  Fd fd = OpenFile(path, O_WRONLY);
  Must(write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
       "write " + path);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::pair<int, int> KernelVersion() {
  utsname kernel = {};
  std::pair<int, int> version;
  Must(uname(&kernel) == 0 &&
           std::sscanf(kernel.release, "%d.%d", &version.first, &version.second) == 2,
       "uname");
  return version;
}

int Patience() {
  const char* text = std::getenv("XSW_TEST_PATIENCE");
  return text ? std::max(std::atoi(text), 1) : 1;
}

bool WaitFor(const std::function<bool()>& condition, int limit_ms) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(limit_ms) * Patience();
  while (!condition()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace xsw::test
