// SPDX-License-Identifier: Apache-2.0
#include "userspace/shared_xdp.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <xdp/libxdp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

#include "shared.skel.h"
#include "userspace/bpffs.h"
#include "userspace/datapath.h"
#include "userspace/fd.h"
#include "userspace/netlink.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"

namespace xsw {
namespace {

// Behind filters (xdp-filter has 10, the default is 50): what they drop is not for a port.
constexpr unsigned kPriority = 80;

using XdpProgram = std::unique_ptr<xdp_program, FreeWith<xdp_program__close>>;
using Dispatcher = std::unique_ptr<xdp_multiprog, FreeWith<xdp_multiprog__close>>;
using Skeleton = std::unique_ptr<shared_bpf, FreeWith<shared_bpf__destroy>>;

// Both libraries report on stderr.
void BeSilent() {
  libbpf_set_print(nullptr);
  libxdp_set_print(nullptr);
}

XdpProgram OpenPass() {
  xdp_program_opts opts = {};
  opts.sz = sizeof(opts);
  opts.find_filename = "xdp-dispatcher.o";
  opts.prog_name = "xdp_pass";
  xdp_program* program = xdp_program__create(&opts);
  return XdpProgram(libxdp_get_error(program) ? nullptr : program);
}

// An XDP program, and the same once more in place of its function.
int LoadReplacement(bpf_object* target, bpf_object* object) {
  if (bpf_object__load(target)) return errno;
  bpf_program* replaced = bpf_object__find_program_by_name(target, "xdp_pass");
  bpf_program* program = bpf_object__find_program_by_name(object, "xdp_pass");
  bpf_program__set_type(program, BPF_PROG_TYPE_EXT);
  bpf_program__set_expected_attach_type(program, static_cast<bpf_attach_type>(0));
  if (bpf_program__set_attach_target(program, bpf_program__fd(replaced), "xdp_pass")) return errno;
  return bpf_object__load(object) ? errno : 0;
}

// Of the map by which an eswitch's programs are known; 0: there is none in this directory.
absl::StatusOr<uint32_t> EswitchMapId(const std::string& dir) {
  const std::string pin = absl::StrCat(dir, "/", kEswitchMap);
  XSW_ASSIGN_OR_RETURN(const Fd fd, OpenPin(pin));
  bpf_map_info info = {};
  __u32 len = sizeof(info);
  if (fd && bpf_obj_get_info_by_fd(fd.get(), &info, &len)) return ErrnoStatus(errno, "read " + pin);
  return info.id;
}

bool IsOurs(int program_fd, uint32_t eswitch_map) {
  std::vector<uint32_t> maps(64);
  bpf_prog_info info = {};
  info.nr_map_ids = static_cast<__u32>(maps.size());
  info.map_ids = reinterpret_cast<uintptr_t>(maps.data());
  __u32 len = sizeof(info);
  if (!eswitch_map || bpf_obj_get_info_by_fd(program_fd, &info, &len)) return false;
  maps.resize(std::min<size_t>(maps.size(), info.nr_map_ids));
  return !std::strcmp(info.name, kUplinkXdp) &&
         std::find(maps.begin(), maps.end(), eswitch_map) != maps.end();
}

// Null: no XDP program is on it, or it is gone.
absl::StatusOr<Dispatcher> DispatcherOn(int ifindex) {
  __u32 any = 0;
  if (ifindex <= 0) return nullptr;
  const int err = bpf_xdp_query_id(ifindex, 0, &any);
  if (err == -ENODEV || (!err && !any)) return nullptr;
  const std::string what = absl::StrCat("read the XDP programs of netdev ", ifindex);
  if (err) return ErrnoStatus(-err, what);
  xdp_multiprog* found = xdp_multiprog__get_from_ifindex(ifindex);
  const auto error = static_cast<int>(libxdp_get_error(found));
  if (!error) return Dispatcher(found);
  // Gone since.
  if (error == -ENOENT) return nullptr;
  return ErrnoStatus(-error, what);
}

// Those of the eswitch in dir; they belong to the dispatcher.
absl::StatusOr<std::vector<xdp_program*>> FindOurs(const Dispatcher& dispatcher,
                                                   const std::string& dir) {
  std::vector<xdp_program*> ours;
  if (!dispatcher || xdp_multiprog__is_legacy(dispatcher.get())) return ours;
  XSW_ASSIGN_OR_RETURN(const uint32_t map, EswitchMapId(dir));
  xdp_program* member = nullptr;
  while ((member = xdp_multiprog__next_prog(member, dispatcher.get())))
    if (IsOurs(xdp_program__fd(member), map)) ours.push_back(member);
  return ours;
}

// Their ids.
absl::StatusOr<std::set<uint32_t>> OursOn(int ifindex, const std::string& dir) {
  XSW_ASSIGN_OR_RETURN(const Dispatcher dispatcher, DispatcherOn(ifindex));
  XSW_ASSIGN_OR_RETURN(const std::vector<xdp_program*> ours, FindOurs(dispatcher, dir));
  std::set<uint32_t> ids;
  for (xdp_program* program : ours) ids.insert(xdp_program__id(program));
  return ids;
}

absl::Status LeaveById(uint32_t id, int ifindex, const std::string& what) {
  XSW_ASSIGN_OR_RETURN(const Dispatcher dispatcher, DispatcherOn(ifindex));
  xdp_program* member = nullptr;
  while (dispatcher && (member = xdp_multiprog__next_prog(member, dispatcher.get())))
    if (xdp_program__id(member) == id) break;
  if (!dispatcher || !member) return absl::OkStatus();
  const xdp_attach_mode mode = xdp_multiprog__attach_mode(dispatcher.get());
  if (int err = xdp_program__detach(member, ifindex, mode, 0))
    return ErrnoStatus(-err, absl::StrCat(what, ": leave libxdp's dispatcher"));
  return absl::OkStatus();
}

// A build of its own, with the eswitch's own maps. The devmap is another one: libxdp loads members
// without the frags flag, and a devmap belongs to programs of one kind (kernel/bpf/core.c,
// bpf_prog_map_compatible).
absl::StatusOr<Skeleton> OpenMember(const std::string& dir) {
  Skeleton skeleton(shared_bpf__open());
  if (!skeleton) return ErrnoStatus(errno, "open the BPF programs");
  bpf_program* program;
  bpf_object__for_each_program(program, skeleton->obj)
      bpf_program__set_autoload(program, !std::strcmp(bpf_program__name(program), kUplinkXdp));
  XSW_RETURN_IF_ERROR(ShareMaps(skeleton->obj, dir));
  Fd targets(bpf_obj_get((dir + "/" + kDevSharedMap).c_str()));
  if (!targets || bpf_map__reuse_fd(skeleton->maps.xsw_dev_xdp, targets.get()))
    return ErrnoStatus(errno, absl::StrCat("share ", dir, "/", kDevSharedMap));
  return skeleton;
}

absl::Status JoinError(int err, const Dispatcher& before, const std::string& what) {
  if (err == EBUSY && before && xdp_multiprog__is_legacy(before.get()))
    return absl::AlreadyExistsError(
        absl::StrCat(what,
                     ": the XDP program on it is not in a dispatcher of libxdp's and cannot be "
                     "shared: say xdp off"));
  if (err == EOPNOTSUPP)
    return absl::UnimplementedError(
        absl::StrCat(what, ": its driver has no native XDP: say xdp off, tc does the same"));
  if (err == E2BIG)
    return absl::ResourceExhaustedError(
        absl::StrCat(what, ": libxdp's dispatcher there is full: say xdp off"));
  return ErrnoStatus(err, absl::StrCat(what, ": join libxdp's dispatcher"));
}

}  // namespace

absl::Status CheckDispatcher() {
  BeSilent();
  XdpProgram target = OpenPass(), program = OpenPass();
  if (!target || !program)
    return absl::NotFoundError("xdp shared: libxdp's xdp-dispatcher.o is not installed");
  if (int err =
          LoadReplacement(xdp_program__bpf_obj(target.get()), xdp_program__bpf_obj(program.get())))
    return absl::UnimplementedError(
        absl::StrCat("xdp shared: this kernel does not load libxdp's dispatcher (",
                     std::strerror(err), "): say xdp on, or xdp off"));
  return absl::OkStatus();
}

absl::Status JoinDispatcher(const std::string& dir, int ifindex, const std::string& what) {
  XSW_RETURN_IF_ERROR(CheckDispatcher());
  XSW_ASSIGN_OR_RETURN(Skeleton skeleton, OpenMember(dir));
  xdp_program_opts opts = {};
  opts.sz = sizeof(opts);
  opts.obj = skeleton->obj;
  opts.prog_name = kUplinkXdp;
  XdpProgram program(xdp_program__create(&opts));
  if (libxdp_get_error(program.get())) {
    program.release();
    return ErrnoStatus(errno, what);
  }
  xdp_program__set_run_prio(program.get(), kPriority);
  xdp_program__set_xdp_frags_support(program.get(), RedirectsFragsToNetdevs());
  // For the words of an error alone.
  const Dispatcher before = DispatcherOn(ifindex).value_or(nullptr);
  if (int err = xdp_program__attach(program.get(), ifindex, XDP_MODE_NATIVE, 0))
    return JoinError(-err, before, what);
  const absl::StatusOr<bool> joined = IsInDispatcher(dir, ifindex);
  if (joined.value_or(false)) return absl::OkStatus();
  // libxdp has its reasons to do without (no bpffs, $LIBXDP_SKIP_DISPATCHER): not ours.
  xdp_program__detach(program.get(), ifindex, XDP_MODE_NATIVE, 0);
  if (!joined.ok()) return joined.status();
  return absl::UnimplementedError(absl::StrCat(
      what,
      ": libxdp has made no dispatcher but put the program there alone, which is undone: is "
      "there a bpffs at /sys/fs/bpf? Say xdp on, or xdp off"));
}

absl::Status LeaveDispatcher(const std::string& dir, int ifindex, const std::string& what) {
  BeSilent();
  // Two, if a replacement was cut off.
  XSW_ASSIGN_OR_RETURN(const std::set<uint32_t> ours, OursOn(ifindex, dir));
  for (const uint32_t id : ours) XSW_RETURN_IF_ERROR(LeaveById(id, ifindex, what));
  return absl::OkStatus();
}

absl::Status ReplaceInDispatcher(const std::vector<std::string>& older, const std::string& dir,
                                 int ifindex, const std::string& what) {
  BeSilent();
  XSW_ASSIGN_OR_RETURN(std::set<uint32_t> replaced, OursOn(ifindex, dir));
  for (const std::string& state : older) {
    XSW_ASSIGN_OR_RETURN(std::set<uint32_t> ids, OursOn(ifindex, state));
    replaced.merge(ids);
  }
  if (replaced.empty()) return absl::OkStatus();
  absl::Status joined = JoinDispatcher(dir, ifindex, what);
  const bool full = absl::IsResourceExhausted(joined);
  if (!joined.ok() && !full) return joined;
  for (const uint32_t id : replaced) XSW_RETURN_IF_ERROR(LeaveById(id, ifindex, what));
  // Meanwhile tc does the same.
  return full ? JoinDispatcher(dir, ifindex, what) : absl::OkStatus();
}

absl::StatusOr<bool> IsInDispatcher(const std::string& dir, int ifindex) {
  BeSilent();
  XSW_ASSIGN_OR_RETURN(const std::set<uint32_t> ours, OursOn(ifindex, dir));
  return !ours.empty();
}

void RemoveDeadMembership(const std::string& dir, int ifindex) {
  const char* bpffs = secure_getenv("LIBXDP_BPFFS");
  const std::string root = absl::StrCat(bpffs ? bpffs : "/sys/fs/bpf", "/xdp");
  const std::string prefix = absl::StrCat("dispatch-", ifindex, "-");
  // Without it nobody could tell which are ours.
  const uint32_t map = EswitchMapId(dir).value_or(0);
  for (const std::string& name : ListDir(root)) {
    if (!name.starts_with(prefix)) continue;
    const std::string pins = absl::StrCat(root, "/", name);
    for (int i = 0; i < 10; i++) {
      const std::string pin = absl::StrCat(pins, "/prog", i, "-");
      Fd program(bpf_obj_get((pin + "prog").c_str()));
      if (!program || !IsOurs(program.get(), map)) continue;
      unlink((pin + "link").c_str());
      unlink((pin + "prog").c_str());
    }
    rmdir(pins.c_str());  // refused while there are others
  }
}

}  // namespace xsw
