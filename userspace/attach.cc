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

#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// <linux/bpf.h> of Debian 12 (6.1) does not have these of 6.6.
constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);
constexpr auto kTcxEgress = static_cast<bpf_attach_type>(47);

// Ours among the filters of a clsact qdisc that others may use too.
constexpr uint32_t kPriority = 0x7873;
constexpr uint32_t kHandle = 1;

bpf_attach_type TcxType(TcHook hook) { return hook == TcHook::kIngress ? kTcxIngress : kTcxEgress; }

bpf_tc_hook ClsactHook(int ifindex, TcHook hook) {
  bpf_tc_hook clsact = {};
  clsact.sz = sizeof(clsact);
  clsact.ifindex = ifindex;
  clsact.attach_point = hook == TcHook::kIngress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return clsact;
}

bpf_tc_opts ClsactOpts() {
  bpf_tc_opts opts = {};
  opts.sz = sizeof(opts);
  opts.priority = kPriority;
  opts.handle = kHandle;
  return opts;
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

bool HasFilters(int ifindex, uint32_t hook) {
  bool found = false;
  absl::StatusOr<Netlink> nl = Netlink::Open();
  NlMsg msg = NewMessage(RTM_GETTFILTER, NLM_F_DUMP,
                         tcmsg{.tcm_family = AF_UNSPEC,
                               .tcm_ifindex = ifindex,
                               .tcm_parent = TC_H_MAKE(TC_H_CLSACT, hook)});
  return nl.ok() && nl->Send(msg, "list filters", [&](nlmsghdr*) { found = true; }).ok() && found;
}

// The qdisc of the last filter, ours, goes with it.
void RemoveEmptyClsact(int ifindex) {
  if (HasFilters(ifindex, TC_H_MIN_INGRESS) || HasFilters(ifindex, TC_H_MIN_EGRESS)) return;
  bpf_tc_hook both = ClsactHook(ifindex, TcHook::kIngress);
  both.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  bpf_tc_hook_destroy(&both);
}

}  // namespace

// An attachment of no program: a kernel with tcx knows the type and looks the program up (EBADF),
// one without does not know it (EINVAL). BPF_LINK_CREATE would not do: Linux 6.1 looks the program
// up first.
TcKind SupportedTc() {
  static const TcKind kind = [] {
    return bpf_prog_attach(-1, 1, kTcxIngress, 0) == -EBADF ? TcKind::kTcx : TcKind::kClsact;
  }();
  return kind;
}

absl::Status AttachTc(TcKind kind, int prog_fd, int ifindex, TcHook hook, const std::string& pin,
                      const std::string& what) {
  if (kind == TcKind::kClsact) return AttachClsact(prog_fd, ifindex, hook, what);
  Fd link(bpf_link_create(prog_fd, ifindex, TcxType(hook), nullptr));
  if (!link) return ErrnoStatus(errno, what);
  return PinLink(std::move(link), pin, what);
}

absl::Status DetachTc(TcKind kind, int ifindex, TcHook hook, const std::string& pin) {
  if (kind == TcKind::kTcx) return DetachLink(pin);
  bpf_tc_hook clsact = ClsactHook(ifindex, hook);
  bpf_tc_opts opts = ClsactOpts();
  int err = bpf_tc_detach(&clsact, &opts);
  if (err && err != -ENOENT && err != -ENODEV && err != -EINVAL)
    return ErrnoStatus(-err, absl::StrCat("detach from netdev ", ifindex));
  if (!err) RemoveEmptyClsact(ifindex);
  return absl::OkStatus();
}

absl::Status AttachXdp(int prog_fd, int ifindex, const std::string& pin, const std::string& what) {
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

bool LinkIsAttached(const std::string& pin) {
  Fd link(bpf_obj_get(pin.c_str()));
  bpf_link_info info = {};
  __u32 len = sizeof(info);
  // xdp.ifindex and tcx.ifindex are the same word of the union.
  return link && bpf_obj_get_info_by_fd(link.get(), &info, &len) == 0 && info.xdp.ifindex != 0;
}

}  // namespace xsw
