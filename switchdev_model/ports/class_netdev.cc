// SPDX-License-Identifier: Apache-2.0
// Class netdev: the function is a netdev in a namespace of its user's choice.
#include "switchdev_model/ports/function.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/words.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

xsw_port_conf& ConfOf(Eswitch& eswitch, uint32_t port) { return eswitch.datapath().confs()[port]; }

bool IsOpen(Eswitch& eswitch, uint32_t port) {
  return eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
}

// One that was parked without its namespace was no target.
absl::Status SetTarget(Eswitch& eswitch, uint32_t port, Undo& undo) {
  Datapath& datapath = eswitch.datapath();
  XSW_ASSIGN_OR_RETURN(const int there, datapath.Target(port));
  if (there) return absl::OkStatus();
  // One that stays a target is inactive or where it was: its frames are dropped for that reason
  // then.
  undo.Add([&datapath, port] { datapath.ClearTarget(port).IgnoreError(); });
  return datapath.SetRepresentor(port, static_cast<int>(ConfOf(eswitch, port).ifindex));
}

// Its namespace is gone: an active port's frames are dropped as detached, not lost at a netdev that
// is down.
absl::Status MakeParked(Eswitch& eswitch, uint32_t port) {
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  XSW_RETURN_IF_ERROR(MakeRepresentor(eswitch, port, parked));
  if (!ConfOf(eswitch, port).active) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(eswitch.datapath().ClearTarget(port));
  OpenPort(eswitch, port, parked.peer);
  return absl::OkStatus();
}

// An active port that waits for its namespace goes there as soon as there is one of that name; one
// whose move was cut off arrives.
void BringHome(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = ConfOf(eswitch, port);
  absl::StatusOr<FunctionPlace> place = NamedPlace(conf);
  if (!place.ok() || !MoveFunction(eswitch, port, *place, conf.representor).ok()) return;
  if (eswitch.datapath().SetRepresentor(port, static_cast<int>(conf.ifindex)).ok())
    OpenPort(eswitch, port, place->peer);
}

// What `state inactive` has begun.
absl::Status FinishParking(Eswitch& eswitch, uint32_t port) {
  ClosePort(eswitch, port);
  XSW_ASSIGN_OR_RETURN(FunctionPlace parked, ParkedPlace(eswitch, port));
  return MoveFunction(eswitch, port, parked, ConfOf(eswitch, port).representor);
}

// The name of the namespace into which its user has moved a function by hand; none: it has no name.
std::optional<std::string> NetnsName(Eswitch& eswitch, std::optional<int> nsid) {
  if (!nsid) return "";
  for (const std::string& name : NetnsNames()) {
    absl::StatusOr<Fd> netns = OpenNetns(name);
    if (netns.ok() && NetnsId(eswitch.nl(), *netns) == nsid) return name;
  }
  return std::nullopt;
}

void SyncNamespace(Eswitch& eswitch, xsw_port_conf& conf, std::optional<int> nsid) {
  if (conf.nsid == nsid.value_or(-1)) return;
  conf.nsid = nsid.value_or(-1);
  if (std::optional<std::string> name = NetnsName(eswitch, nsid)) CopyName(*name, conf.netns);
}

class Netdev : public PortClass {
 public:
  constexpr Netdev() : PortClass({.flags = 0, .xdp = nullptr, .parks = true, .has_stack = true}) {}

