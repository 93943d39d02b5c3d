// SPDX-License-Identifier: Apache-2.0
#include "bench/generator.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>

#include "bench/cpu.h"
#include "bench/scoped_netns.h"
#include "generator.skel.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

// Frames of the first of two calls, which tells how many the second has to send. Two and not many:
// a call costs some RCU grace periods beside its frames, in which a contender that works on another
// CPU would catch up, at no cost.
constexpr uint64_t kFirst = 20000;

// Returns the seconds by the kernel's own clock, which runs while frames do: neither while the call
// is set up nor while this thread waits for the CPU.
absl::StatusOr<double> RunLive(int program, const std::vector<uint8_t>& frame, uint64_t count,
                               uint32_t batch) {
  bpf_test_run_opts opts = {};
  opts.sz = sizeof(opts);
  opts.data_in = frame.data();
  opts.data_size_in = static_cast<uint32_t>(frame.size());
  opts.repeat = static_cast<int>(count);
  opts.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
  opts.batch_size = batch;
  if (bpf_prog_test_run_opts(program, &opts)) return ErrnoStatus(errno, "generate frames");
  return static_cast<double>(opts.duration) * 1e-9 * static_cast<double>(count);
}

}  // namespace

void Generator::Destroy::operator()(generator_bpf* skeleton) const {
  generator_bpf__destroy(skeleton);
}

Generator::Generator(std::unique_ptr<generator_bpf, Destroy> skeleton)
    : skeleton_(std::move(skeleton)) {}
Generator::~Generator() = default;

absl::StatusOr<Generator> Generator::Load() {
  std::unique_ptr<generator_bpf, Destroy> skeleton(generator_bpf__open_and_load());
  if (!skeleton) return ErrnoStatus(errno, "load the generator");
  return Generator(std::move(skeleton));
}

Mac MacOfPort(int port) { return {0x02, 0, 0, 0, 0x01, static_cast<uint8_t>(port)}; }

void Generator::SetMix(int ports) {
  mix_ = ports > 0;
  skeleton_->bss->ports = static_cast<__u32>(ports);
  skeleton_->bss->sent = 0;
}

absl::StatusOr<Sent> Generator::Send(const World& world, const Netdev& out,
                                     const std::vector<uint8_t>& frame, uint64_t count) {
  XSW_ASSIGN_OR_RETURN(int ifindex, world.Ifindex(out));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(world.netns[out.place]));
  PinnedTo pinned(LoadCpu());
  skeleton_->bss->out_ifindex = static_cast<__u32>(ifindex);
  const bpf_program* program = mix_ ? skeleton_->progs.bench_send_mix : skeleton_->progs.bench_send;
  XSW_ASSIGN_OR_RETURN(double seconds, RunLive(bpf_program__fd(program), frame, count, batch_));
  return Sent{.frames = count, .seconds = seconds};
}

absl::StatusOr<Sent> Generator::SendFor(const World& world, const Netdev& out,
                                        const std::vector<uint8_t>& frame, double seconds) {
  XSW_ASSIGN_OR_RETURN(Sent sum, Send(world, out, frame, kFirst));
  if (sum.seconds >= seconds) return sum;
  const double rest = (seconds / sum.seconds - 1) * static_cast<double>(sum.frames);
  XSW_ASSIGN_OR_RETURN(Sent more, Send(world, out, frame, static_cast<uint64_t>(rest) + 1));
  return Sent{.frames = sum.frames + more.frames, .seconds = sum.seconds + more.seconds};
}

}  // namespace xsw::bench
