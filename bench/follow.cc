// SPDX-License-Identifier: Apache-2.0
#include "bench/follow.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>

#include "bench/clock.h"
#include "bench/command.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/patience.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "switchdev_model/bridge/offload_info.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr double kLimit = 5;

absl::StatusOr<Fd> OpenSocket(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kPort1]));
  Fd sock(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  sockaddr_ll where = {};
  where.sll_family = AF_PACKET;
  where.sll_ifindex = IndexOf("eth0");
  if (!sock || bind(sock.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where)))
    return ErrnoStatus(errno, "open a packet socket");
  return sock;
}

absl::StatusOr<OffloadInfo> Offload(const World& world) {
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(kBpffs, "up0"));
  return GetOffload(eswitch);
}

// Of port 1, which has place 1 in the list.
size_t Addresses(const World& world) {
  const absl::StatusOr<OffloadInfo> info = Offload(world);
  return info.ok() ? info->ports.at(1).addresses : 0;
}

bool IsAside(const World& world) {
  const absl::StatusOr<OffloadInfo> info = Offload(world);
  return info.ok() && !info->ports.at(1).aside.empty();
}

template <typename Condition>
absl::StatusOr<Measured> MsUntil(double start, const Condition& condition) {
  if (!WaitUntil(kLimit, condition))
    return absl::DeadlineExceededError("xsw-bridge does not follow the bridge");
  return Measured{.value = (Now() - start) * 1e3};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Follow>> Follow::Make() {
  XSW_ASSIGN_OR_RETURN(World world, Build(*FindContender(kXswBridged), "fol", /*raw=*/false));
  XSW_RETURN_IF_ERROR(
      Xsw(world.NetnsName(kHost), {"port", "function", "set", "up0/1", "spoofchk", "off"})
          .status());
  XSW_ASSIGN_OR_RETURN(Fd socket, OpenSocket(world));
  return std::unique_ptr<Follow>(new Follow(std::move(world), std::move(socket)));
}

absl::StatusOr<Measured> Follow::Learned() {
  const size_t before = Addresses(world_);
  std::vector<uint8_t> frame = MakeFrame(kPort1, kPort2, 64);
  frame[6 + 4] = 1;
  frame[6 + 5] = ++address_;
  const double start = Now();
  if (send(socket_.get(), frame.data(), frame.size(), 0) < 0)
    return ErrnoStatus(errno, "send a frame");
  return MsUntil(start, [&] { return Addresses(world_) > before; });
}

absl::Status Follow::SetState(const char* state) {
  return Run({"bridge", "-n", world_.NetnsName(kHost), "link", "set", "dev", "up0sf1", "state",
              state})
      .status();
}

absl::StatusOr<Measured> Follow::Blocked() {
  const double start = Now();
  XSW_RETURN_IF_ERROR(SetState("1"));
  const absl::StatusOr<Measured> measured = MsUntil(start, [&] { return IsAside(world_); });
  XSW_RETURN_IF_ERROR(SetState("3"));
  if (!WaitUntil(kLimit, [&] { return !IsAside(world_); }))
    return absl::DeadlineExceededError("a port that forwards again stays aside");
  return measured;
}

Workload Follow::Times(int rounds) {
  return {.id = "bridge_follow",
          .title = "xsw-bridge follows the bridge",
          .unit = "ms",
          .rounds = rounds,
          .seconds = 0.1,
          .baselines = {},
          .cells = {{kLearned, [this] { return Learned(); }},
                    {kBlocked, [this] { return Blocked(); }}}};
}

}  // namespace xsw::bench
