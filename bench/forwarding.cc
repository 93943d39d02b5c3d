// SPDX-License-Identifier: Apache-2.0
#include "bench/forwarding.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "bench/delivered.h"
#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/ethtool.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint64_t kCheckFrames = 1000;
// Packets that are not ours and may be seen beside them: a bridge joins 224.0.0.106, a stack
// 224.0.0.1.
constexpr uint64_t kChatter = 10;

// The netdev of a place outside the host.
const Netdev& EndOf(Place place) {
  static const Netdev ends[kPlaces] = {
      {kOut, "eth0"}, {kHost, ""}, {kPort1, "eth0"}, {kPort2, "eth0"}};
  return ends[place];
}

const char* NameOf(Place place) { return place == kOut ? "wire" : "netdev port"; }

bool HasVethPorts(const Contender& contender) {
  return contender.name == kXswStack || contender.name == kXswBridged || contender.name == kBridge;
}

// What bounds a switch that sends port 1's frames there.
const Contender& LimitTo(Place to) {
  static const Netdev port1 = {kPort1, "eth0"};
  static const auto build = [](const char* target, bool to_peer) {
    return [target, to_peer](const World& world) {
      XSW_RETURN_IF_ERROR(MakeGroPorts(world));
      return AttachFixedTc(world, "rep1", target, to_peer);
    };
  };
  static const Contender port = {kPeerLimit, "peer", build("rep2", true), port1, false, true};
  static const Contender wire = {kWireLimit, "wire", build("up0", false), port1, false, true};
  return to == kOut ? wire : port;
}

// NAPI on the host's end of port 1, which the generator's frames need.
absl::Status TakeFramesOfPort1(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns host, ScopedNetns::Enter(world.netns[kHost]));
  const int representor = IndexOf("up0sf1");
  return SetGro(representor ? representor : IndexOf("rep1"), true);
}

// IPv4 packets at every stack.
absl::StatusOr<std::array<uint64_t, kPlaces>> AtStacks(const World& world) {
  std::array<uint64_t, kPlaces> counts{};
  for (int place = 0; place < kPlaces; place++) {
    XSW_ASSIGN_OR_RETURN(Received received,
                         CountReceived(world, {static_cast<Place>(place), "eth0"}));
    counts[place] = received.at_stack;
  }
  return counts;
}

// A UDP socket that takes nothing: as small as the kernel allows, and nobody reads it.
absl::StatusOr<Fd> OpenFullSocket(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kPort1]));
  Fd sock(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int least = 1;
  sockaddr_in any = {};
  any.sin_family = AF_INET;
  any.sin_port = htons(kSinkPort);
  if (!sock || setsockopt(sock.get(), SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)) ||
      bind(sock.get(), reinterpret_cast<sockaddr*>(&any), sizeof(any)))
    return ErrnoStatus(errno, "open a UDP socket that is full");
  return sock;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Forwarding>> Forwarding::Make(Place from, Place to) {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  std::unique_ptr<Forwarding> self(new Forwarding(std::move(generator), std::move(sink), from, to));
  for (const Contender& contender : Contenders())
    if (from == kOut || HasVethPorts(contender)) XSW_RETURN_IF_ERROR(self->AddLane(contender));
  if (from != kOut) XSW_RETURN_IF_ERROR(self->AddLane(LimitTo(to)));
  return self;
}

absl::Status Forwarding::AddLane(const Contender& contender) {
  const std::string suffix = from_ == kOut ? "" : to_ == kOut ? "fw" : "fp";
  XSW_ASSIGN_OR_RETURN(World world, Build(contender, suffix, /*raw=*/true));
  if (from_ == kPort1) XSW_RETURN_IF_ERROR(TakeFramesOfPort1(world));
  for (Place place : {kOut, kPort1, kPort2})
    if (place != from_) XSW_RETURN_IF_ERROR(sink_.Attach(world, EndOf(place)));
  XSW_ASSIGN_OR_RETURN(Fd socket, OpenFullSocket(world));
  lanes_.push_back({&contender, std::move(world), std::move(socket)});
  return Patiently([&] { return Check(lanes_.back()); });
}

