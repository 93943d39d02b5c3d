// SPDX-License-Identifier: Apache-2.0
#include "bench/control.h"

#include <functional>

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

}  // namespace

absl::StatusOr<std::unique_ptr<Control>> Control::Make() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("control"));
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0"}).status());
  return std::unique_ptr<Control>(new Control(std::move(world)));
}

// What the kernel alone takes for a pair of netdevs with one end in the container.
absl::StatusOr<Measured> Control::AddVeth() {
  return Milliseconds([&] {
    return Run({"ip", "-n", world_.NetnsName(kHost), "link", "add",
                absl::StrCat("plain", ++number_), "type", "veth", "peer", "name",
                absl::StrCat("v", number_), "netns", world_.NetnsName(kPort2)});
  });
}

absl::StatusOr<Measured> Control::AddPort() {
  return Milliseconds([&] {
    return Xsw(world_.NetnsName(kHost),
               {"port", "add", "up0", "netns", world_.NetnsName(kPort1), "ifname",
                absl::StrCat("p", ++number_), "state", "active"});
  });
}

absl::StatusOr<Measured> Control::ShowPorts() {
  return Milliseconds([&] { return Xsw(world_.NetnsName(kHost), {"port", "show", "-s", "-j"}); });
}

std::vector<Workload> Control::Commands(int ports, int shows) {
  return {{.id = "port_add",
           .title = "command, port add",
           .unit = "ms",
           .rounds = ports - 1,
           .seconds = 0.1,
           .baselines = {kVethAdd},
           .cells = {{kVethAdd, [this] { return AddVeth(); }},
                     {kPortAdd, [this] { return AddPort(); }}}},
          {.id = "port_show",
           .title = absl::StrCat("command, port show with ", ports, " ports"),
           .unit = "ms",
           .rounds = shows,
           .seconds = 0.02,
           .baselines = {},
           .cells = {{kPortShow, [this] { return ShowPorts(); }}}}};
}

}  // namespace xsw::bench
