// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/place.h"

#include <fcntl.h>

#include <cerrno>

#include "switchdev_model/ports/representor.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::StatusOr<Fd> Duplicate(const Fd& fd) {
  Fd copy(fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return ErrnoStatus(errno, "open the eswitch's private namespace");
  return copy;
}

// A number outlives its process, and a name may be that of the next container's: where one
// namespace is meant and no later one, the cookie says which.
absl::StatusOr<Fd> OpenWanted(const xsw_port_conf& conf) {
  XSW_ASSIGN_OR_RETURN(Fd netns, OpenCanonicalNetns(conf.netns));
  if (!IsPid(conf.netns) && !conf.netns_cookie) return netns;
  XSW_ASSIGN_OR_RETURN(const uint64_t cookie, NetnsCookieOf(netns));
  if (cookie == conf.netns_cookie) return netns;
  return absl::NotFoundError(
      absl::StrCat("network namespace ", conf.netns,
                   " is not the one that was meant: that one has ended, and another one has its ",
                   "name or number (say netns NAME or PID again)"));
}

// Into the private namespace, where the name is free for sure.
absl::Status Park(Eswitch& eswitch, uint32_t port, const Fd& from, const std::string& what) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_ASSIGN_OR_RETURN(Link representor, RepresentorOf(eswitch, port));
  return ChangeLinkIn(from, representor.peer, {.name = parked.ifname, .netns = &parked.netns},
                      absl::StrCat(what, ": park its function"));
}

// Out of it. The kernel moves first and renames then, and would leave a moved netdev behind when
// the name is taken there; so renamed here first, under the lock, the move succeeds whole or not at
// all.
absl::Status Unpark(Eswitch& eswitch, uint32_t port, const FunctionPlace& to,
                    const std::string& what) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_ASSIGN_OR_RETURN(Link representor, RepresentorOf(eswitch, port));
  const int peer = representor.peer;
  XSW_RETURN_IF_ERROR(ChangeLinkIn(parked.netns, peer, {.name = to.ifname},
                                   absl::StrCat(what, ": name its function ", to.ifname)));
  absl::Status status = ChangeLinkIn(parked.netns, peer, {.netns = &to.netns},
                                     absl::StrCat(what, ": move its function ", to.ifname));
  // A function that keeps the wrong name gets the wanted one with its next move, here or on its way
  // out.
  if (!status.ok()) ChangeLinkIn(parked.netns, peer, {.name = parked.ifname}, what).IgnoreError();
  return status;
}

// Nothing that we can open holds its namespace, so it cannot be moved out of it.
absl::Status MakeAnew(Eswitch& eswitch, uint32_t port, const FunctionPlace& to) {
  XSW_RETURN_IF_ERROR(RemoveRepresentor(eswitch, port));
  return MakeRepresentor(eswitch, port, to);
}

absl::Status Move(Eswitch& eswitch, uint32_t port, const FunctionPlace& to,
                  const std::string& what) {
  XSW_ASSIGN_OR_RETURN(Link representor, RepresentorOf(eswitch, port));
  XSW_ASSIGN_OR_RETURN(Link function, GetFunction(eswitch.nl(), representor));
  absl::StatusOr<Fd> from = CurrentNetns(eswitch, port, representor);
  if (!from.ok()) return MakeAnew(eswitch, port, to);
  const bool stays = SameNetns(*from, to.netns);
  if (stays && function.name == to.ifname) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(CheckNameFree(to, what));
  if (stays)
    return ChangeLinkIn(*from, representor.peer, {.name = to.ifname},
                        absl::StrCat(what, ": name its function ", to.ifname));
  if (!SameNetns(*from, eswitch.parked())) XSW_RETURN_IF_ERROR(Park(eswitch, port, *from, what));
  if (SameNetns(to.netns, eswitch.parked())) return absl::OkStatus();
  absl::Status status = Unpark(eswitch, port, to, what);
  if (status.ok() || SameNetns(*from, eswitch.parked())) return status;
  // A function that cannot go back stays parked, and the next command brings it home.
  Unpark(eswitch, port, {.netns = *std::move(from), .ifname = function.name}, what).IgnoreError();
  return status;
}

}  // namespace

absl::StatusOr<FunctionPlace> NamedPlace(const xsw_port_conf& conf) {
  FunctionPlace place{.ifname = conf.function};
  XSW_ASSIGN_OR_RETURN(place.netns, OpenWanted(conf));
  XSW_ASSIGN_OR_RETURN(Fd here, OpenCurrentNetns());
  place.peer = !SameNetns(place.netns, here);
  return place;
}

absl::StatusOr<FunctionPlace> ParkedPlace(Eswitch& eswitch, uint32_t port) {
  FunctionPlace place{.ifname = absl::StrCat("xsw", port), .peer = true};
  XSW_ASSIGN_OR_RETURN(place.netns, Duplicate(eswitch.parked()));
  return place;
}

absl::Status CheckNameFree(const FunctionPlace& place, const std::string& what) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::OpenIn(place.netns));
  if (!GetLink(nl, place.ifname).ok()) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(what, ": name ", place.ifname,
                   " is taken in the namespace of its function: say ifname NAME"));
}

std::optional<int> ParkedId(Eswitch& eswitch) { return NetnsId(eswitch.nl(), eswitch.parked()); }

bool IsParked(const Link& representor, std::optional<int> parked_id) {
  return representor.peer_netns && representor.peer_netns == parked_id;
}

absl::StatusOr<Fd> CurrentNetns(Eswitch& eswitch, uint32_t port, const Link& representor) {
  if (IsParked(representor, ParkedId(eswitch))) return Duplicate(eswitch.parked());
  // The private namespace of a queues port has no name and no process.
  absl::StatusOr<Fd> own = OpenNetnsPath(eswitch.PortNetns(port));
  if (own.ok() && NetnsId(eswitch.nl(), *own) == representor.peer_netns) return own;
  return FunctionNetns(eswitch.nl(), representor);
}

absl::Status CheckMove(Eswitch& eswitch, uint32_t port, const Link& representor,
                       const FunctionPlace& to, const std::string& what) {
  absl::StatusOr<Fd> from = CurrentNetns(eswitch, port, representor);
  absl::StatusOr<Link> function = GetFunction(eswitch.nl(), representor);
  const bool is_there =
      from.ok() && function.ok() && SameNetns(*from, to.netns) && function->name == to.ifname;
  return is_there ? absl::OkStatus() : CheckNameFree(to, what);
}

absl::Status MoveFunction(Eswitch& eswitch, uint32_t port, const FunctionPlace& to,
                          const std::string& what) {
  absl::Status status = Move(eswitch, port, to, what);
  absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
  if (representor.ok())
    eswitch.datapath().confs()[port].nsid = representor->peer_netns.value_or(-1);
  return status;
}

}  // namespace xsw
