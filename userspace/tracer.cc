// SPDX-License-Identifier: Apache-2.0
#include "userspace/tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cerrno>

#include "explain.skel.h"
#include "userspace/datapath.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"

namespace xsw {
namespace {

// Room for a tag that is pushed.
constexpr size_t kMoreBytes = 64;

}  // namespace

void Tracer::Destroy::operator()(explain_bpf* skeleton) const { explain_bpf__destroy(skeleton); }
Tracer::~Tracer() = default;

absl::StatusOr<Tracer> Tracer::Load(const std::string& dir) {
  Skeleton skeleton(explain_bpf__open());
  if (!skeleton) return ErrnoStatus(errno, "open the explaining programs");
  // As those that switch: a devmap belongs to programs of one kind.
  SetFrags(skeleton->obj, RedirectsFragsToNetdevs());
  XSW_RETURN_IF_ERROR(ShareMaps(skeleton->obj, dir));
  if (int err = explain_bpf__load(skeleton.get()))
    return ErrnoStatus(-err, "load the explaining programs");
  return Tracer(std::move(skeleton));
}

absl::StatusOr<Traced> Tracer::Run(const std::string& program, int ifindex,
                                   const std::vector<uint8_t>& frame) {
  bpf_program* found = bpf_object__find_program_by_name(skeleton_->obj, program.c_str());
  if (!found) return absl::InternalError(absl::StrCat("no program ", program));
  const bool is_xdp = bpf_program__type(found) == BPF_PROG_TYPE_XDP;
  const int map = bpf_map__fd(skeleton_->maps.xsw_trace);
  const __u32 zero = 0;
  std::vector<xsw_trace> trace(1);
  Traced traced{.frame = std::vector<uint8_t>(frame.size() + kMoreBytes)};
  __sk_buff skb = {};
  skb.ifindex = static_cast<__u32>(ifindex);
  xdp_md xdp = {};
  xdp.data_end = static_cast<__u32>(frame.size());
  xdp.ingress_ifindex = static_cast<__u32>(ifindex);
  bpf_test_run_opts opts = {.sz = sizeof(opts)};
  opts.data_in = frame.data();
  opts.data_size_in = static_cast<__u32>(frame.size());
  opts.data_out = traced.frame.data();
  opts.data_size_out = static_cast<__u32>(traced.frame.size());
  opts.ctx_in = is_xdp ? static_cast<void*>(&xdp) : &skb;
  opts.ctx_size_in = is_xdp ? sizeof(xdp) : sizeof(skb);
  opts.repeat = 1;
  if (bpf_map_update_elem(map, &zero, trace.data(), BPF_ANY) ||
      bpf_prog_test_run_opts(bpf_program__fd(found), &opts) ||
      bpf_map_lookup_elem(map, &zero, trace.data()))
    return ErrnoStatus(errno, absl::StrCat("run ", program, " on a frame"));
  traced.verdict = opts.retval;
  traced.frame.resize(opts.data_size_out);
  traced.steps.assign(trace[0].steps, trace[0].steps + trace[0].count);
  return traced;
}

}  // namespace xsw
