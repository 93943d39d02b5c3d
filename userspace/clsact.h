// SPDX-License-Identifier: Apache-2.0
// Where our programs are among those of a netdev's tc hooks. For attach.cc and attached.cc.
#ifndef XSW_USERSPACE_CLSACT_H_
#define XSW_USERSPACE_CLSACT_H_

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "userspace/attach.h"

namespace xsw {

// <linux/bpf.h> of Debian 12 (6.1) does not have these of 6.6: BPF_TCX_INGRESS, BPF_TCX_EGRESS.
inline bpf_attach_type TcxType(TcHook hook) {
  return static_cast<bpf_attach_type>(hook == TcHook::kIngress ? 46 : 47);
}

inline bpf_tc_hook ClsactHook(int ifindex, TcHook hook) {
  bpf_tc_hook clsact = {};
  clsact.sz = sizeof(clsact);
  clsact.ifindex = ifindex;
  clsact.attach_point = hook == TcHook::kIngress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return clsact;
}

// Ours among the filters of a clsact qdisc that others may use too.
inline bpf_tc_opts ClsactOpts() {
  bpf_tc_opts opts = {};
  opts.sz = sizeof(opts);
  opts.priority = 0x7873;
  opts.handle = 1;
  return opts;
}

}  // namespace xsw

#endif  // XSW_USERSPACE_CLSACT_H_
