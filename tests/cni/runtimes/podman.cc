// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/podman.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cni/runtimes/rootfs.h"

namespace xsw::test {
namespace {

// A user's limits as this machine has them may not be raised.
std::string ConfigurationOf(const std::string& runtime, const std::string& dir) {
  return "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n"
         "[network]\nnetwork_backend = \"cni\"\nnetwork_config_dir = \"" +
         dir + "/net\"\ncni_plugin_dirs = [\"" + kPluginDir +
         "\"]\n"
         "[engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\nruntime = \"" +
         runtime + "\"\n";
}

}  // namespace

Podman::Podman(const std::string& runtime, const Json& lan)
    : runtime_(runtime), dir_(std::string(kWorkDir) + "/" + runtime) {
  for (const std::string program : {"podman", runtime.c_str()})
    if (RunCommand("which " + program).status != 0) Die("package " + program + " is not installed");
  std::filesystem::create_directories(dir_);
  WriteLan(dir_ + "/net/lan.conflist", lan);
  const std::string path = dir_ + "/containers.conf";
  std::ofstream(path) << ConfigurationOf(runtime, dir_);
  setenv("CONTAINERS_CONF", path.c_str(), 1);
}

Podman::~Podman() { Ok("rm -f -a -t 0"); }

Argv Podman::Command(const std::string& line) const {
  return Words("podman --root " + dir_ + "/root --runroot " + dir_ + "/run --tmpdir " + dir_ +
               "/tmp --storage-driver vfs " + line);
}

Result Podman::Try(const std::string& line) const { return RunCommand(Command(line)); }

std::string Podman::Ok(const std::string& line) const {
  const Result result = Try(line);
  if (result.status != 0)
    ADD_FAILURE() << "podman " << line << ": status " << result.status << "\n" << result.err;
  return result.out.substr(0, result.out.find('\n'));
}

std::string Podman::RunLine(const std::string& name, const std::string& options) {
  return "run -d --name " + name + " --hostname " + name + " --cgroup-parent " + CgroupParent() +
         " --network " + kLan + " " + options + " --rootfs " + Rootfs() + " " + kServe;
}

Attached Podman::Start(const std::string& name, const std::string& options) const {
  Ok(RunLine(name, options));
  return AttachedOf(name);
}

Attached Podman::AttachedOf(const std::string& name) const {
  const std::filesystem::path netns =
      Ok("inspect --format {{.NetworkSettings.SandboxKey}} " + name);
  return AttachedIn(netns.filename());
}

pid_t Podman::ConmonOf(const std::string& name) const {
  const std::string file = Ok("inspect --format {{.ConmonPidFile}} " + name);
  return std::atoi(ReadFile(file).c_str());
}

}  // namespace xsw::test
