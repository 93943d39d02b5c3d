// SPDX-License-Identifier: Apache-2.0
// Class queues: the function is a block of AF_XDP queues. Its netdev is in a namespace of the
// port's own, unless the user names one, and stays there, where its application holds its sockets.
#include <unistd.h>

#include "switchdev_model/ports/function.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/queue_block.h"
#include "switchdev_model/version/programs.h"
#include "userspace/attach.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/queues_pair.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kXsks[] = "xsks";

const xsw_port_conf& ConfOf(Eswitch& eswitch, uint32_t port) {
  return eswitch.datapath().confs()[port];
}

// The ifindex of the function end, in whatever namespace.
int FunctionIfindex(uint32_t port) { return static_cast<int>(XSW_QUEUES_IFINDEX + port); }

bool HasXskMap(const xsw_port_conf& conf) { return conf.program == XSW_PROGRAM_XSK; }

// By default buffers of the larger size for rings of libxswq's default length: 16 MiB a queue.
uint64_t MemoryMax(const xsw_port_conf& conf) {
  constexpr uint64_t kRing = 2048, kRings = 2, kBuffer = 4096;
  return conf.memory_max ? conf.memory_max : conf.queues * kRings * kRing * kBuffer;
}

absl::Status Attach(Eswitch& eswitch, uint32_t port, const std::string& name, int ifindex) {
  XSW_ASSIGN_OR_RETURN(Fd program, ProgramToAttach(eswitch, name));
  absl::Status status =
      AttachXdp(program.get(), ifindex, eswitch.PortPin(port, name),
                absl::StrCat("attach ", name, " to port of ", ConfOf(eswitch, port).representor));
  if (!absl::IsOutOfRange(status)) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), ": say a smaller mtu"));
}

// The namespace of a port that the user gave none: made if it is not there.
absl::StatusOr<Fd> OwnNetns(Eswitch& eswitch, uint32_t port) {
  const std::string path = eswitch.PortNetns(port);
  if (access(path.c_str(), F_OK)) XSW_RETURN_IF_ERROR(MakeNetns(path));
  return OpenNetnsPath(path);
}

void OpenOrClose(Eswitch& eswitch, uint32_t port) {
  ConfOf(eswitch, port).active ? OpenPort(eswitch, port, false) : ClosePort(eswitch, port);
}

class Queues : public PortClass {
 public:
  constexpr Queues()
      : PortClass({.flags = XSW_PORT_QUEUES, .xdp = kPortXdp, .parks = false, .has_stack = false}) {
  }

