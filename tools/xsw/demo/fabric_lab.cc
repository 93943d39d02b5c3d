// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/fabric_lab.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/xsw/demo/fabric_page.h"
#include "tools/xsw/demo/fabric_shell.h"
#include "tools/xsw/demo/lab.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kSpine[] = "xsw-demo-spine";
constexpr char kUp[] = "the host is up";
constexpr int kUpMs = 60000;

std::string OwnPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  return size > 0 ? std::string(path, size) : "xsw";
}

// The page's commands find what they would on a machine: xsw keeps its state in the bpffs of this
// host, and systemd's part is done by hand.
std::string Prelude(int host) {
  const std::string xsw = OwnPath();
  return absl::StrCat("xsw() { ", xsw, " --bpffs /run/bpffs \"$@\"; }\n", "systemctl() { ", xsw,
                      "-bridge --bpffs /run/bpffs >/dev/null 2>&1 & }\nh=", host, "\n");
}

constexpr char kMounts[] =
    "mount -t tmpfs tmpfs /run\nmkdir -p /run/netns /run/bpffs /run/frr\n"
    "mount -t bpf bpf /run/bpffs\nmount -t tmpfs tmpfs /etc/frr\n";

std::string ContainerLines(int host) {
  std::string lines;
  for (int container = 1; container <= (host == 2 ? 1 : 2); container++)
    absl::StrAppend(&lines, "c=", container, "\n", FabricBlock("sh container"));
  return lines;
}

std::string FrrLines(int host) {
  return absl::StrCat("cat >/etc/frr/frr.conf <<EOF\n", FrrConf(FabricBlock("frr"), host),
                      "EOF\ntouch /etc/frr/vtysh.conf\nchown -R frr:frr /etc/frr /run/frr\n"
                      "/usr/lib/frr/zebra -d -A 127.0.0.1 -P 0 -f /etc/frr/frr.conf\n"
                      "/usr/lib/frr/bgpd -d -A 127.0.0.1 -P 0 -f /etc/frr/frr.conf\n");
}

std::string SpineLines() {
  std::string lines = "ip link set lo up\necho 1 >/proc/sys/net/ipv4/ip_forward\n";
  for (int host = 1; host <= kFabricHosts; host++)
    absl::StrAppend(&lines, "ip link add leaf", host, " type veth peer name eth0 netns ",
                    FabricNetns(host), "\nip addr add 10.0.", host, ".1/24 dev leaf", host,
                    "\nip link set leaf", host, " up\n");
  return lines;
}

// The network below is there before the host's programs start.
std::string HostLines(int host) {
  return absl::StrCat(Prelude(host), kMounts, "ip link set lo up\nip link set eth0 up\n",
                      "ip addr add 10.0.", host,
                      ".2/24 dev eth0\nip route add 10.0.0.0/16 via 10.0.", host, ".1\n",
                      FabricBlock("sh host"), FrrLines(host), ContainerLines(host), "echo ", kUp,
                      "\nexec sleep infinity >/dev/null 2>&1\n");
}

std::vector<std::string> InNetnsOf(const std::string& name, const std::vector<std::string>& argv) {
  std::vector<std::string> words = {"nsenter", absl::StrCat("--net=", kNetnsDir, "/", name)};
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

absl::Status RunSpine(const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(FabricShell shell,
                       FabricShell::Start(InNetnsOf(kSpine, {"sh", "-ec", SpineLines()}), true));
  return shell.Read(signals, kUpMs).status();
}

absl::Status StartHost(int host, bool keep, const HeldSignals& signals) {
  const std::vector<std::string> argv =
      InNetnsOf(FabricNetns(host), {"unshare", "--mount", "--pid", "--fork", "--kill-child",
                                    "--mount-proc", "sh", "-ec", HostLines(host)});
  XSW_ASSIGN_OR_RETURN(FabricShell shell, FabricShell::Start(argv, !keep));
  XSW_ASSIGN_OR_RETURN(const std::string said, shell.Read(signals, kUpMs, kUp));
  return absl::StrContains(said, kUp) ? absl::OkStatus()
                                      : absl::InternalError(absl::StrCat("demo: ", said));
}

// Whether it is PID 1 of a PID namespace below ours, and in that network namespace.
bool IsInit(const std::string& pid, const Fd& netns) {
  const Fd its(open(absl::StrCat("/proc/", pid, "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
  if (!its || !SameNetns(its, netns)) return false;
  std::ifstream status("/proc/" + pid + "/status");
  for (std::string line; std::getline(status, line);)
    if (absl::StartsWith(line, "NSpid:")) return absl::EndsWith(line, "\t1");
  return false;
}

}  // namespace

std::string FabricNetns(int host) { return absl::StrCat("xsw-demo-h", host); }

absl::Status CheckFabric() {
  for (const char* daemon : {"/usr/lib/frr/zebra", "/usr/lib/frr/bgpd", "/usr/bin/vtysh"})
    if (access(daemon, X_OK))
      return absl::FailedPreconditionError(
          "demo fabric: FRR is not installed here (on Debian: apt install frr)");
  return absl::OkStatus();
}

absl::StatusOr<pid_t> FabricInit(int host) {
  XSW_ASSIGN_OR_RETURN(const Fd netns, OpenNetns(FabricNetns(host)));
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(opendir("/proc"), closedir);
  while (const dirent* entry = proc ? readdir(proc.get()) : nullptr) {
    pid_t pid = 0;
    if (absl::SimpleAtoi(entry->d_name, &pid) && IsInit(entry->d_name, netns)) return pid;
  }
  return absl::NotFoundError(absl::StrCat(FabricNetns(host), " does not run"));
}

absl::Status MakeFabric(bool keep, const HeldSignals& signals) {
  XSW_RETURN_IF_ERROR(MakeNetnsDir());
  XSW_RETURN_IF_ERROR(MakeNetns(absl::StrCat(kNetnsDir, "/", kSpine)));
  for (int host = 1; host <= kFabricHosts; host++)
    XSW_RETURN_IF_ERROR(MakeNetns(absl::StrCat(kNetnsDir, "/", FabricNetns(host))));
  XSW_RETURN_IF_ERROR(RunSpine(signals));
  for (int host = 1; host <= kFabricHosts; host++)
    XSW_RETURN_IF_ERROR(StartHost(host, keep, signals));
  return absl::OkStatus();
}

absl::Status RemoveFabric() {
  absl::Status status;
  for (int host = 1; host <= kFabricHosts; host++) {
    const absl::StatusOr<pid_t> init = FabricInit(host);
    if (init.ok()) kill(*init, SIGKILL);
    status.Update(RemoveNetns(absl::StrCat(kNetnsDir, "/", FabricNetns(host))));
  }
  status.Update(RemoveNetns(absl::StrCat(kNetnsDir, "/", kSpine)));
  return status;
}

absl::StatusOr<std::string> OnFabricHost(int host, const std::string& lines,
                                         const HeldSignals& signals) {
  XSW_ASSIGN_OR_RETURN(const pid_t init, FabricInit(host));
  XSW_ASSIGN_OR_RETURN(FabricShell shell,
                       FabricShell::Start({"nsenter", "-m", "-p", "-n", "-t", absl::StrCat(init),
                                           "sh", "-ec", Prelude(host) + lines},
                                          true));
  return shell.Read(signals, kUpMs);
}

std::string FabricRemoveCommand() {
  return absl::StrCat(
      "for n in h1 h2 h3; do kill -9 $(ip netns pids xsw-demo-$n) 2>/dev/null; "
      "ip netns del xsw-demo-$n; done; ip netns del ",
      kSpine);
}

}  // namespace xsw
