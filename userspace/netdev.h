// SPDX-License-Identifier: Apache-2.0
// Port class netdev: a veth pair, the representor here and the function end in the container.
//
// Library code over link.h: both ends stay plain netdevs that everybody may look at and use.
#ifndef XSW_USERSPACE_NETDEV_H_
#define XSW_USERSPACE_NETDEV_H_

#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/link.h"

namespace xsw {

struct NetdevPair {
  std::string representor;
  std::string altname;
  Mac representor_mac{};
  std::string function;
  Mac function_mac{};
  uint32_t mtu = 0;
};

// Makes the pair, the function end born in netns (a move costs more than the pair), down, GRO on.
// Returns the representor, up and quiet, in nl's namespace, which must be the caller's.
absl::StatusOr<Link> MakeNetdevPair(Netlink& nl, const NetdevPair& pair, const Fd& netns);

// Takes back a MakeVeth() whose status was made, by the name and address of its first end: what the
// kernel refused was not made, what it did not answer may have been.
void TakeBackPair(Netlink& nl, const absl::Status& made, const std::string& name, const Mac& mac);

// The function end of a representor, wherever it is. NotFound: the pair is gone.
absl::StatusOr<Link> GetFunction(Netlink& nl, const Link& representor);

// The namespace in which the function end is: the caller's, a named one, or some process's.
// NotFound: nothing that we can open holds it.
absl::StatusOr<Fd> FunctionNetns(Netlink& nl, const Link& representor);

// Change a netdev in another namespace.
absl::Status ChangeLinkIn(const Fd& netns, int ifindex, const LinkChange& change,
                          const std::string& what);

}  // namespace xsw

#endif  // XSW_USERSPACE_NETDEV_H_
