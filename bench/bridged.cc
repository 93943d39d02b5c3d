// SPDX-License-Identifier: Apache-2.0
// A contender: mode switchdev, the kernel's bridge over representors and uplink, and xsw-bridge,
// which has the eswitch do what the bridge has decided.
#include "bench/child.h"
#include "bench/command.h"
#include "bench/contender.h"
#include "bench/patience.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "switchdev_model/bridge/offload_info.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

absl::StatusOr<bool> IsOffloaded() {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(kBpffs, "up0"));
  XSW_ASSIGN_OR_RETURN(const OffloadInfo info, GetOffload(eswitch));
  bool offloaded = info.valid;
  for (const PortOffload& port : info.ports)
    offloaded = offloaded && port.aside.empty() && port.addresses > 0;
  return offloaded;
}

}  // namespace

absl::Status StartXswBridge(World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_ASSIGN_OR_RETURN(
      std::unique_ptr<Child> bridge,
      Child::Start({BuiltProgram("xsw-bridge"), "--bpffs", kBpffs}, {}, Child::Says::kNothing));
  world.followers.push_back(std::move(bridge));
  return absl::OkStatus();
}

absl::Status BuildXswBridged(World& world) {
  const std::string host = world.NetnsName(kHost);
  XSW_RETURN_IF_ERROR(Xsw(host, {"eswitch", "add", "up0", "mode", "switchdev"}).status());
  XSW_RETURN_IF_ERROR(AddXswPorts(world));
  XSW_RETURN_IF_ERROR(MakeBridge(world, {"up0sf1", "up0sf2"}));
  XSW_RETURN_IF_ERROR(StartXswBridge(world));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  if (WaitUntil(/*seconds=*/5, [] { return IsOffloaded().value_or(false); }))
    return absl::OkStatus();
  return absl::DeadlineExceededError("xsw-bridge does not offload the bridge");
}

}  // namespace xsw::bench