  absl::Status CheckWords(const FunctionChange& change, const std::string& what) const override {
    if (!change.queues || (*change.queues >= 1 && *change.queues <= XSW_MAX_QUEUES))
      return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": queues ", *change.queues, " is not within 1 to ", XSW_MAX_QUEUES));
  }

  absl::Status CheckChange(Eswitch&, uint32_t, const Link&, const FunctionChange& change,
                           const std::string& what) const override {
    if (!change.netns && !change.ifname) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": class queues has its netns and ifname from port add"));
  }

  absl::StatusOr<std::optional<FunctionPlace>> PlaceBy(Eswitch&, uint32_t,
                                                       const xsw_port_conf& conf) const override {
    if (!*conf.netns) return std::nullopt;
    XSW_ASSIGN_OR_RETURN(FunctionPlace place, NamedPlace(conf));
    // redirect_peer skips the XDP program of the function end.
    place.peer = false;
    return place;
  }

  absl::StatusOr<FunctionPlace> MakePlace(Eswitch& eswitch, uint32_t port) const override {
    const xsw_port_conf& conf = ConfOf(eswitch, port);
    XSW_ASSIGN_OR_RETURN(std::optional<FunctionPlace> named, PlaceBy(eswitch, port, conf));
    if (named) return *std::move(named);
    FunctionPlace place{.ifname = conf.function};
    XSW_ASSIGN_OR_RETURN(place.netns, OwnNetns(eswitch, port));
    return place;
  }

  absl::StatusOr<Link> MakePair(Eswitch& eswitch, uint32_t port, const NetdevPair& pair,
                                const Fd& netns) const override {
    return MakeQueuesPair(eswitch.nl(), pair, netns, ConfOf(eswitch, port).queues,
                          FunctionIfindex(port));
  }

  absl::Status Start(Eswitch& eswitch, uint32_t port, const Fd& netns) const override {
    const xsw_port_conf& conf = ConfOf(eswitch, port);
    XSW_RETURN_IF_ERROR(Attach(eswitch, port, kPortXdp, static_cast<int>(conf.ifindex)));
    if (!HasXskMap(conf)) return absl::OkStatus();
    XSW_RETURN_IF_ERROR(eswitch.datapath().MakeXskMap(port, eswitch.PortPin(port, kXsks)));
    return InNetns(netns, [&] { return Attach(eswitch, port, kQueueRx, FunctionIfindex(port)); });
  }

  absl::Status Finish(Eswitch& eswitch, uint32_t port) const override {
    const xsw_port_conf& conf = ConfOf(eswitch, port);
    return SetThreadedNapi(conf.representor, static_cast<int>(conf.ifindex));
  }

  // Its namespace goes last: it holds the function end.
  absl::Status Stop(Eswitch& eswitch, uint32_t port) const override {
    absl::Status status = DetachLink(eswitch.PortPin(port, kPortXdp));
    status.Update(DetachLink(eswitch.PortPin(port, kQueueRx)));
    status.Update(eswitch.datapath().RemoveXskMap(port, eswitch.PortPin(port, kXsks)));
    status.Update(RemoveNetns(eswitch.PortNetns(port)));
    return status;
  }

  absl::Status Arrange(Eswitch& eswitch, uint32_t port, const FunctionChange&, const std::string&,
                       Undo& undo) const override {
    const bool was_open = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
    undo.Add([&eswitch, port, was_open] {
      was_open ? OpenPort(eswitch, port, false) : ClosePort(eswitch, port);
    });
    OpenOrClose(eswitch, port);
    return absl::OkStatus();
  }

  // Another XSKMAP in place of the port's: whoever has the old one, or has frozen it, has nothing
  // of the port any more, and sockets that are in it get no more frames. Killed in between:
  // Sync() goes on.
  absl::Status ShutOut(Eswitch& eswitch, uint32_t port) const override {
    if (!HasXskMap(ConfOf(eswitch, port))) return absl::OkStatus();
    return eswitch.datapath().MakeXskMap(port, eswitch.PortPin(port, kXsks));
  }

  absl::Status Remake(Eswitch& eswitch, uint32_t port) const override {
    // It has no other place than its own: where that fails the port stays detached, and the next
    // command tries again.
    MakeInPlace(eswitch, port).IgnoreError();
    return absl::OkStatus();
  }

  void Sync(Eswitch& eswitch, uint32_t port, const Link&, std::optional<int>) const override {
    const bool open = eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE;
    if (open != (ConfOf(eswitch, port).active != 0)) OpenOrClose(eswitch, port);
    if (!HasXskMap(ConfOf(eswitch, port))) return;
    // One that a killed command has half made, and that cannot be made now, the next command tries
    // again.
    eswitch.datapath().MendXskMap(port, eswitch.PortPin(port, kXsks)).IgnoreError();
  }

  void Describe(const xsw_port_conf& conf, const Link* function, PortInfo* info) const override {
    info->queues = {.number = conf.queues,
                    .program = static_cast<xsw_program>(conf.program),
                    .owner = {conf.owner_uid, conf.owner_gid},
                    .memory_max = MemoryMax(conf)};
    if (function) info->lost_at_socket = function->rx_dropped;
  }
};

}  // namespace

const PortClass& QueuesClass() {
  static const Queues queues;
  return queues;
}

std::optional<QueueBlock> ReadQueueBlock(Eswitch& eswitch, uint32_t port) {
  const xsw_port_conf& conf = ConfOf(eswitch, port);
  if (!conf.present || conf.port_class != XSW_CLASS_QUEUES || !HasXskMap(conf)) return std::nullopt;
  return QueueBlock{.uplink = eswitch.uplink().name,
                    .index = port,
                    .active = (eswitch.datapath().ports()[port].flags & XSW_PORT_ACTIVE) != 0,
                    .queues = conf.queues,
                    .function = conf.function,
                    .ifindex = FunctionIfindex(port),
                    .netns = conf.netns,
                    .netns_cookie = conf.netns_cookie,
                    .netns_path = eswitch.PortNetns(port),
                    .xsks_pin = eswitch.PortPin(port, kXsks),
                    .owner = {conf.owner_uid, conf.owner_gid},
                    .memory_max = MemoryMax(conf)};
}

}  // namespace xsw
