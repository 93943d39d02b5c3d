// SPDX-License-Identifier: Apache-2.0
// The limits: one fixed program on the uplink in place of a switch.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <memory>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "limits.skel.h"
#include "userspace/attach.h"
#include "userspace/ethtool.h"
#include "userspace/netlink.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Skeleton = std::unique_ptr<limits_bpf, FreeWith<limits_bpf__destroy>>;

absl::StatusOr<Skeleton> Load() {
  Skeleton skeleton(limits_bpf__open_and_load());
  if (!skeleton) return ErrnoStatus(errno, "load the limits' programs");
  return skeleton;
}

absl::Status AttachToHost(const World& world, bpf_program* program, const std::string& netdev) {
  XSW_ASSIGN_OR_RETURN(int ifindex, world.Ifindex({kHost, netdev}));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  return AttachXdp(bpf_program__fd(program), ifindex, NewPin(),
                   absl::StrCat("attach a limit to ", netdev));
}

}  // namespace

absl::Status MakeGroPorts(const World& world) {
  XSW_RETURN_IF_ERROR(MakePlainPorts(world));
  for (Place port : {kPort1, kPort2}) {
    XSW_RETURN_IF_ERROR(SetUpIpv4(world, {port, "eth0"}));
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[port]));
    XSW_RETURN_IF_ERROR(SetGro(IndexOf("eth0"), true));
  }
  return absl::OkStatus();
}

absl::Status BuildDropLimit(const World& world) {
  XSW_RETURN_IF_ERROR(MakeGroPorts(world));
  XSW_ASSIGN_OR_RETURN(Skeleton limits, Load());
  return AttachToHost(world, limits->progs.bench_drop, "up0");
}

absl::Status AttachFixedTc(const World& world, const std::string& from, const std::string& to,
                           bool to_peer) {
  XSW_ASSIGN_OR_RETURN(int ingress, world.Ifindex({kHost, from}));
  XSW_ASSIGN_OR_RETURN(int target, world.Ifindex({kHost, to}));
  XSW_ASSIGN_OR_RETURN(Skeleton limits, Load());
  limits->bss->to_ifindex = static_cast<__u32>(target);
  const bpf_program* program = to_peer ? limits->progs.bench_peer : limits->progs.bench_redirect;
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_ASSIGN_OR_RETURN(const xsw_tc tc, ProbeTc());
  return AttachTc(tc, bpf_program__fd(program), ingress, TcHook::kIngress, NewPin(),
                  absl::StrCat("attach a limit to ", from));
}

absl::Status BuildPeerLimit(const World& world) {
  XSW_RETURN_IF_ERROR(MakeGroPorts(world));
  return AttachFixedTc(world, "up0", "rep1", /*to_peer=*/true);
}

absl::Status AttachFixedDevmap(const World& world, const std::string& from, const std::string& to) {
  XSW_ASSIGN_OR_RETURN(int port, world.Ifindex({kHost, to}));
  XSW_ASSIGN_OR_RETURN(Skeleton limits, Load());
  {
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
    const __u32 zero = 0;
    if (bpf_map_update_elem(bpf_map__fd(limits->maps.bench_dev), &zero, &port, BPF_ANY))
      return ErrnoStatus(errno, absl::StrCat("put ", to, " into a devmap"));
  }
  return AttachToHost(world, limits->progs.bench_devmap, from);
}

absl::Status AttachBroadcast(const World& world, int ports, bool behind_veth) {
  XSW_ASSIGN_OR_RETURN(Skeleton limits, Load());
  for (int port = 1; port <= ports; port++) {
    XSW_ASSIGN_OR_RETURN(int ifindex, world.Ifindex({kHost, absl::StrCat("r", port)}));
    XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
    if (bpf_map_update_elem(bpf_map__fd(limits->maps.bench_all), &port, &ifindex, BPF_ANY))
      return ErrnoStatus(errno, "fill a devmap");
  }
  if (!behind_veth) return AttachToHost(world, limits->progs.bench_broadcast, "up0");
  XSW_RETURN_IF_ERROR(Ip(world.NetnsName(kHost),
                         "link add lane up type veth peer name laneend\nlink set laneend up\n"));
  XSW_RETURN_IF_ERROR(AttachToHost(world, limits->progs.bench_broadcast, "laneend"));
  XSW_ASSIGN_OR_RETURN(int lane, world.Ifindex({kHost, "lane"}));
  XSW_ASSIGN_OR_RETURN(int ingress, world.Ifindex({kHost, "up0"}));
  limits->bss->to_ifindex = static_cast<__u32>(lane);
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[kHost]));
  XSW_ASSIGN_OR_RETURN(const xsw_tc tc, ProbeTc());
  return AttachTc(tc, bpf_program__fd(limits->progs.bench_copy), ingress, TcHook::kIngress,
                  NewPin(), "attach a limit to up0");
}

absl::Status BuildDevmapLimit(const World& world) {
  XSW_RETURN_IF_ERROR(MakeGroPorts(world));
  return AttachFixedDevmap(world, "up0", "rep1");
}

}  // namespace xsw::bench
