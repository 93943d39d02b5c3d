// SPDX-License-Identifier: Apache-2.0
#include "tests/fabric/fabric.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>

#include "tools/xsw/demo/fabric_page.h"

namespace xsw::test {
namespace {

constexpr char kSpine[] = "spine";
// Long enough for a host to come up between others that are up already.
constexpr int kConvergeMs = 20000;

// What differs between a host of the page and one of ours: they share files, and have no systemd.
std::string Prelude(int host) {
  const std::string h = std::to_string(host);
  return "xsw() { " + std::string(XSW_BINARY) + " --bpffs " + kTestBpffs +
         " \"$@\"; }\nvtysh() { command vtysh -N h" + h + " \"$@\"; }\nsystemctl() { :; }\nh=" + h +
         "\n";
}

std::string NeededBlock(const std::string& name) {
  const std::string block = FabricBlock(name);
  if (block.empty()) Die("docs/fabric.md has no block " + name);
  return block;
}

std::unique_ptr<Process> StartDaemon(const std::string& daemon, int host) {
  const std::string name = HostName(host);
  return std::make_unique<Process>(Argv{"/usr/lib/frr/" + daemon, "-N", name, "-f",
                                        "/etc/frr/" + name + "/frr.conf", "-A", "127.0.0.1", "-P",
                                        "0", "--log", "file:/run/" + name + "." + daemon});
}

}  // namespace

Fabric::Fabric(int hosts, const std::string& block, const std::string& frr)
    : sandbox_({.ipv6 = true, .any_cpu = true}), hosts_(hosts) {
  if (access("/usr/lib/frr/bgpd", X_OK) != 0) Die("FRR is not installed: package frr");
  Must(mount("tmpfs", "/etc/frr", "tmpfs", 0, "mode=0755") == 0, "mount tmpfs on /etc/frr");
  sandbox_.AddNetns(kSpine);
  {
    InNetns in(kSpine);
    WriteFile("/proc/sys/net/ipv4/ip_forward", "1");
  }
  for (int host = 1; host <= hosts; host++) {
    Wire(host);
    Run(host, NeededBlock(block));
    const std::string dir = "/etc/frr/" + HostName(host), run = "/run/frr/" + HostName(host);
    MustRun("mkdir -p " + dir + " " + run);
    std::ofstream(dir + "/frr.conf") << FrrConf(NeededBlock(frr), host);
    std::ofstream(dir + "/vtysh.conf");
    MustRun("chown -R frr:frr /etc/frr /run/frr");
    StartProcesses(host);
  }
}

void Fabric::Wire(int host) {
  const std::string h = std::to_string(host);
  sandbox_.AddNetns(HostName(host));
  Ip(HostName(host), "link add eth0 type veth peer name leaf" + h + " netns " + kSpine +
                         "\nlink set eth0 up\naddr add " + HostIp(host) + "/24 dev eth0\n");
  Ip(kSpine, "addr add 10.0." + h + ".1/24 dev leaf" + h + "\nlink set leaf" + h + " up\n");
  Route(host);
}

void Fabric::Route(int host) {
  InNetns in(HostName(host));
  Topology::WaitForCarrier({"eth0"});
  MustRun("ip route replace 10.0.0.0/16 via 10.0." + std::to_string(host) + ".1");
}

void Fabric::StartProcesses(int host) {
  InNetns in(HostName(host));
  Host& it = hosts_[host - 1];
  it.follower = std::make_unique<Process>(Argv{XSW_BRIDGE_BINARY, "--bpffs", kTestBpffs});
  const std::string socket = "/run/frr/" + HostName(host) + "/zserv.api";
  unlink(socket.c_str());
  it.zebra = StartDaemon("zebra", host);
  if (!WaitFor([&] { return access(socket.c_str(), F_OK) == 0 || it.zebra->Done(); }, 20000) ||
      it.zebra->Done())
    Die("zebra does not start: " + it.zebra->Wait(0).err);
  it.bgpd = StartDaemon("bgpd", host);
}

void Fabric::Kill(int host) {
  Host& it = hosts_[host - 1];
  // First: a process that is killed closes its connections.
  Ip(HostName(host), "link set eth0 down\n");
  it.bgpd->Kill();
  it.zebra->Kill();
  it.follower->Kill();
}

void Fabric::Revive(int host) {
  Ip(HostName(host), "link set eth0 up\n");
  Route(host);
  StartProcesses(host);
}

void Fabric::AddContainer(int host, int number, const std::string& block, int vlan) {
  Run(host,
      "c=" + std::to_string(number) + "\nvlan=" + std::to_string(vlan) + "\n" + NeededBlock(block));
  InNetns in(HostName(host));
  Topology::WaitForCarrier({"eth0sf" + std::to_string(number)});
}

Result Fabric::Try(int host, const std::string& lines) const {
  InNetns in(HostName(host));
  return RunCommand(Argv{"sh", "-ec", Prelude(host) + lines});
}

std::string Fabric::Run(int host, const std::string& lines) const {
  const Result result = Try(host, lines);
  if (result.status != 0)
    ADD_FAILURE() << HostName(host) << ": status " << result.status << "\n"
                  << lines << "\n"
                  << result.err;
  return result.out;
}

Json Fabric::ShowPort(int host, int port) const {
  const std::string handle = "eth0/" + std::to_string(port);
  return Json::parse(Run(host, "xsw -j -s port show " + handle))["port"][handle];
}

bool Fabric::Converged(const std::string& vxlan) const {
  return WaitFor(
      [&] {
        for (int host = 1; host <= hosts(); host++) {
          const std::string fdb = Run(host, "bridge fdb show dev " + vxlan);
          for (int other = 1; other <= hosts(); other++)
            if (other != host &&
                fdb.find("00:00:00:00:00:00 dst " + HostIp(other)) == std::string::npos)
              return false;
        }
        return true;
      },
      kConvergeMs);
}

bool Fabric::Knows(int host, const Mac& mac, int where) const {
  const std::string entry = Text(mac) + " dst " + HostIp(where) + " self extern_learn";
  return WaitFor(
      [&] { return Run(host, "bridge fdb show dev vxlan100").find(entry) != std::string::npos; },
      kConvergeMs);
}

bool Fabric::Forgets(int host, const Mac& mac) const {
  const std::string entry = Text(mac) + " dst ";
  return WaitFor(
      [&] { return Run(host, "bridge fdb show dev vxlan100").find(entry) == std::string::npos; },
      kConvergeMs);
}

Endpoint In(int host, int number) {
  return {ContainerOf(host, number), "172.16.0." + std::to_string(host) + std::to_string(number)};
}
Endpoint In6(int host, int number) {
  return {ContainerOf(host, number), "fd16::" + std::to_string(host) + std::to_string(number)};
}

}  // namespace xsw::test
