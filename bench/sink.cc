// SPDX-License-Identifier: Apache-2.0
#include "bench/sink.h"

#include <cerrno>

#include "bench/sandbox.h"
#include "bench/scoped_netns.h"
#include "sink.skel.h"
#include "userspace/attach.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {

void Sink::Destroy::operator()(sink_bpf* skeleton) const { sink_bpf__destroy(skeleton); }

absl::StatusOr<Sink> Sink::Load() {
  Skeleton skeleton(sink_bpf__open_and_load());
  if (!skeleton) return ErrnoStatus(errno, "load the sink");
  return Sink(std::move(skeleton));
}

absl::Status Sink::Attach(const World& world, const Netdev& netdev) const {
  XSW_ASSIGN_OR_RETURN(int ifindex, world.Ifindex(netdev));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[netdev.place]));
  XSW_ASSIGN_OR_RETURN(const xsw_tc tc, ProbeTc());
  return AttachTc(tc, bpf_program__fd(skeleton_->progs.bench_sink), ifindex, TcHook::kIngress,
                  NewPin(), "attach the sink");
}

void Sink::SetDrops(bool on) { skeleton_->bss->drops = on; }

}  // namespace xsw::bench
