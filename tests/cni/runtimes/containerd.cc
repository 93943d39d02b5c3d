// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/containerd.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cni/runtimes/rootfs.h"

namespace xsw::test {
namespace {

constexpr int kSoonMs = 20000;
const std::string kDir = std::string(kWorkDir) + "/containerd";
const std::string kSocket = kDir + "/sock";

// ctr speaks to the daemon itself; what serves Kubernetes is not needed.
std::string Configuration() {
  return "version = 2\nroot = \"" + kDir + "/root\"\nstate = \"" + kDir +
         "/state\"\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n[grpc]\naddress = \"" +
         kSocket + "\"\n[ttrpc]\naddress = \"" + kSocket + ".ttrpc\"\n";
}

}  // namespace

Containerd::Containerd(const Json& lan) {
  if (RunCommand("which containerd").status != 0) Die("package containerd is not installed");
  std::filesystem::create_directories(kDir);
  WriteLan("/etc/cni/net.d/10-lan.conflist", lan);
  const std::string path = kDir + "/config.toml";
  std::ofstream(path) << Configuration();
  daemon_ = std::make_unique<Process>(Argv{"containerd", "-c", path, "-l", "error"});
  if (!WaitFor([&] { return Ctr("version").status == 0 || daemon_->Done(); }, kSoonMs) ||
      daemon_->Done())
    Die("containerd does not start: " + daemon_->Wait(0).err);
}

Containerd::~Containerd() {
  while (!runs_.empty()) Kill(runs_.begin()->first);
}

Result Containerd::Ctr(const std::string& line) const {
  return RunCommand("ctr -a " + kSocket + " " + line);
}

std::string Containerd::CtrOk(const std::string& line) const {
  const Result result = Ctr(line);
  if (result.status != 0)
    ADD_FAILURE() << "ctr " << line << ": status " << result.status << "\n" << result.err;
  return result.out;
}

std::string Containerd::RunLine(const std::string& options, const std::string& name,
                                const std::string& command) {
  return "run --cni --null-io --snapshotter native --cgroup " + CgroupParent() + "/" + name + " " +
         options + " --rootfs " + Rootfs() + " " + name + " /bin/" + command;
}

Attached Containerd::Start(const std::string& name) {
  runs_[name] =
      std::make_unique<Process>(Words("ctr -a " + kSocket + " " + RunLine("--rm", name, kServe)));
  Process& run = *runs_[name];
  if (!WaitFor([&] { return PidOf(name) > 0 || run.Done(); }, kSoonMs) || run.Done()) {
    ADD_FAILURE() << "ctr run " << name << ": " << run.Wait(0).err;
    return {};
  }
  // ctr has called ADD before it starts the container's process.
  MustRun("ip netns attach ctr-" + name + " " + std::to_string(PidOf(name)));
  return AttachedIn("ctr-" + name);
}

void Containerd::Kill(const std::string& name) {
  const std::unique_ptr<Process> run = std::move(runs_.at(name));
  runs_.erase(name);
  RunCommand("ip netns del ctr-" + name);
  CtrOk("task kill -s KILL " + name);
  // As of a process that has been killed.
  const Result result = run->Wait(kSoonMs);
  EXPECT_EQ(result.status, 137) << result.err;
}

// TASK PID STATUS
pid_t Containerd::PidOf(const std::string& name) const {
  std::istringstream lines(Ctr("task ls").out);
  for (std::string line; std::getline(lines, line);) {
    const Argv words = Words(line);
    if (words.size() == 3 && words[0] == name && words[2] == "RUNNING") return std::stoi(words[1]);
  }
  return 0;
}

}  // namespace xsw::test
