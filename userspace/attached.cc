// SPDX-License-Identifier: Apache-2.0
// What is on a netdev, asked of the netdev: the second half of attach.h.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "userspace/attach.h"
#include "userspace/clsact.h"
#include "userspace/fd.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kMostPrograms = 64;  // of one hook (BPF_MPROG_MAX)

std::string What(int ifindex) { return absl::StrCat("read the programs of netdev ", ifindex); }

absl::StatusOr<bpf_prog_info> InfoOf(int prog_fd) {
  bpf_prog_info info = {};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(prog_fd, &info, &size)) return ErrnoStatus(errno, "read a program");
  return info;
}

absl::StatusOr<std::vector<uint32_t>> TcxPrograms(int ifindex, TcHook hook) {
  std::vector<uint32_t> ids(kMostPrograms);
  __u32 count = kMostPrograms;
  const int err = bpf_prog_query(ifindex, TcxType(hook), 0, nullptr, ids.data(), &count);
  // ENOENT: nothing was ever attached there.
  if (err == -ENOENT || err == -ENODEV) return std::vector<uint32_t>();
  if (err) return ErrnoStatus(-err, What(ifindex));
  ids.resize(count);
  return ids;
}

absl::StatusOr<std::vector<uint32_t>> ClsactPrograms(int ifindex, TcHook hook) {
  const bpf_tc_hook clsact = ClsactHook(ifindex, hook);
  bpf_tc_opts opts = ClsactOpts();
  libbpf_set_print(nullptr);
  const int err = bpf_tc_query(&clsact, &opts);
  // EINVAL: there is no clsact qdisc.
  if (err == -ENOENT || err == -ENODEV || err == -EINVAL) return std::vector<uint32_t>();
  if (err) return ErrnoStatus(-err, What(ifindex));
  return std::vector<uint32_t>{opts.prog_id};
}

absl::StatusOr<std::vector<uint32_t>> Programs(xsw_tc kind, int ifindex, TcHook hook) {
  return kind == XSW_TC_TCX ? TcxPrograms(ifindex, hook) : ClsactPrograms(ifindex, hook);
}

}  // namespace

absl::StatusOr<bool> LinkIsAttached(const std::string& pin) {
  Fd link(bpf_obj_get(pin.c_str()));
  if (!link && errno == ENOENT) return false;
  if (!link) return ErrnoStatus(errno, absl::StrCat("open ", pin));
  bpf_link_info info = {};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(link.get(), &info, &size))
    return ErrnoStatus(errno, absl::StrCat("read ", pin));
  // xdp.ifindex and tcx.ifindex are the same word of the union.
  return info.xdp.ifindex != 0;
}

absl::StatusOr<uint32_t> ProgramId(const Fd& program) {
  XSW_ASSIGN_OR_RETURN(const bpf_prog_info info, InfoOf(program.get()));
  return info.id;
}

absl::StatusOr<bool> HasForeignTcx(xsw_tc kind, int ifindex, const TcPrograms& ours) {
  if (kind != XSW_TC_TCX) return false;
  for (TcHook hook : {TcHook::kIngress, TcHook::kEgress}) {
    XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, TcxPrograms(ifindex, hook));
    const std::vector<uint32_t>& own = hook == TcHook::kIngress ? ours.ingress : ours.egress;
    if (ids.size() != 1 || std::find(own.begin(), own.end(), ids[0]) == own.end()) return true;
  }
  return false;
}

absl::StatusOr<bool> TcIsAttached(xsw_tc kind, int prog_fd, int ifindex, TcHook hook) {
  XSW_ASSIGN_OR_RETURN(const bpf_prog_info info, InfoOf(prog_fd));
  XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, Programs(kind, ifindex, hook));
  return std::find(ids.begin(), ids.end(), info.id) != ids.end();
}

// Not by bpf_xdp_query(), which reads every netdev there is.
absl::StatusOr<bool> XdpIsAttached(int prog_fd, int ifindex) {
  XSW_ASSIGN_OR_RETURN(const bpf_prog_info info, InfoOf(prog_fd));
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  absl::StatusOr<Link> link = GetLink(nl, ifindex);
  if (absl::IsNotFound(link.status())) return false;
  if (!link.ok()) return link.status();
  return link->xdp_program == info.id;
}

absl::StatusOr<bool> HasTcProgramNamed(xsw_tc kind, int ifindex, TcHook hook,
                                       const std::string& name) {
  XSW_ASSIGN_OR_RETURN(const std::vector<uint32_t> ids, Programs(kind, ifindex, hook));
  for (const uint32_t id : ids) {
    Fd program(bpf_prog_get_fd_by_id(id));
    if (!program && errno == ENOENT) continue;  // taken off meanwhile
    if (!program) return ErrnoStatus(errno, What(ifindex));
    XSW_ASSIGN_OR_RETURN(const bpf_prog_info info, InfoOf(program.get()));
    if (info.name == name) return true;
  }
  return false;
}

}  // namespace xsw
