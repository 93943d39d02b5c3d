// SPDX-License-Identifier: Apache-2.0
#include "userspace/attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <unistd.h>

#include <cerrno>

#include "userspace/clsact.h"
#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What a netdev's end has left at the path.
absl::Status RemoveStalePin(const std::string& pin) {
  XSW_ASSIGN_OR_RETURN(const bool attached, LinkIsAttached(pin));
  if (!attached && unlink(pin.c_str()) && errno != ENOENT)
    return ErrnoStatus(errno, absl::StrCat("remove ", pin));
  return absl::OkStatus();
}

absl::Status PinLink(Fd link, const std::string& pin, const std::string& what) {
  if (bpf_obj_pin(link.get(), pin.c_str())) {
    int err = errno;
    bpf_link_detach(link.get());
    return ErrnoStatus(err, absl::StrCat(what, ": pin ", pin));
  }
  return absl::OkStatus();
}

absl::Status AttachClsact(int prog_fd, int ifindex, TcHook hook, const std::string& what) {
  bpf_tc_hook clsact = ClsactHook(ifindex, hook);
  bpf_tc_opts opts = ClsactOpts();
  opts.prog_fd = prog_fd;
  // libbpf would report on stderr that the qdisc is there already.
  libbpf_set_print(nullptr);
  if (int err = bpf_tc_hook_create(&clsact); err && err != -EEXIST)
    return ErrnoStatus(-err, absl::StrCat(what, ": add clsact"));
  if (int err = bpf_tc_attach(&clsact, &opts)) return ErrnoStatus(-err, what);
  return absl::OkStatus();
}

absl::StatusOr<bool> HasFilters(Netlink& nl, int ifindex, uint32_t hook) {
  bool found = false;
  NlMsg msg = NewMessage(RTM_GETTFILTER, NLM_F_DUMP,
                         tcmsg{.tcm_family = AF_UNSPEC,
                               .tcm_ifindex = ifindex,
                               .tcm_parent = TC_H_MAKE(TC_H_CLSACT, hook)});
  XSW_RETURN_IF_ERROR(nl.Send(msg, absl::StrCat("list filters of netdev ", ifindex),
                              [&](nlmsghdr*) { found = true; }));
  return found;
}

// The qdisc of the last filter, ours, goes with it.
absl::Status RemoveEmptyClsact(int ifindex) {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  for (const uint32_t hook : {TC_H_MIN_INGRESS, TC_H_MIN_EGRESS}) {
    XSW_ASSIGN_OR_RETURN(const bool used, HasFilters(nl, ifindex, hook));
    if (used) return absl::OkStatus();
  }
  bpf_tc_hook both = ClsactHook(ifindex, TcHook::kIngress);
  both.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  const int err = bpf_tc_hook_destroy(&both);
  // Its netdev may be gone by now, or somebody else was first.
  if (err && err != -ENOENT && err != -ENODEV && err != -EINVAL)
    return ErrnoStatus(-err, absl::StrCat("remove clsact from netdev ", ifindex));
  return absl::OkStatus();
}

}  // namespace

// An attachment of no program: a kernel with tcx knows the type and looks the program up (EBADF),
// one without does not know it (EINVAL). BPF_LINK_CREATE would not do: Linux 6.1 looks the program
// up first.
absl::StatusOr<xsw_tc> ProbeTc() {
  const int err = bpf_prog_attach(-1, 1, TcxType(TcHook::kIngress), 0);
  if (err == -EBADF) return XSW_TC_TCX;
  if (err == -EINVAL) return XSW_TC_CLSACT;
  return ErrnoStatus(-err, "find out whether this kernel has tcx");
}

absl::Status AttachTc(xsw_tc kind, int prog_fd, int ifindex, TcHook hook, const std::string& pin,
                      const std::string& what) {
  if (kind == XSW_TC_CLSACT) return AttachClsact(prog_fd, ifindex, hook, what);
  XSW_RETURN_IF_ERROR(RemoveStalePin(pin));
  Fd link(bpf_link_create(prog_fd, ifindex, TcxType(hook), nullptr));
  if (!link) return ErrnoStatus(errno, what);
  return PinLink(std::move(link), pin, what);
}

absl::Status DetachTc(xsw_tc kind, int ifindex, TcHook hook, const std::string& pin) {
  if (kind == XSW_TC_TCX) return DetachLink(pin);
  bpf_tc_hook clsact = ClsactHook(ifindex, hook);
  bpf_tc_opts opts = ClsactOpts();
  int err = bpf_tc_detach(&clsact, &opts);
  if (err && err != -ENOENT && err != -ENODEV && err != -EINVAL)
    return ErrnoStatus(-err, absl::StrCat("detach from netdev ", ifindex));
  return err ? absl::OkStatus() : RemoveEmptyClsact(ifindex);
}

absl::Status AttachXdp(int prog_fd, int ifindex, const std::string& pin, const std::string& what) {
  XSW_RETURN_IF_ERROR(RemoveStalePin(pin));
  bpf_link_create_opts opts = {};
  opts.sz = sizeof(opts);
  opts.flags = XDP_FLAGS_DRV_MODE;
  Fd link(bpf_link_create(prog_fd, ifindex, BPF_XDP, &opts));
  // veth's word for frames of several buffers and a program that does not get them.
  if (!link && errno == ERANGE)
    return absl::OutOfRangeError(absl::StrCat(what,
                                              ": this kernel's XDP cannot forward frames of its "
                                              "mtu, which take several buffers"));
  if (!link) return ErrnoStatus(errno, what);
  return PinLink(std::move(link), pin, what);
}

absl::Status DetachLink(const std::string& pin) {
  Fd link(bpf_obj_get(pin.c_str()));
  if (!link && errno == ENOENT) return absl::OkStatus();
  if (!link) return ErrnoStatus(errno, absl::StrCat("open ", pin));
  // ENOLINK: its netdev is gone.
  if (bpf_link_detach(link.get()) && errno != ENOLINK)
    return ErrnoStatus(errno, absl::StrCat("detach ", pin));
  if (unlink(pin.c_str())) return ErrnoStatus(errno, absl::StrCat("remove ", pin));
  return absl::OkStatus();
}

}  // namespace xsw
