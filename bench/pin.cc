// SPDX-License-Identifier: Apache-2.0
#include "bench/pin.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {

absl::StatusOr<std::string> PinsOf(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(EswitchDir dir, EswitchDir::Of(nl, kBpffs, "up0"));
  return dir.state();
}

absl::StatusOr<Fd> OpenPin(const World& world, const std::string& name) {
  XSW_ASSIGN_OR_RETURN(std::string pins, PinsOf(world));
  const std::string path = absl::StrCat(pins, "/", name);
  Fd pin(bpf_obj_get(path.c_str()));
  if (!pin) return ErrnoStatus(errno, absl::StrCat("open ", path));
  return pin;
}

}  // namespace xsw::bench
