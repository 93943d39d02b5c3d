// SPDX-License-Identifier: Apache-2.0
// Open vSwitch's userspace datapath over AF_XDP, in the host namespace of a world.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/cpu.h"
#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr char kSchema[] = "/usr/share/openvswitch/vswitch.ovsschema";
constexpr double kStartSeconds = 15;

std::string DirOf(const World& world) { return "/run/" + world.name + "-ovs"; }
std::string DatabaseOf(const World& world) { return "unix:" + DirOf(world) + "/db.sock"; }

absl::Status WaitForFile(const std::string& path) {
  if (WaitUntil(kStartSeconds, [&] { return access(path.c_str(), F_OK) == 0; }))
    return absl::OkStatus();
  return absl::DeadlineExceededError(absl::StrCat("there is no ", path));
}

absl::Status Vsctl(const World& world, const std::vector<std::string>& words) {
  std::vector<std::string> command = {"ovs-vsctl", "--db=" + DatabaseOf(world), "--timeout=15"};
  command.insert(command.end(), words.begin(), words.end());
  return Run(command).status();
}

absl::Status StartDatabase(World& world) {
  const std::string dir = DirOf(world);
  if (mkdir(dir.c_str(), 0700)) return ErrnoStatus(errno, absl::StrCat("create ", dir));
  XSW_RETURN_IF_ERROR(Run({"ovsdb-tool", "create", dir + "/conf.db", kSchema}).status());
  XSW_ASSIGN_OR_RETURN(
      std::unique_ptr<Child> database,
      Child::Start({"ovsdb-server", dir + "/conf.db", "--remote=punix:" + dir + "/db.sock",
                    "--unixctl=" + dir + "/db.ctl", "-vconsole:off"},
                   {}, Child::Says::kNothing));
  world.daemons.push_back(std::move(database));
  return WaitForFile(dir + "/db.sock");
}

// Its polling thread gets the CPU that the generator does not use, as applications do.
absl::Status StartSwitch(World& world) {
  XSW_RETURN_IF_ERROR(Vsctl(world, {"--no-wait", "init"}));
  XSW_RETURN_IF_ERROR(
      Vsctl(world, {"--no-wait", "set", "Open_vSwitch", ".",
                    absl::StrCat("other_config:pmd-cpu-mask=0x", absl::Hex(1u << SenderCpu()))}));
  XSW_ASSIGN_OR_RETURN(std::unique_ptr<Child> daemon,
                       Child::Start({"ovs-vswitchd", DatabaseOf(world),
                                     "--unixctl=" + DirOf(world) + "/vs.ctl", "-vconsole:off"},
                                    {SenderCpu()}, Child::Says::kNothing));
  world.daemons.push_back(std::move(daemon));
  XSW_RETURN_IF_ERROR(WaitForFile(DirOf(world) + "/vs.ctl"));
  return Vsctl(world, {"add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev"});
}

absl::Status AddPort(const World& world, const std::string& netdev) {
  return Vsctl(world, {"add-port", "br0", netdev, "--", "set", "interface", netdev, "type=afxdp",
                       "options:n_rxq=1"});
}

}  // namespace

absl::Status BuildOvs(World& world) {
  XSW_RETURN_IF_ERROR(MakePlainPorts(world));
  XSW_RETURN_IF_ERROR(FinishFramesOutside(world));
  {
    XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(world.netns[kHost]));
    XSW_RETURN_IF_ERROR(StartDatabase(world));
    XSW_RETURN_IF_ERROR(StartSwitch(world));
    for (const char* netdev : {"up0", "rep1", "rep2"}) XSW_RETURN_IF_ERROR(AddPort(world, netdev));
  }
  for (Place port : {kPort1, kPort2}) {
    XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
    XSW_RETURN_IF_ERROR(Run({"ovs-appctl", "--target=" + DirOf(world) + "/vs.ctl", "fdb/add", "br0",
                             absl::StrCat("rep", port - kPort1 + 1), "0", FormatMac(MacOf(port))})
                            .status());
  }
  return absl::OkStatus();
}

}  // namespace xsw::bench
