// SPDX-License-Identifier: Apache-2.0
#include "bench/test_run.h"

#include <bpf/bpf.h>
#include <linux/pkt_cls.h>

#include <cerrno>

#include "bench/clock.h"
#include "bench/cpu.h"
#include "bench/scoped_netns.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {

uint32_t RedirectOf(bool xdp) {
  return static_cast<uint32_t>(xdp ? XDP_REDIRECT : TC_ACT_REDIRECT);
}

// By our own clock, the CPU time of this thread: the kernel reports whole nanoseconds of real time.
absl::StatusOr<Measured> TimeProgram(int program, const TestRun& run, uint32_t verdict) {
  XSW_ASSIGN_OR_RETURN(int ifindex, run.world->Ifindex(run.from));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(run.world->netns[run.from.place]));
  PinnedTo pinned(LoadCpu());
  __sk_buff skb = {};
  skb.ifindex = static_cast<__u32>(ifindex);
  bpf_test_run_opts opts = {};
  opts.sz = sizeof(opts);
  opts.data_in = run.frame.data();
  opts.data_size_in = static_cast<uint32_t>(run.frame.size());
  opts.repeat = run.repeat;
  if (!run.xdp) {
    opts.ctx_in = &skb;
    opts.ctx_size_in = sizeof(skb);
  }
  const double start = CpuSeconds();
  if (bpf_prog_test_run_opts(program, &opts)) return ErrnoStatus(errno, "test run");
  const double seconds = CpuSeconds() - start;
  if (opts.retval != verdict)
    return absl::InternalError(absl::StrCat("returned ", static_cast<int>(opts.retval), ", not ",
                                            static_cast<int>(verdict)));
  return Measured{.value = seconds * 1e9 / run.repeat};
}

}  // namespace xsw::bench
