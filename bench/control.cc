// SPDX-License-Identifier: Apache-2.0
#include "bench/control.h"

#include <fstream>
#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/command.h"
#include "bench/cpu.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

// Pinned like everything else, so that load elsewhere on the machine matters little.
absl::StatusOr<Measured> Milliseconds(const std::function<absl::StatusOr<double>()>& command) {
  PinnedTo pinned(LoadCpu());
  absl::StatusOr<double> seconds = command();
  if (!seconds.ok()) return seconds.status();
  return Measured{.value = *seconds * 1e3};
}

std::string Ordinal(int n) { return absl::StrCat(n, n % 10 == 1 ? "st" : "th"); }

std::string NameOfNth(int nth) {
  return absl::StrCat("xsw port add ... state active, the ", Ordinal(nth));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Control>> Control::Make(const std::vector<int>& sizes) {
  auto self = std::make_unique<Control>();
  for (int nth : sizes) XSW_RETURN_IF_ERROR(self->Add(nth));
  return self;
}

absl::Status Control::Add(int nth) {
  XSW_ASSIGN_OR_RETURN(World world, World::Make(absl::StrCat("control", nth)));
  const std::string path = "/run/control.batch";
  std::ofstream batch(path, std::ios::trunc);
  batch << "eswitch add up0\n";
  for (int port = 1; port < nth; port++)
    batch << "port add up0 sfnum " << port << " netns " << world.NetnsName(kPort1) << " ifname p"
          << port << " state active\n";
  batch.close();
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"-b", path}).status());
  lanes_.push_back(std::make_unique<Lane>(nth, std::move(world)));
  return absl::OkStatus();
}

// What the kernel alone takes for a pair of netdevs with one end in the container.
absl::StatusOr<Measured> Control::AddVeth() {
  const World& world = lanes_[0]->world;
  XSW_ASSIGN_OR_RETURN(
      Measured measured, Milliseconds([&] {
        return Run({"ip", "-n", world.NetnsName(kHost), "link", "add", "plain", "type", "veth",
                    "peer", "name", "plainend", "netns", world.NetnsName(kPort2)});
      }));
  XSW_RETURN_IF_ERROR(Run({"ip", "-n", world.NetnsName(kHost), "link", "del", "plain"}).status());
  return measured;
}

absl::StatusOr<Measured> Control::AddPort(const Lane& lane) {
  const std::string host = lane.world.NetnsName(kHost);
  XSW_ASSIGN_OR_RETURN(
      Measured measured, Milliseconds([&] {
        return Xsw(host, {"port", "add", "up0", "sfnum", absl::StrCat(lane.nth), "netns",
                          lane.world.NetnsName(kPort1), "ifname", "new", "state", "active"});
      }));
  XSW_RETURN_IF_ERROR(Xsw(host, {"port", "del", absl::StrCat("up0/", lane.nth)}).status());
  return measured;
}

Workload Control::AddPorts(int rounds) {
  Workload workload{.id = "port_add",
                    .title = "command, port add",
                    .unit = "ms",
                    .rounds = rounds,
                    .seconds = 0.2,
                    .baselines = {kVethAdd, kFirstPort},
                    .cells = {{kVethAdd, [this] { return AddVeth(); }}}};
  for (const auto& lane : lanes_)
    workload.cells.push_back(
        {NameOfNth(lane->nth), [this, &lane = *lane] { return AddPort(lane); }});
  return workload;
}

Workload Control::Read(const std::string& id, const std::vector<std::string>& words, int rounds) {
  const Lane& lane = *lanes_.back();
  return {.id = id,
          .title = absl::StrCat("command, xsw ", absl::StrJoin(words, " ")),
          .unit = "ms",
          .rounds = rounds,
          .seconds = 0.1,
          .baselines = {},
          .cells = {{absl::StrCat(lane.nth - 1, " ports"), [&lane, words] {
                       return Milliseconds(
                           [&lane, &words] { return Xsw(lane.world.NetnsName(kHost), words); });
                     }}}};
}

}  // namespace xsw::bench
