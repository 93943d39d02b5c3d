// SPDX-License-Identifier: Apache-2.0
#include "userspace/netdev.h"

#include <fcntl.h>

#include "absl/cleanup/cleanup.h"
#include "userspace/bpffs.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// The first of the paths that is the namespace nl knows by nsid.
Fd FindNetns(Netlink& nl, int nsid, const std::string& dir, const std::string& suffix) {
  for (const std::string& name : ListDir(dir)) {
    Fd fd(open(absl::StrCat(dir, "/", name, suffix).c_str(), O_RDONLY | O_CLOEXEC));
    if (fd && NetnsId(nl, fd) == nsid) return fd;
  }
  return Fd();
}

}  // namespace

absl::StatusOr<Link> MakeNetdevPair(Netlink& nl, const NetdevPair& pair, const Fd& netns) {
  absl::Status made =
      MakeVeth(nl, {.name = pair.representor, .mac = pair.representor_mac},
               {.name = pair.function, .mac = pair.function_mac, .netns = &netns}, pair.mtu);
  absl::Cleanup remove = [&] { TakeBackPair(nl, made, pair.representor, pair.representor_mac); };
  XSW_RETURN_IF_ERROR(made);
  XSW_ASSIGN_OR_RETURN(Link representor, GetLink(nl, pair.representor));
  XSW_RETURN_IF_ERROR(InNetns(netns, [&] { return SetGro(representor.peer, true); }));
  XSW_RETURN_IF_ERROR(AddAltName(nl, representor.ifindex, pair.altname));
  std::move(remove).Cancel();
  return representor;
}

void TakeBackPair(Netlink& nl, const absl::Status& made, const std::string& name, const Mac& mac) {
  if (!made.ok() && !absl::IsInternal(made)) return;  // the kernel's own no
  absl::StatusOr<Link> link = GetLink(nl, name);
  // No answer may also hide that somebody else has the name.
  if (!made.ok() && (!link.ok() || link->mac != mac)) return;
  // Whatever made it fail is what the user hears of.
  DeleteLink(nl, name, absl::StrCat("remove ", name)).IgnoreError();
}

absl::StatusOr<Link> GetFunction(Netlink& nl, const Link& representor) {
  absl::StatusOr<Link> function = GetLink(nl, representor.peer, representor.peer_netns);
  // EINVAL: the namespace's id is no longer one. It has ended since the representor was looked at.
  const bool gone = absl::IsNotFound(function.status()) ||
                    (representor.peer_netns && absl::IsInvalidArgument(function.status()));
  if (!gone) return function;
  return absl::NotFoundError(absl::StrCat("port of ", representor.name, ": its netdevs are gone"));
}

absl::StatusOr<Fd> FunctionNetns(Netlink& nl, const Link& representor) {
  if (!representor.peer_netns) return OpenCurrentNetns();
  if (Fd fd = FindNetns(nl, *representor.peer_netns, kNetnsDir, "")) return fd;
  if (Fd fd = FindNetns(nl, *representor.peer_netns, "/proc", "/ns/net")) return fd;
  return absl::NotFoundError(absl::StrCat("nothing that xsw can open holds the namespace of ",
                                          representor.name, "'s function"));
}

absl::Status ChangeLinkIn(const Fd& netns, int ifindex, const LinkChange& change,
                          const std::string& what) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenIn(netns));
  return ChangeLink(nl, ifindex, change, what);
}

}  // namespace xsw
