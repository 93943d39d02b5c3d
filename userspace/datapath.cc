// SPDX-License-Identifier: Apache-2.0
#include "userspace/datapath.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "queue.skel.h"
#include "userspace/bpffs.h"
#include "userspace/load_log.h"
#include "userspace/netlink.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"
#include "xsw.skel.h"

namespace xsw {
namespace {

using SwitchSkeleton = std::unique_ptr<xsw_bpf, FreeWith<xsw_bpf__destroy>>;
using QueueSkeleton = std::unique_ptr<queue_bpf, FreeWith<queue_bpf__destroy>>;

std::string PinOf(const std::string& dir, const std::string& name) {
  return absl::StrCat(dir, "/", name);
}

absl::Status LoadError(int err) {
  std::string what = absl::StrCat("load the BPF programs (", Complaint(), ")");
  if (err == EINVAL || err == E2BIG)
    absl::StrAppend(&what, ", which need Linux 6.1 or newer with CONFIG_BPF_SYSCALL");
  return ErrnoStatus(err, what);
}

std::string PlaceBeside(const std::string& pin) { return pin + "_new"; }

// In one step: whatever has that pin loses it.
absl::Status PinInPlace(int fd, const std::string& pin, const std::string& what) {
  const std::string made = PlaceBeside(pin);
  if (unlink(made.c_str()) && errno != ENOENT) return ErrnoStatus(errno, "remove " + made);
  if (!bpf_obj_pin(fd, made.c_str()) && !rename(made.c_str(), pin.c_str())) return absl::OkStatus();
  const absl::Status status = ErrnoStatus(errno, what);
  // One that stays the next one in this place replaces.
  unlink(made.c_str());
  return status;
}

// All but xsw_eswitch, with which the state is whole: a command that is killed before leaves what
// nobody takes for an eswitch. A map that is pinned already is shared with another object.
absl::Status PinAll(bpf_object* object, const std::string& dir) {
  bpf_map* map;
  bpf_program* program;
  bpf_object__for_each_map(map, object) {
    // Constants of the compiler's own (.rodata and the like) are held by the programs.
    if (bpf_map__is_internal(map) || bpf_map__name(map) == std::string_view(kEswitchMap)) continue;
    std::string pin = PinOf(dir, bpf_map__name(map));
    if (access(pin.c_str(), F_OK) == 0) continue;
    if (int err = bpf_map__pin(map, pin.c_str())) return ErrnoStatus(-err, "pin " + pin);
  }
  bpf_object__for_each_program(program, object) {
    std::string pin = PinOf(dir, bpf_program__name(program));
    if (int err = bpf_program__pin(program, pin.c_str())) return ErrnoStatus(-err, "pin " + pin);
  }
  return absl::OkStatus();
}

template <typename T>
absl::StatusOr<MappedArray<T>> MapPin(const std::string& dir, const std::string& name,
                                      size_t entries) {
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenMap(dir, name));
  return MappedArray<T>::Map(fd.get(), entries);
}

}  // namespace

absl::Status ShareMaps(bpf_object* object, const std::string& dir) {
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    const std::string pin = PinOf(dir, bpf_map__name(map));
    Fd fd(bpf_obj_get(pin.c_str()));
    if (!fd && errno == ENOENT) continue;
    if (!fd || bpf_map__reuse_fd(map, fd.get())) return ErrnoStatus(errno, "share " + pin);
  }
  return absl::OkStatus();
}

