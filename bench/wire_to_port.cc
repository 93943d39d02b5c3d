// SPDX-License-Identifier: Apache-2.0
#include "bench/wire_to_port.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint64_t kCheckFrames = 1000;
// Packets that are not ours and may be seen beside them: a bridge joins 224.0.0.106, a stack
// 224.0.0.1.
constexpr uint64_t kChatter = 10;

const Netdev& WireEnd() {
  static const Netdev netdev = {kOut, "eth0"};
  return netdev;
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

std::vector<uint8_t> FrameToPort1(size_t size) { return MakeFrame(kOut, kPort1, size); }

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

absl::StatusOr<std::unique_ptr<WireToPort>> WireToPort::Make() {
  XSW_ASSIGN_OR_RETURN(Generator generator, Generator::Load());
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  std::unique_ptr<WireToPort> self(new WireToPort(std::move(generator), std::move(sink)));
  for (const Contender& contender : Contenders()) XSW_RETURN_IF_ERROR(self->AddLane(contender));
  return self;
}

absl::Status WireToPort::AddLane(const Contender& contender) {
  XSW_ASSIGN_OR_RETURN(World world, Build(contender, "", /*raw=*/true));
  for (Place port : {kPort1, kPort2}) XSW_RETURN_IF_ERROR(sink_.Attach(world, {port, "eth0"}));
  XSW_ASSIGN_OR_RETURN(Fd socket, OpenFullSocket(world));
  lanes_.push_back({&contender, std::move(world), std::move(socket)});
  return Patiently([&] { return Check(lanes_.back()); });
}

absl::Status WireToPort::Check(const Lane& lane) {
  const Awake awake(lane.world);
  const Netdev& sink = lane.contender->sink;
  sink_.SetDrops(false);
  XSW_ASSIGN_OR_RETURN(auto stacks_before, AtStacks(lane.world));
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, sink));
  XSW_ASSIGN_OR_RETURN(Received other_before, CountReceived(lane.world, {kPort2, "eth0"}));
  const std::vector<uint8_t> frame = FrameToPort1(64);
  for (uint64_t sent = 0; sent < kCheckFrames; sent += 50)
    XSW_RETURN_IF_ERROR(generator_.Send(lane.world, WireEnd(), frame, 50).status());
  LetFramesArrive();
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, sink));
  XSW_ASSIGN_OR_RETURN(Received other_after, CountReceived(lane.world, {kPort2, "eth0"}));
  XSW_ASSIGN_OR_RETURN(auto stacks_after, AtStacks(lane.world));
  std::string wrong;
  auto check = [&](uint64_t came, uint64_t due, const std::string& where) {
    if (came < due || came > due + kChatter)
      absl::StrAppend(&wrong, " ", came, " at ", where, " instead of ", due, ",");
  };
  check(after.frames - before.frames, kCheckFrames, sink.name);
  check(other_after.frames - other_before.frames, lane.contender->floods ? kCheckFrames : 0,
        "port 2");
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
absl::StatusOr<Measured> WireToPort::Measure(const Lane& lane, const std::vector<uint8_t>& frame,
                                             Fate fate, double seconds) {
  const Awake awake(lane.world);
  const Netdev& sink = lane.contender->sink;
  sink_.SetDrops(fate == Fate::kDropped);
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, sink));
  XSW_ASSIGN_OR_RETURN(Sent sent, generator_.SendFor(lane.world, WireEnd(), frame, seconds));
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, sink));
  const auto delivered = static_cast<double>(after.frames - before.frames);
  return Measured{.value = delivered / sent.seconds / 1e6,
                  .lost = 1 - delivered / static_cast<double>(sent.frames)};
}

std::vector<Cell> WireToPort::Cells(size_t size, Fate fate, bool all, double seconds) {
  const std::vector<uint8_t> frame = FrameToPort1(size);
  std::vector<Cell> cells;
  for (const Lane& lane : lanes_) {
    if ((lane.contender->limit || lane.contender->aside) && !all) continue;
    cells.push_back({lane.contender->name, [this, &lane, frame, fate, seconds] {
                       return Measure(lane, frame, fate, seconds);
                     }});
  }
  return cells;
}

Workload WireToPort::Frames(size_t size, bool all, int rounds, double seconds) {
  return {.id = absl::StrCat("wire_port_", size),
          .title = absl::StrCat("wire -> netdev port, ", size, " B"),
          .unit = "Mpps",
          .rounds = rounds,
          .seconds = seconds,
          .baselines = {kBridge, kMacvlan},
          .cells = Cells(size, Fate::kDropped, all, seconds)};
}

Workload WireToPort::Udp(size_t size, int rounds, double seconds) {
  return {.id = absl::StrCat("wire_port_udp_", size),
          .title = absl::StrCat("wire -> port's UDP socket, ", size, " B"),
          .unit = "Mpps",
          .rounds = rounds,
          .seconds = seconds,
          .baselines = {kBridge, kMacvlan},
          .cells = Cells(size, Fate::kToSocket, /*all=*/false, seconds)};
}

}  // namespace xsw::bench