  absl::Status CheckWords(const FunctionChange& change, const std::string& what) const override {
    if (!change.queues && !change.program && !change.owner && !change.memory_max)
      return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": queues, program, owner and memory_max are for class queues"));
  }

  absl::Status CheckChange(Eswitch& eswitch, uint32_t port, const Link& representor,
                           const FunctionChange& change, const std::string& what) const override {
    if (!change.active && !change.netns && !change.ifname) return absl::OkStatus();
    XSW_ASSIGN_OR_RETURN(xsw_port_conf conf, ConfAfter(change, ConfOf(eswitch, port)));
    absl::StatusOr<FunctionPlace> place = PlaceAfter(eswitch, port, conf, what);
    if (Waits(change, place.status())) return absl::OkStatus();
    if (!place.ok()) return place.status();
    return CheckMove(eswitch, port, representor, *place, what);
  }

  absl::StatusOr<std::optional<FunctionPlace>> PlaceBy(Eswitch& eswitch, uint32_t port,
                                                       const xsw_port_conf& conf) const override {
    return conf.active ? NamedPlace(conf) : ParkedPlace(eswitch, port);
  }

  absl::StatusOr<FunctionPlace> MakePlace(Eswitch& eswitch, uint32_t port) const override {
    XSW_ASSIGN_OR_RETURN(auto place, PlaceBy(eswitch, port, ConfOf(eswitch, port)));
    return *std::move(place);
  }

  absl::StatusOr<Link> MakePair(Eswitch& eswitch, uint32_t, const NetdevPair& pair,
                                const Fd& netns) const override {
    return MakeNetdevPair(eswitch.nl(), pair, netns);
  }
  absl::Status Start(Eswitch&, uint32_t, const Fd&) const override { return absl::OkStatus(); }
  absl::Status Finish(Eswitch&, uint32_t) const override { return absl::OkStatus(); }
  absl::Status Stop(Eswitch&, uint32_t) const override { return absl::OkStatus(); }

  absl::Status Arrange(Eswitch& eswitch, uint32_t port, const FunctionChange& change,
                       const std::string& what, Undo& undo) const override;
  absl::Status ShutOut(Eswitch&, uint32_t) const override { return absl::OkStatus(); }

  // The wanted namespace may not be there, or its name taken; the parking place is ours alone.
  absl::Status Remake(Eswitch& eswitch, uint32_t port) const override {
    if (ConfOf(eswitch, port).active && MakeInPlace(eswitch, port).ok()) return absl::OkStatus();
    return MakeParked(eswitch, port);
  }

  void Sync(Eswitch& eswitch, uint32_t port, const Link& representor,
            std::optional<int> parked_nsid) const override;

  void Describe(const xsw_port_conf&, const Link*, PortInfo*) const override {}

 private:
  absl::StatusOr<FunctionPlace> PlaceAfter(Eswitch& eswitch, uint32_t port,
                                           const xsw_port_conf& conf,
                                           const std::string& what) const {
    absl::StatusOr<std::optional<FunctionPlace>> place = PlaceBy(eswitch, port, conf);
    if (place.ok()) return **std::move(place);
    return absl::Status(place.status().code(), absl::StrCat(what, ": ", place.status().message()));
  }
};

absl::Status Netdev::Arrange(Eswitch& eswitch, uint32_t port, const FunctionChange& change,
                             const std::string& what, Undo& undo) const {
  const xsw_port_conf& conf = ConfOf(eswitch, port);
  absl::StatusOr<FunctionPlace> place = PlaceAfter(eswitch, port, conf, what);
  const bool waits = Waits(change, place.status());
  if (waits) place = ParkedPlace(eswitch, port);
  if (!place.ok()) return place.status();
  // Closed while it moves: what arrives then is counted as for an inactive port, not lost in
  // silence.
  if (IsOpen(eswitch, port) && (!conf.active || change.netns)) {
    const bool peer = eswitch.datapath().ports()[port].flags & XSW_PORT_PEER;
    ClosePort(eswitch, port);
    undo.Add([&eswitch, port, peer] { OpenPort(eswitch, port, peer); });
  }
  XSW_RETURN_IF_ERROR(SetTarget(eswitch, port, undo));
  XSW_RETURN_IF_ERROR(MoveFunction(eswitch, port, *place, what));
  if (waits) XSW_RETURN_IF_ERROR(eswitch.datapath().ClearTarget(port));
  if (conf.active) OpenPort(eswitch, port, place->peer);
  return absl::OkStatus();
}

void Netdev::Sync(Eswitch& eswitch, uint32_t port, const Link& representor,
                  std::optional<int> parked_nsid) const {
  xsw_port_conf& conf = ConfOf(eswitch, port);
  const bool parked = IsParked(representor, parked_nsid);
  if (!conf.active) {
    // One that stays where it is is shown so, and the next command tries again.
    if (IsOpen(eswitch, port) || !parked) FinishParking(eswitch, port).IgnoreError();
    return;
  }
  if (parked || !IsOpen(eswitch, port)) return BringHome(eswitch, port);
  SyncNamespace(eswitch, conf, representor.peer_netns);
  const bool peer = representor.peer_netns.has_value();
  const bool was_peer = eswitch.datapath().ports()[port].flags & XSW_PORT_PEER;
  if (peer != was_peer) OpenPort(eswitch, port, peer);
}

}  // namespace

const PortClass& NetdevClass() {
  static const Netdev netdev;
  return netdev;
}

}  // namespace xsw