absl::StatusOr<Datapath> Datapath::Load(const std::string& dir) {
  libbpf_set_print(KeepComplaint);
  ForgetComplaints();
  SwitchSkeleton skeleton(xsw_bpf__open());
  QueueSkeleton queue(queue_bpf__open());
  if (!skeleton || !queue) return LoadError(errno);
  SetFrags(skeleton->obj, RedirectsFragsToNetdevs());
  SetFrags(queue->obj, RedirectsFragsToSockets());
  if (int err = xsw_bpf__load(skeleton.get())) return LoadError(-err);
  if (bpf_map__reuse_fd(queue->maps.xsw_stats, bpf_map__fd(skeleton->maps.xsw_stats)))
    return LoadError(errno);
  if (int err = queue_bpf__load(queue.get())) return LoadError(-err);
  absl::Cleanup unpin = [&] {
    for (const std::string& name : ListDir(dir)) unlink(PinOf(dir, name).c_str());
  };
  XSW_RETURN_IF_ERROR(PinAll(skeleton->obj, dir));
  XSW_RETURN_IF_ERROR(PinAll(queue->obj, dir));
  xsw_eswitch eswitch = {.abi = XSW_ABI_VERSION, .fdb_generation = 1};
  __u32 zero = 0;
  bpf_map* last = skeleton->maps.xsw_eswitch;
  if (bpf_map_update_elem(bpf_map__fd(last), &zero, &eswitch, BPF_ANY))
    return ErrnoStatus(errno, "write xsw_eswitch");
  if (int err = bpf_map__pin(last, PinOf(dir, kEswitchMap).c_str()))
    return ErrnoStatus(-err, "pin xsw_eswitch");
  XSW_ASSIGN_OR_RETURN(Datapath datapath, Open(dir));
  std::move(unpin).Cancel();
  return datapath;
}

absl::StatusOr<Datapath> Datapath::Open(const std::string& dir) {
  XSW_ASSIGN_OR_RETURN(Fd eswitch_fd, OpenMap(dir, kEswitchMap));
  __u32 zero = 0, abi[64] = {};
  // Another version's value may be longer, but abi is its first word in all of them.
  bpf_map_info info = {};
  __u32 len = sizeof(info);
  if (bpf_obj_get_info_by_fd(eswitch_fd.get(), &info, &len) || info.value_size > sizeof(abi) ||
      bpf_map_lookup_elem(eswitch_fd.get(), &zero, abi))
    return ErrnoStatus(errno, absl::StrCat("read ", PinOf(dir, kEswitchMap)));
  if (abi[0] != XSW_ABI_VERSION)
    return absl::FailedPreconditionError(absl::StrCat(dir, " was made by an xsw with ABI version ",
                                                      abi[0], ", this one has ", XSW_ABI_VERSION));
  constexpr size_t kPorts = XSW_MAX_PORTS + 1;
  XSW_ASSIGN_OR_RETURN(auto eswitch, MappedArray<xsw_eswitch>::Map(eswitch_fd.get(), 1));
  XSW_ASSIGN_OR_RETURN(auto ports, MapPin<xsw_port>(dir, kPortMap, kPorts));
  XSW_ASSIGN_OR_RETURN(auto confs, MapPin<xsw_port_conf>(dir, kPortConfMap, kPorts));
  XSW_ASSIGN_OR_RETURN(auto vlans, MapPin<xsw_vlans>(dir, kVlanMap, kPorts));
  XSW_ASSIGN_OR_RETURN(auto rates, MapPin<xsw_rate>(dir, kRateMap, kPorts));
  XSW_ASSIGN_OR_RETURN(auto reps, MapPin<xsw_rep_slot>(dir, kRepMap, XSW_REP_SLOTS));
  Datapath d(dir, std::move(eswitch), std::move(ports), std::move(confs), std::move(vlans),
             std::move(rates), std::move(reps));
  XSW_ASSIGN_OR_RETURN(Fd fdb, OpenMap(dir, kFdbMap));
  d.fdb_ = {std::move(fdb), "the FDB", XSW_MAX_FDB, &d.eswitch().fdb_generation};
  XSW_ASSIGN_OR_RETURN(Fd mdb, OpenMap(dir, kMdbMap));
  d.mdb_ = {std::move(mdb), "the MDB", XSW_MAX_MDB, nullptr};
  XSW_ASSIGN_OR_RETURN(d.dev_xdp_, OpenMap(dir, kDevXdpMap));
  XSW_ASSIGN_OR_RETURN(d.dev_tc_, OpenMap(dir, kDevTcMap));
  d.dev_shared_ = Fd(bpf_obj_get(PinOf(dir, kDevSharedMap).c_str()));
  XSW_ASSIGN_OR_RETURN(d.stats_, OpenMap(dir, kStatsMap));
  XSW_ASSIGN_OR_RETURN(d.xsks_, OpenMap(dir, kXsksMap));
  return d;
}

