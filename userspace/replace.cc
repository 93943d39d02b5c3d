// SPDX-License-Identifier: Apache-2.0
// One program in place of another, where it is attached: a part of attach.h.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>

#include "userspace/attach.h"
#include "userspace/clsact.h"
#include "userspace/fd.h"
#include "userspace/pinned.h"
#include "userspace/status.h"

namespace xsw {

absl::Status ReplaceInLink(int prog_fd, const std::string& pin) {
  XSW_ASSIGN_OR_RETURN(const Fd link, OpenPin(pin));
  if (!link) return absl::OkStatus();
  // ENOLINK: its netdev is gone.
  if (bpf_link_update(link.get(), prog_fd, nullptr) && errno != ENOLINK)
    return ErrnoStatus(errno, absl::StrCat("replace the program of ", pin));
  return absl::OkStatus();
}

absl::Status ReplaceInClsact(int prog_fd, int ifindex, TcHook hook) {
  const bpf_tc_hook clsact = ClsactHook(ifindex, hook);
  bpf_tc_opts opts = ClsactOpts();
  libbpf_set_print(nullptr);
  int err = bpf_tc_query(&clsact, &opts);
  // EINVAL: there is no clsact qdisc.
  if (err == -ENOENT || err == -ENODEV || err == -EINVAL) return absl::OkStatus();
  opts = ClsactOpts();
  opts.prog_fd = prog_fd;
  opts.flags = BPF_TC_F_REPLACE;
  if (!err) err = bpf_tc_attach(&clsact, &opts);
  if (err) return ErrnoStatus(-err, absl::StrCat("replace the filter of netdev ", ifindex));
  return absl::OkStatus();
}

}  // namespace xsw
