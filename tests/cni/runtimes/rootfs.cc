// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/rootfs.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/cni/runtimes/machine.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

constexpr char kBusybox[] = "/bin/busybox";

void Fill(const fs::path& root) {
  if (access(kBusybox, X_OK) != 0) Die("busybox is not installed: package busybox-static");
  for (const char* dir : {"bin", "dev", "etc", "proc", "run", "sys", "tmp"})
    fs::create_directories(root / dir);
  fs::copy_file(kBusybox, root / "bin/busybox");
  for (const char* command : {"cat", "hostname", "httpd", "ip", "mkdir", "ping", "sh", "sleep"})
    fs::create_symlink("busybox", root / "bin" / command);
  std::ofstream(root / "bin" / kServe)
      << "#!/bin/sh\nmkdir /dev/shm/www\nhostname "
         ">/dev/shm/www/index.html\nexec httpd -f -h /dev/shm/www\n";
  fs::permissions(root / "bin" / kServe, fs::perms::owner_all);
}

}  // namespace

std::string Rootfs() {
  const fs::path root = fs::path(kWorkDir) / "rootfs";
  if (!fs::exists(root)) Fill(root);
  return root;
}

std::string Ask(const std::string& netns, const std::string& ip, int port) {
  InNetns in(netns);
  const std::string connection = "/dev/tcp/" + ip + "/" + std::to_string(port);
  // busybox's own client, linked statically, looks no names up: it dies of it.
  const std::string script =
      "exec 3<>" + connection + "; echo $'GET / HTTP/1.0\\r\\n\\r' >&3; tail -n1 <&3";
  std::string answer = RunCommand(Argv{"timeout", "3", "bash", "-c", script}).out;
  if (answer.ends_with("\n")) answer.pop_back();
  return answer;
}

}  // namespace xsw::test