// A limit's is not where the frame is addressed to.
const Netdev& Forwarding::SinkOf(const Lane& lane) const {
  return from_ == kOut ? lane.contender->sink : EndOf(to_);
}

absl::Status Forwarding::Check(const Lane& lane) {
  const Awake awake(lane.world);
  const Netdev& sink = SinkOf(lane);
  const Netdev& other = EndOf(to_ == kPort2 ? kOut : kPort2);
  sink_.SetDrops(false);
  XSW_ASSIGN_OR_RETURN(auto stacks_before, AtStacks(lane.world));
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, sink));
  XSW_ASSIGN_OR_RETURN(Received other_before, CountReceived(lane.world, other));
  const std::vector<uint8_t> frame = MakeFrame(from_, to_, 64);
  for (uint64_t sent = 0; sent < kCheckFrames; sent += 50)
    XSW_RETURN_IF_ERROR(generator_.Send(lane.world, EndOf(from_), frame, 50).status());
  LetFramesArrive();
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, sink));
  XSW_ASSIGN_OR_RETURN(Received other_after, CountReceived(lane.world, other));
  XSW_ASSIGN_OR_RETURN(auto stacks_after, AtStacks(lane.world));
  std::string wrong;
  auto check = [&](uint64_t came, uint64_t due, const std::string& where) {
    if (came < due || came > due + kChatter)
      absl::StrAppend(&wrong, " ", came, " at ", where, " instead of ", due, ",");
  };
  check(after.frames - before.frames, kCheckFrames, sink.name);
  check(other_after.frames - other_before.frames, lane.contender->floods ? kCheckFrames : 0,
        lane.world.NetnsName(other.place));
  for (int place = 0; place < kPlaces; place++)
    check(stacks_after[place] - stacks_before[place],
          sink.place != kHost && place == sink.place ? kCheckFrames : 0,
          absl::StrCat("the stack of ", lane.world.NetnsName(static_cast<Place>(place))));
  if (wrong.empty()) return absl::OkStatus();
  wrong.pop_back();
  return absl::InternalError(
      absl::StrCat("self-check of ", lane.contender->name, ", ", kCheckFrames, " frames:", wrong));
}

// By the sink netdev's own counter, which Check() has held against the stack's.
absl::StatusOr<Measured> Forwarding::Measure(const Lane& lane, const std::vector<uint8_t>& frame,
                                             Fate fate, double seconds) {
  const Awake awake(lane.world);
  sink_.SetDrops(fate == Fate::kDropped);
  return MeasureDelivered(generator_, lane.world, EndOf(from_), SinkOf(lane), frame, seconds);
}

std::vector<Cell> Forwarding::Cells(size_t size, Fate fate, bool all, double seconds) {
  const std::vector<uint8_t> frame = MakeFrame(from_, to_, size);
  std::vector<Cell> cells;
  for (const Lane& lane : lanes_) {
    if ((lane.contender->limit || lane.contender->aside) && !all) continue;
    cells.push_back({lane.contender->name, [this, &lane, frame, fate, seconds] {
                       return Measure(lane, frame, fate, seconds);
                     }});
  }
  return cells;
}

Workload Forwarding::Frames(size_t size, bool all, int rounds, double seconds) {
  const char* const id = from_ == kOut ? "wire_port_" : to_ == kOut ? "port_wire_" : "port_port_";
  return {.id = absl::StrCat(id, size),
          .title = absl::StrCat(NameOf(from_), " -> ", NameOf(to_), ", ", size, " B"),
          .unit = "Mpps",
          .rounds = rounds,
          .seconds = seconds,
          .baselines = {kXswStack, kBridge, kMacvlan},
          .cells = Cells(size, Fate::kDropped, all, seconds)};
}

Workload Forwarding::Udp(size_t size, int rounds, double seconds) {
  return {.id = absl::StrCat("wire_port_udp_", size),
          .title = absl::StrCat("wire -> port's UDP socket, ", size, " B"),
          .unit = "Mpps",
          .rounds = rounds,
          .seconds = seconds,
          .baselines = {kBridge, kMacvlan},
          .cells = Cells(size, Fate::kToSocket, /*all=*/false, seconds)};
}

}  // namespace xsw::bench
