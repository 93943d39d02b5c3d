// SPDX-License-Identifier: Apache-2.0
#include "userspace/datapath.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "absl/cleanup/cleanup.h"
#include "queue.skel.h"
#include "userspace/bpffs.h"
#include "userspace/carry.h"
#include "userspace/load_log.h"
#include "userspace/netlink.h"
#include "userspace/own_abi.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/stats.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"
#include "xsw.skel.h"

namespace xsw {
namespace {

using SwitchSkeleton = std::unique_ptr<xsw_bpf, FreeWith<xsw_bpf__destroy>>;
using QueueSkeleton = std::unique_ptr<queue_bpf, FreeWith<queue_bpf__destroy>>;

absl::StatusOr<Fd> Duplicate(int fd) {
  Fd copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy) return ErrnoStatus(errno, "open a map");
  return copy;
}

std::string PinOf(const std::string& dir, const std::string& name) {
  return absl::StrCat(dir, "/", name);
}

absl::Status LoadError(int err) {
  std::string what = absl::StrCat("load the BPF programs (", Complaint(), ")");
  if (err == EINVAL || err == E2BIG)
    absl::StrAppend(&what, ", which need Linux 6.1 or newer with CONFIG_BPF_SYSCALL");
  return ErrnoStatus(err, what);
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

// Both objects, opened and not loaded.
struct Objects {
  SwitchSkeleton programs;
  QueueSkeleton queue;

  absl::Status Open() {
    libbpf_set_print(KeepComplaint);
    ClearComplaints();
    programs.reset(xsw_bpf__open());
    queue.reset(queue_bpf__open());
    if (!programs || !queue) return LoadError(errno);
    SetFrags(programs->obj, RedirectsFragsToNetdevs());
    SetFrags(queue->obj, RedirectsFragsToSockets());
    return absl::OkStatus();
  }

  // With the maps of an older state, if there is one.
  absl::Status Load(const Older* from) {
    if (from) XSW_RETURN_IF_ERROR(TakeMaps(programs->obj, *from));
    if (from) XSW_RETURN_IF_ERROR(TakeMaps(queue->obj, *from));
    if (int err = xsw_bpf__load(programs.get())) return LoadError(-err);
    if (bpf_map__reuse_fd(queue->maps.xsw_stats, bpf_map__fd(programs->maps.xsw_stats)))
      return LoadError(errno);
    if (int err = queue_bpf__load(queue.get())) return LoadError(-err);
    if (from) XSW_RETURN_IF_ERROR(FillMaps(programs->obj, *from));
    return from ? FillMaps(queue->obj, *from) : absl::OkStatus();
  }
};

template <typename T>
absl::StatusOr<MappedArray<T>> MapArray(const absl::StatusOr<Fd>& map, size_t entries) {
  if (!map.ok()) return map.status();
  return MappedArray<T>::Map(map->get(), entries);
}

}  // namespace

absl::Status ShareMaps(bpf_object* object, const std::string& dir) {
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    const std::string pin = PinOf(dir, bpf_map__name(map));
    XSW_ASSIGN_OR_RETURN(const Fd fd, OpenPin(pin));
    if (fd && bpf_map__reuse_fd(map, fd.get())) return ErrnoStatus(errno, "share " + pin);
  }
  return absl::OkStatus();
}

absl::StatusOr<Datapath> Datapath::Load(const std::string& dir, const Older* from) {
  Objects objects;
  XSW_RETURN_IF_ERROR(objects.Open());
  XSW_RETURN_IF_ERROR(objects.Load(from));
  absl::Cleanup unpin = [&] {
    for (const std::string& name : ListDir(dir)) unlink(PinOf(dir, name).c_str());
  };
  XSW_RETURN_IF_ERROR(PinAll(objects.programs->obj, dir));
  XSW_RETURN_IF_ERROR(PinAll(objects.queue->obj, dir));
  if (from) XSW_RETURN_IF_ERROR(TakeOptionalMaps(*from, dir));
  xsw_eswitch eswitch = {.abi = OwnAbi(), .fdb_generation = 1};
  __u32 zero = 0;
  bpf_map* last = objects.programs->maps.xsw_eswitch;
  if (!from && bpf_map_update_elem(bpf_map__fd(last), &zero, &eswitch, BPF_ANY))
    return ErrnoStatus(errno, "write xsw_eswitch");
  if (int err = bpf_map__pin(last, PinOf(dir, kEswitchMap).c_str()))
    return ErrnoStatus(-err, "pin xsw_eswitch");
  XSW_ASSIGN_OR_RETURN(Datapath datapath, Open(dir));
  std::move(unpin).Cancel();
  return datapath;
}

absl::StatusOr<Datapath> Datapath::Open(const std::string& dir) {
  XSW_ASSIGN_OR_RETURN(Fd eswitch, OpenMap(dir, kEswitchMap));
  __u32 zero = 0, abi[64] = {};
  // Another version's value may be longer, but abi is its first word in all of them.
  bpf_map_info info = {};
  __u32 len = sizeof(info);
  if (bpf_obj_get_info_by_fd(eswitch.get(), &info, &len) || info.value_size > sizeof(abi) ||
      bpf_map_lookup_elem(eswitch.get(), &zero, abi))
    return ErrnoStatus(errno, absl::StrCat("read ", PinOf(dir, kEswitchMap)));
  if (abi[0] != OwnAbi())
    return absl::FailedPreconditionError(absl::StrCat(dir, " was made by an xsw with ABI version ",
                                                      abi[0], ", this one has ", OwnAbi()));
  return OpenWith(dir, [&](const char* name) { return OpenMap(dir, name); });
}

