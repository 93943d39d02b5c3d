// SPDX-License-Identifier: Apache-2.0
// How a frame gets through a program: by test run, and on the real hooks.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>

#include <utility>

#include "accel_tag.skel.h"
#include "queue.skel.h"
#include "tests/bpf/switch_under_test.h"
#include "xsw.skel.h"

namespace xsw::test {
namespace {

// The skb of a test run lies in one page; a longer one is made longer by our own program.
constexpr size_t kMaxTestRunSkb = 2048;

Verdict TcVerdict(uint32_t retval) {
  switch (static_cast<int>(retval)) {
    case TC_ACT_UNSPEC:
      return kPass;
    case TC_ACT_SHOT:
      return kDrop;
    case TC_ACT_REDIRECT:
      return kRedirect;
    default:
      return kNoVerdictOfOurs;
  }
}

Verdict XdpVerdict(uint32_t retval) {
  switch (retval) {
    case XDP_PASS:
      return kPass;
    case XDP_DROP:
      return kDrop;
    case XDP_REDIRECT:
      return kRedirect;
    default:
      return kNoVerdictOfOurs;
  }
}

// Runs once; data becomes what the program has left. Returns the program's return value.
uint32_t TestRun(int program, Bytes& data, void* ctx, size_t ctx_size) {
  Bytes out(16384);
  bpf_test_run_opts opts = {.sz = sizeof(opts)};
  opts.data_in = data.data();
  opts.data_size_in = static_cast<uint32_t>(data.size());
  opts.data_out = out.data();
  opts.data_size_out = static_cast<uint32_t>(out.size());
  opts.ctx_in = ctx;
  opts.ctx_size_in = static_cast<uint32_t>(ctx_size);
  opts.repeat = 1;
  Must(bpf_prog_test_run_opts(program, &opts) == 0,
       "BPF_PROG_TEST_RUN of " + std::to_string(data.size()) + " bytes");
  out.resize(opts.data_size_out);
  data = out;
  return opts.retval;
}

// For a test run the kernel takes only a netdev with a program or NAPI as the receiving one.
void EnsureXdp(unsigned ifindex, int program) {
  uint32_t attached = 0;
  Must(bpf_xdp_query_id(static_cast<int>(ifindex), XDP_FLAGS_DRV_MODE, &attached) == 0,
       "ask for XDP programs");
  if (attached) return;
  Must(bpf_xdp_attach(static_cast<int>(ifindex), program, XDP_FLAGS_DRV_MODE, nullptr) == 0,
       "attach XDP");
}

// clsact and not tcx, which kernel 6.1 lacks; the programs see no difference.
void CreateClsact(int ifindex) {
  bpf_tc_hook hook = {.sz = sizeof(hook), .ifindex = ifindex};
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  const int err = bpf_tc_hook_create(&hook);
  Must(err == 0, "create clsact");
}

void AttachTc(int ifindex, bpf_tc_attach_point at, uint32_t priority, int program) {
  const bpf_tc_hook hook = {.sz = sizeof(hook), .ifindex = ifindex, .attach_point = at};
  bpf_tc_opts opts = {.sz = sizeof(opts)};
  opts.prog_fd = program;
  opts.handle = 1;
  opts.priority = priority;
  const int err = bpf_tc_attach(&hook, &opts);
  Must(err == 0, "attach to clsact");
}

}  // namespace

int SwitchUnderTest::ProgramFd(Program program) const {
  const auto& p = shipped_->progs;
  switch (program) {
    case Program::kUplinkXdp:
      return bpf_program__fd(p.xsw_uplink_xdp);
    case Program::kUplinkRx:
      return bpf_program__fd(p.xsw_uplink_rx);
    case Program::kUplinkTx:
      return bpf_program__fd(p.xsw_uplink_tx);
    case Program::kPortXdp:
      return bpf_program__fd(p.xsw_port_xdp);
    case Program::kPortRx:
      return bpf_program__fd(p.xsw_port_rx);
    case Program::kPortTx:
      return bpf_program__fd(p.xsw_port_tx);
    case Program::kQueueRx:
      return bpf_program__fd(queue_->progs.xsw_queue_rx);
  }
  Die("no such program");
}

unsigned SwitchUnderTest::ReceiverOf(Program program, Place at) const {
  if (program == Program::kQueueRx) return XSW_QUEUES_IFINDEX + static_cast<unsigned>(at);
  return at == kStray ? lab_.StrayIfindex() : lab_.NearIfindex(at);
}

Outcome SwitchUnderTest::Run(Program program, Place at, const Frame& frame, const Setup& setup) {
  const bool xdp = program == Program::kUplinkXdp || program == Program::kPortXdp ||
                   program == Program::kQueueRx;
  const unsigned ifindex = ReceiverOf(program, at);
  return xdp ? RunXdp(program, ifindex, frame, setup) : RunTc(program, ifindex, frame, setup);
}

Outcome SwitchUnderTest::RunXdp(Program program, unsigned ifindex, const Frame& frame,
                                const Setup& setup) {
  EnsureXdp(ifindex, ProgramFd(program));
  Bytes data = frame.bytes;
  xdp_md ctx = {.data_end = static_cast<uint32_t>(data.size()),
                .ingress_ifindex = ifindex,
                .rx_queue_index = setup.rx_queue};
  const uint32_t verdict = TestRun(ProgramFd(program), data, &ctx, sizeof(ctx));
  return {XdpVerdict(verdict), data, data};
}

// Always by way of our own program, so that rows with and without an accelerated tag differ in
// nothing else.
Outcome SwitchUnderTest::RunTc(Program program, unsigned ifindex, const Frame& frame,
                               const Setup& setup) {
  Bytes data = frame.bytes;
  Bytes tag;
  auto& want = *helper_->bss;
  want = {};
  want.want_tc_index = setup.tc_index;
  if (setup.accelerate_tag) {
    tag.assign(data.begin() + 12, data.begin() + 16);
    data.erase(data.begin() + 12, data.begin() + 16);
    want.want_tag_proto = static_cast<uint16_t>(tag[0] << 8 | tag[1]);
    want.want_tci = static_cast<uint16_t>(tag[2] << 8 | tag[3]);
  }
  if (data.size() > kMaxTestRunSkb) {
    want.want_len = static_cast<uint32_t>(data.size());
    data.resize(kMaxTestRunSkb);
  }
  const uint32_t zero = 0;
  const int shipped = ProgramFd(program);
  Must(bpf_map_update_elem(bpf_map__fd(helper_->maps.shipped), &zero, &shipped, BPF_ANY) == 0,
       "put a shipped program behind ours");
  __sk_buff ctx = {.ifindex = ifindex, .gso_size = setup.gso_size};
  const uint32_t verdict =
      TestRun(bpf_program__fd(helper_->progs.prepare), data, &ctx, sizeof(ctx));
  Bytes whole = data;
  whole.insert(whole.begin() + 12, tag.begin(), tag.end());
  return {TcVerdict(verdict), whole, data};
}

void SwitchUnderTest::RunXdpLive(const Frame& frame) {
  bpf_test_run_opts opts = {.sz = sizeof(opts)};
  opts.data_in = frame.bytes.data();
  opts.data_size_in = static_cast<uint32_t>(frame.bytes.size());
  opts.repeat = 1;
  opts.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
  opts.batch_size = 1;
  Must(bpf_prog_test_run_opts(ProgramFd(Program::kUplinkXdp), &opts) == 0,
       "live BPF_PROG_TEST_RUN");
}

void SwitchUnderTest::AttachAll() {
  if (std::exchange(attached_, true)) return;
  const int witness = bpf_program__fd(helper_->progs.witness);
  const int uplink = static_cast<int>(lab_.NearIfindex(kWire));
  CreateClsact(uplink);
  AttachTc(uplink, BPF_TC_INGRESS, 1, ProgramFd(Program::kUplinkRx));
  AttachTc(uplink, BPF_TC_INGRESS, 2, bpf_program__fd(helper_->progs.witness_host));
  AttachTc(uplink, BPF_TC_EGRESS, 1, ProgramFd(Program::kUplinkTx));
  AttachTc(uplink, BPF_TC_EGRESS, 2, witness);
  for (Place port : {kFunction1, kFunction2, kFunction3}) {
    const int representor = static_cast<int>(lab_.NearIfindex(port));
    CreateClsact(representor);
    AttachTc(representor, BPF_TC_INGRESS, 1, ProgramFd(Program::kPortRx));
    AttachTc(representor, BPF_TC_EGRESS, 1, ProgramFd(Program::kPortTx));
    AttachTc(representor, BPF_TC_EGRESS, 2, witness);
  }
  InNetns far = lab_.EnterFar();
  for (Place function : {kFunction1, kFunction2, kFunction3}) {
    const int ifindex = static_cast<int>(Lab::FarIfindex(function));
    CreateClsact(ifindex);
    if (function == kFunction1)
      AttachTc(ifindex, BPF_TC_EGRESS, 1, bpf_program__fd(helper_->progs.forge));
    else
      AttachTc(ifindex, BPF_TC_INGRESS, 1, witness);
  }
}

uint64_t SwitchUnderTest::Witnessed() const { return helper_->bss->witnessed; }
Bytes SwitchUnderTest::HostsTag() const {
  Bytes tag;
  if (!helper_->bss->host_tag_proto) return tag;
  Append16(tag, helper_->bss->host_tag_proto);
  Append16(tag, helper_->bss->host_tci);
  return tag;
}
uint64_t SwitchUnderTest::WitnessedOriginTags() const { return helper_->bss->witnessed_tagged; }

}  // namespace xsw::test
