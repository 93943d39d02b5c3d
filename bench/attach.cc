// SPDX-License-Identifier: Apache-2.0
#include "bench/attach.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "bench/clock.h"
#include "bench/command.h"
#include "bench/cpu.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::json;

constexpr char kDir[] = "/run/cni", kPlugins[] = "/usr/lib/cni";

// Addresses of the gateway's /24. Returns the file.
absl::StatusOr<std::string> WriteNetwork(const std::string& gateway, Json network) {
  const std::string net = gateway.substr(0, gateway.rfind('.'));
  network["cniVersion"] = "1.0.0";
  network["name"] = network["type"];
  network["ipam"] = {
      {"type", "host-local"}, {"dataDir", kDir}, {"subnet", net + ".0/24"}, {"gateway", gateway}};
  const std::string path = absl::StrCat(kDir, "/", net, ".json");
  std::ofstream file(path);
  if (file << network << std::flush) return path;
  return absl::InternalError(absl::StrCat("write ", path));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Attach>> Attach::Make() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("attach"));
  std::unique_ptr<Attach> self(new Attach(std::move(world)));
  const std::string host = self->world_.NetnsName(kHost);
  self->xsw_ = {BuiltProgram("xsw-cni"), "", "10.78.0.1"};
  self->bridge_ = {absl::StrCat(kPlugins, "/bridge"), "", "10.79.0.1"};
  XSW_RETURN_IF_ERROR(MakeDirs(kDir));
  XSW_ASSIGN_OR_RETURN(
      self->xsw_.file,
      WriteNetwork(self->xsw_.gateway, {{"type", "xsw"}, {"master", "up0"}, {"bpffs", kBpffs}}));
  XSW_ASSIGN_OR_RETURN(self->bridge_.file,
                       WriteNetwork(self->bridge_.gateway,
                                    {{"type", "bridge"}, {"bridge", "cni0"}, {"isGateway", true}}));
  XSW_RETURN_IF_ERROR(Xsw(host, {"eswitch", "add", "up0"}).status());
  XSW_RETURN_IF_ERROR(Ip(host, absl::StrCat("addr add ", self->xsw_.gateway, "/24 dev up0\n")));
  return self;
}

absl::Status Attach::Call(const Plugin& plugin, const char* command) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world_.netns[kHost]));
  return Run({"env", absl::StrCat("CNI_COMMAND=", command), "CNI_CONTAINERID=c1",
              absl::StrCat("CNI_NETNS=/run/netns/", world_.NetnsName(kPort1)), "CNI_IFNAME=eth0",
              absl::StrCat("CNI_PATH=", kPlugins), "sh", "-c", "exec \"$0\" <\"$1\" >/dev/null",
              plugin.program, plugin.file})
      .status();
}

absl::StatusOr<double> Attach::Once(const Plugin& plugin) {
  const double start = Now();
  XSW_RETURN_IF_ERROR(Call(plugin, "ADD"));
  {
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world_.netns[kPort1]));
    XSW_RETURN_IF_ERROR(Run({"ping", "-c", "1", "-W", "2", plugin.gateway}).status());
  }
  const double seconds = Now() - start;
  XSW_RETURN_IF_ERROR(Call(plugin, "DEL"));
  return seconds;
}

absl::StatusOr<Measured> Attach::Many(const Plugin& plugin, int count) {
  PinnedTo pinned(LoadCpu());
  std::vector<double> all;
  for (int i = 0; i < count; i++) {
    XSW_ASSIGN_OR_RETURN(const double seconds, Once(plugin));
    all.push_back(seconds * 1e3);
  }
  std::sort(all.begin(), all.end());
  return Measured{.value = all[all.size() / 2], .p99 = all[all.size() * 99 / 100]};
}

Workload Attach::Times(int rounds, int attachments) {
  return {.id = "cni_add",
          .title = "a container is attached, until its gateway answers",
          .unit = "ms",
          .rounds = rounds,
          .seconds = 0.3 * attachments,
          .baselines = {kBridgeCni},
          .cells = {{kXswCni, [=, this] { return Many(xsw_, attachments); }},
                    {kBridgeCni, [=, this] { return Many(bridge_, attachments); }}}};
}

}  // namespace xsw::bench