absl::StatusOr<Datapath> Datapath::View(const Older& from) {
  Objects objects;
  XSW_RETURN_IF_ERROR(objects.Open());
  for (bpf_object* object : {objects.programs->obj, objects.queue->obj}) {
    bpf_program* program;
    bpf_object__for_each_program(program, object) bpf_program__set_autoload(program, false);
  }
  XSW_RETURN_IF_ERROR(objects.Load(&from));
  XSW_ASSIGN_OR_RETURN(Datapath view, OpenWith(from.state, [&](const char* name) {
                         bpf_map* map = bpf_object__find_map_by_name(objects.programs->obj, name);
                         if (!map) map = bpf_object__find_map_by_name(objects.queue->obj, name);
                         return map ? Duplicate(bpf_map__fd(map)) : OpenMap(from.state, name);
                       }));
  XSW_ASSIGN_OR_RETURN(view.older_stats_, OlderCounts(from, view.stats_));
  view.older_abi_ = from.abi;
  return view;
}

absl::StatusOr<Datapath> Datapath::OpenWith(const std::string& dir, const OpenMapFn& open) {
  constexpr size_t kPorts = XSW_MAX_PORTS + 1;
  XSW_ASSIGN_OR_RETURN(auto eswitch, MapArray<xsw_eswitch>(open(kEswitchMap), 1));
  XSW_ASSIGN_OR_RETURN(auto ports, MapArray<xsw_port>(open(kPortMap), kPorts));
  XSW_ASSIGN_OR_RETURN(auto confs, MapArray<xsw_port_conf>(open(kPortConfMap), kPorts));
  XSW_ASSIGN_OR_RETURN(auto vlans, MapArray<xsw_vlans>(open(kVlanMap), kPorts));
  XSW_ASSIGN_OR_RETURN(auto rates, MapArray<xsw_rate>(open(kRateMap), kPorts));
  XSW_ASSIGN_OR_RETURN(auto reps, MapArray<xsw_rep_slot>(open(kRepMap), XSW_REP_SLOTS));
  Datapath d(dir, std::move(eswitch), std::move(ports), std::move(confs), std::move(vlans),
             std::move(rates), std::move(reps));
  XSW_ASSIGN_OR_RETURN(Fd fdb, open(kFdbMap));
  d.fdb_ = {std::move(fdb), "the FDB", XSW_MAX_FDB, &d.eswitch().fdb_generation};
  XSW_ASSIGN_OR_RETURN(Fd mdb, open(kMdbMap));
  d.mdb_ = {std::move(mdb), "the MDB", XSW_MAX_MDB, nullptr};
  XSW_ASSIGN_OR_RETURN(d.dev_xdp_, open(kDevXdpMap));
  XSW_ASSIGN_OR_RETURN(d.dev_tc_, open(kDevTcMap));
  XSW_ASSIGN_OR_RETURN(d.dev_shared_, OpenPin(PinOf(dir, kDevSharedMap)));
  XSW_ASSIGN_OR_RETURN(d.stats_, open(kStatsMap));
  XSW_ASSIGN_OR_RETURN(d.stats_base_, OpenPin(PinOf(dir, kStatsBaseMap)));
  XSW_ASSIGN_OR_RETURN(d.xsks_, open(kXsksMap));
  return d;
}

absl::StatusOr<Fd> Datapath::Program(const std::string& name) const {
  Fd fd(bpf_obj_get(PinOf(dir_, name).c_str()));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", PinOf(dir_, name)));
  return fd;
}

absl::StatusOr<xsw_stats> Datapath::Stats(uint32_t port) const {
  XSW_ASSIGN_OR_RETURN(xsw_stats sum, SumOfCpus(stats_, port));
  xsw_stats before = {};
  if (stats_base_ && bpf_map_lookup_elem(stats_base_.get(), &port, &before))
    return ErrnoStatus(errno, absl::StrCat("read counters of port ", port));
  AddStats(before, sum);
  if (!older_stats_) return sum;
  XSW_ASSIGN_OR_RETURN(const xsw_stats older, SumOfCpus(older_stats_, port));
  AddStats(ConvertStats(older_abi_, older), sum);
  return sum;
}

absl::StatusOr<std::vector<xsw_stats>> Datapath::StatsOfFirst(uint32_t count) const {
  XSW_ASSIGN_OR_RETURN(std::vector<xsw_stats> sums, SumsOfCpus(stats_, count));
  if (!stats_base_ && !older_stats_) return sums;
  for (uint32_t port = 0; port < count; port++) {
    if (!confs_[port].present && port != XSW_UPLINK) continue;
    XSW_ASSIGN_OR_RETURN(sums[port], Stats(port));
  }
  return sums;
}

absl::Status Datapath::ClearStats(uint32_t port) {
  std::vector<xsw_stats> zero(libbpf_num_possible_cpus());
  if (bpf_map_update_elem(stats_.get(), &port, zero.data(), BPF_ANY) ||
      (stats_base_ && bpf_map_update_elem(stats_base_.get(), &port, zero.data(), BPF_ANY)))
    return ErrnoStatus(errno, absl::StrCat("clear counters of port ", port));
  return absl::OkStatus();
}

}  // namespace xsw
