// SPDX-License-Identifier: Apache-2.0
#include "userspace/queues_pair.h"

#include "absl/cleanup/cleanup.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/quiet.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// Made from inside the function's namespace: the kernel takes a chosen ifindex for the first end of
// a pair only. On error the whole pair is gone again.
absl::Status MakeIn(const Fd& netns, const NetdevPair& pair, const Fd& home, uint32_t queues,
                    int ifindex) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenIn(netns));
  absl::Status made = MakeVeth(
      nl, {.name = pair.function, .mac = pair.function_mac, .ifindex = ifindex, .queues = queues},
      {.name = pair.representor, .mac = pair.representor_mac, .netns = &home, .queues = queues},
      pair.mtu);
  absl::Cleanup remove = [&] { TakeBackPair(nl, made, pair.function, pair.function_mac); };
  XSW_RETURN_IF_ERROR(made);
  XSW_RETURN_IF_ERROR(InNetns(netns, [&] {
    XSW_RETURN_IF_ERROR(SetOffloadsOff(ifindex));
    return SetGro(ifindex, true);
  }));
  XSW_RETURN_IF_ERROR(SetUpQuietly(nl, ifindex, pair.function));
  std::move(remove).Cancel();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Link> MakeQueuesPair(Netlink& nl, const NetdevPair& pair, const Fd& netns,
                                    uint32_t queues, int function_ifindex) {
  XSW_ASSIGN_OR_RETURN(Fd home, OpenCurrentNetns());
  XSW_RETURN_IF_ERROR(MakeIn(netns, pair, home, queues, function_ifindex));
  absl::Cleanup remove = [&] {
    TakeBackPair(nl, absl::OkStatus(), pair.representor, pair.representor_mac);
  };
  XSW_ASSIGN_OR_RETURN(Link representor, GetLink(nl, pair.representor));
  XSW_RETURN_IF_ERROR(SetOffloadsOff(representor.ifindex));
  XSW_RETURN_IF_ERROR(AddAltName(nl, representor.ifindex, pair.altname));
  std::move(remove).Cancel();
  return representor;
}

}  // namespace xsw
