// SPDX-License-Identifier: Apache-2.0
#include "bench/port_to_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "bench/busy.h"
#include "bench/clock.h"
#include "bench/command.h"
#include "bench/contender.h"
#include "bench/cpu.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr uint64_t kCheckFrames = 1000, kChatter = 10;
constexpr int kBatch = 64;
constexpr size_t kHeaders = 14 + 20 + 8;

// Without ARP, which the sink would drop too.
absl::StatusOr<Fd> OpenSender(const World& world, Place receiver) {
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kPort1),
                         absl::StrCat("neigh replace ", Ipv4Of(receiver), " lladdr ",
                                      FormatMac(MacOf(receiver)), " dev eth0 nud permanent\n")));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kPort1]));
  Fd sock(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(kSinkPort);
  inet_pton(AF_INET, Ipv4Of(receiver).c_str(), &to.sin_addr);
  if (!sock || connect(sock.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)))
    return ErrnoStatus(errno, "open a UDP socket");
  return sock;
}

// Datagrams that were sent; frames on the wire have `size` bytes.
absl::StatusOr<uint64_t> SendBatch(const Fd& sock, size_t size) {
  static char payload[2048];
  iovec piece = {.iov_base = payload, .iov_len = size - kHeaders};
  mmsghdr messages[kBatch] = {};
  for (mmsghdr& message : messages) {
    message.msg_hdr.msg_iov = &piece;
    message.msg_hdr.msg_iovlen = 1;
  }
  const int sent = sendmmsg(sock.get(), messages, kBatch, 0);
  // Nobody listens, and the answer to a datagram of the self-check said so.
  if (sent < 0 && errno == ECONNREFUSED) return 0;
  if (sent < 0) return ErrnoStatus(errno, "send UDP datagrams");
  return static_cast<uint64_t>(sent);
}

absl::StatusOr<World> BuildPortPeerLimit() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("pppeer"));
  XSW_RETURN_IF_ERROR(MakeGroPorts(world));
  XSW_RETURN_IF_ERROR(AttachFixedTc(world, "rep1", "rep2", /*to_peer=*/true));
  XSW_RETURN_IF_ERROR(AttachFixedTc(world, "rep2", "rep1", /*to_peer=*/true));
  return world;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PortToPort>> PortToPort::Make(Place receiver) {
  XSW_ASSIGN_OR_RETURN(Sink sink, Sink::Load());
  std::unique_ptr<PortToPort> self(new PortToPort(std::move(sink), receiver));
  const std::string suffix = receiver == kOut ? "po" : "pp";
  for (const char* name : {kXswStack, kXswBridged, kBridge, kBridgeNetfilter, kMacvlan})
    XSW_RETURN_IF_ERROR(self->Add(name, Build(*FindContender(name), suffix, /*raw=*/false)));
  if (receiver == kPort2) XSW_RETURN_IF_ERROR(self->Add(kPeerLimit, BuildPortPeerLimit()));
  return self;
}

absl::Status PortToPort::Add(const std::string& name, absl::StatusOr<World> world) {
  if (!world.ok()) return world.status();
  XSW_RETURN_IF_ERROR(sink_.Attach(*world, {receiver_, "eth0"}));
  XSW_ASSIGN_OR_RETURN(Fd socket, OpenSender(*world, receiver_));
  lanes_.push_back(std::make_unique<Lane>(name, *std::move(world), std::move(socket)));
  return Patiently([&] { return Check(*lanes_.back()); });
}

absl::Status PortToPort::Check(const Lane& lane) {
  sink_.SetDrops(false);
  uint64_t before[kPlaces], sent = 0;
  for (int place = 0; place < kPlaces; place++) {
    XSW_ASSIGN_OR_RETURN(Received received,
                         CountReceived(lane.world, {static_cast<Place>(place), "eth0"}));
    before[place] = received.at_stack;
  }
  while (sent < kCheckFrames) {
    XSW_ASSIGN_OR_RETURN(uint64_t some, SendBatch(lane.socket, 64));
    sent += some;
    usleep(1000);  // no faster than the slowest contender, whose rings are not to overflow
  }
  LetFramesArrive();
  for (int place = 0; place < kPlaces; place++) {
    XSW_ASSIGN_OR_RETURN(Received received,
                         CountReceived(lane.world, {static_cast<Place>(place), "eth0"}));
    const uint64_t came = received.at_stack - before[place], due = place == receiver_ ? sent : 0;
    // Port 1 gets "port unreachable" messages.
    if (place != kPort1 && (came < due || came > due + kChatter))
      return absl::InternalError(absl::StrCat("self-check of ", lane.name, ", UDP from a port: of ",
                                              sent, " datagrams ", came, " at the stack of ",
                                              lane.world.NetnsName(static_cast<Place>(place))));
  }
  return absl::OkStatus();
}

absl::StatusOr<Measured> PortToPort::Measure(const Lane& lane, size_t size, double seconds) {
  sink_.SetDrops(true);
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(lane.world, {receiver_, "eth0"}));
  PinnedTo pinned(LoadCpu());
  uint64_t sent = 0;
  double took;
  const BusyMeter busy;
  const double start = Now();
  do {
    XSW_ASSIGN_OR_RETURN(uint64_t some, SendBatch(lane.socket, size));
    sent += some;
    took = Now() - start;
  } while (took < seconds);
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(lane.world, {receiver_, "eth0"}));
  const auto delivered = static_cast<double>(after.frames - before.frames);
  return Measured{.value = delivered / took / 1e6,
                  .cpu_ns = busy.NsEach(delivered),
                  .lost = 1 - delivered / static_cast<double>(sent)};
}

Workload PortToPort::Udp(size_t size, int rounds, double seconds) {
  const bool out = receiver_ == kOut;
  Workload workload{
      .id = absl::StrCat(out ? "port_wire_udp_" : "port_port_udp_", size),
      .title = absl::StrCat("netdev port -> ", out ? "wire" : "netdev port", ", UDP, ", size, " B"),
      .unit = "Mpps",
      .rounds = rounds,
      .seconds = seconds,
      .baselines = {kXswStack, kBridge, kMacvlan}};
  for (const auto& lane : lanes_)
    workload.cells.push_back({lane->name, [this, &lane = *lane, size, seconds] {
                                return Measure(lane, size, seconds);
                              }});
  return workload;
}

}  // namespace xsw::bench