absl::StatusOr<Fd> Datapath::Program(const std::string& name) const {
  Fd fd(bpf_obj_get(PinOf(dir_, name).c_str()));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", PinOf(dir_, name)));
  return fd;
}

absl::StatusOr<xsw_stats> Datapath::Stats(uint32_t port) const {
  constexpr size_t kWords = sizeof(xsw_stats) / sizeof(__u64);
  union {
    xsw_stats stats;
    __u64 words[kWords];
  } sum = {};
  std::vector<__u64> cpus(kWords * libbpf_num_possible_cpus());
  if (bpf_map_lookup_elem(stats_.get(), &port, cpus.data()))
    return ErrnoStatus(errno, absl::StrCat("read counters of port ", port));
  for (size_t i = 0; i < cpus.size(); i++) sum.words[i % kWords] += cpus[i];
  return sum.stats;
}

absl::Status Datapath::MakeXskMap(uint32_t port, const std::string& pin) {
  const std::string what = absl::StrCat("make the XSKMAP of port ", port);
  const Fd before(bpf_obj_get(pin.c_str()));
  const Fd map(bpf_map_create(BPF_MAP_TYPE_XSKMAP, "xsw_xsk", sizeof(__u32), sizeof(__u32),
                              XSW_MAX_QUEUES, nullptr));
  const int fd = map.get();
  if (!map) return ErrnoStatus(errno, what);
  XSW_RETURN_IF_ERROR(PinInPlace(fd, pin, what));
  if (!bpf_map_update_elem(xsks_.get(), &port, &fd, BPF_ANY)) return absl::OkStatus();
  const absl::Status status = ErrnoStatus(errno, what);
  // The programs have the old one. Should it not get its pin back, MendXskMap() gives them the new
  // one.
  if (before) PinInPlace(before.get(), pin, what).IgnoreError();
  if (!before) unlink(pin.c_str());
  return status;
}

absl::Status Datapath::MendXskMap(uint32_t port, const std::string& pin) {
  Fd map(bpf_obj_get(pin.c_str()));
  if (!map && errno == ENOENT) return MakeXskMap(port, pin);
  bpf_map_info info = {};
  __u32 len = sizeof(info), used = 0;  // the id of a map in a map is its value
  const int fd = map.get();
  if (!map || bpf_obj_get_info_by_fd(fd, &info, &len))
    return ErrnoStatus(errno, absl::StrCat("read ", pin));
  if (!bpf_map_lookup_elem(xsks_.get(), &port, &used) && used == info.id) return absl::OkStatus();
  if (bpf_map_update_elem(xsks_.get(), &port, &fd, BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("mend the XSKMAP of port ", port));
  return absl::OkStatus();
}

absl::Status Datapath::RemoveXskMap(uint32_t port, const std::string& pin) {
  absl::Status status;
  if (bpf_map_delete_elem(xsks_.get(), &port) && errno != ENOENT)
    status = ErrnoStatus(errno, absl::StrCat("remove the XSKMAP of port ", port));
  // And one that was killed on its way there.
  for (const std::string& path : {pin, PlaceBeside(pin)}) {
    if (unlink(path.c_str()) && errno != ENOENT)
      status.Update(ErrnoStatus(errno, "remove " + path));
  }
  return status;
}

absl::Status Datapath::ClearStats(uint32_t port) {
  std::vector<xsw_stats> zero(libbpf_num_possible_cpus());
  if (bpf_map_update_elem(stats_.get(), &port, zero.data(), BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("clear counters of port ", port));
  return absl::OkStatus();
}

}  // namespace xsw
