// SPDX-License-Identifier: Apache-2.0
// The loaded programs and maps of one eswitch, pinned in its directory: the only copy of its state.
#ifndef XSW_USERSPACE_DATAPATH_H_
#define XSW_USERSPACE_DATAPATH_H_

#include <functional>
#include <string>
#include <vector>

#include "abi.h"
#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/hash_map.h"
#include "userspace/mapped_array.h"
#include "userspace/older.h"

struct bpf_object;

namespace xsw {

// Gives another build of the programs, not loaded yet, the maps pinned in dir. Those that are not
// there it makes for itself.
absl::Status ShareMaps(bpf_object* object, const std::string& dir);

class Datapath {
 public:
  // Loads all programs (the only time that the verifier runs) and pins them and their maps in dir,
  // with what `from` has in its maps, if there is one. Nothing is attached. On error nothing is
  // left in dir.
  static absl::StatusOr<Datapath> Load(const std::string& dir, const Older* from = nullptr);
  // Opens what is pinned in dir. FailedPrecondition: of another ABI version.
  static absl::StatusOr<Datapath> Open(const std::string& dir);
  // An older version's state, to read: where its values are not this version's, in maps that end
  // with this object.
  static absl::StatusOr<Datapath> View(const Older& from);

  const std::string& dir() const { return dir_; }
  xsw_eswitch& eswitch() const { return eswitch_[0]; }
  MappedArray<xsw_port>& ports() { return ports_; }
  MappedArray<xsw_port_conf>& confs() { return confs_; }
  MappedArray<xsw_vlans>& vlans() { return vlans_; }
  MappedArray<xsw_rate>& rates() { return rates_; }

  HashMap<xsw_fdb_key, xsw_fdb_entry>& fdb() { return fdb_; }
  HashMap<xsw_mdb_key, uint32_t>& mdb() { return mdb_; }

  // A pinned program, for attaching.
  absl::StatusOr<Fd> Program(const std::string& name) const;

  // Which port a representor is, in both directions. ifindex is in the caller's network namespace.
  // RepresentorFits: no other representor has its slot in xsw_rep.
  bool RepresentorFits(int ifindex) const;
  absl::Status SetRepresentor(uint32_t port, int ifindex);
  absl::Status ClearRepresentor(uint32_t port, int ifindex);
  // Frames to the port are dropped as detached until the next SetRepresentor().
  absl::Status ClearTarget(uint32_t port);
  // The representor that SetRepresentor() has entered, and that the kernel has not taken out since:
  // 0 when it is gone. An ifindex alone proves nothing: it is used again.
  absl::StatusOr<int> Target(uint32_t port) const;
  // The uplink as target of XDP frames, for when it can transmit them; with it the eswitch has a
  // netdev (HasNetdevs).
  absl::Status SetUplink(int ifindex);

  // The same targets once more, for the program that joins libxdp's dispatcher (shared_xdp.h), kept
  // like the others from now on; and no longer.
  absl::Status MakeSharedTargets();
  void DropSharedTargets();
  bool HasSharedTargets() const { return static_cast<bool>(dev_shared_); }

  // Sum over all CPUs, and what older versions have counted.
  absl::StatusOr<xsw_stats> Stats(uint32_t port) const;
  // The same of ports 0 to count - 1.
  absl::StatusOr<std::vector<xsw_stats>> StatsOfFirst(uint32_t count) const;
  absl::Status ClearStats(uint32_t port);

  // A queues port's own XSKMAP (queue -> socket, XSW_MAX_QUEUES slots), pinned at pin; an empty one
  // in place of that which is there. Killed in between, the programs have the old one: MendXskMap()
  // goes on.
  absl::Status MakeXskMap(uint32_t port, const std::string& pin);
  absl::Status MendXskMap(uint32_t port, const std::string& pin);
  absl::Status RemoveXskMap(uint32_t port, const std::string& pin);

 private:
  Datapath(std::string dir, MappedArray<xsw_eswitch> eswitch, MappedArray<xsw_port> ports,
           MappedArray<xsw_port_conf> confs, MappedArray<xsw_vlans> vlans,
           MappedArray<xsw_rate> rates, MappedArray<xsw_rep_slot> reps)
      : dir_(std::move(dir)),
        eswitch_(std::move(eswitch)),
        ports_(std::move(ports)),
        confs_(std::move(confs)),
        vlans_(std::move(vlans)),
        rates_(std::move(rates)),
        reps_(std::move(reps)) {}

  // By their names in the table of maps.
  using OpenMapFn = std::function<absl::StatusOr<Fd>(const char* name)>;
  static absl::StatusOr<Datapath> OpenWith(const std::string& dir, const OpenMapFn& open);

  // In all devmaps. Not 0: errno says why.
  int SetTarget(uint32_t port, int ifindex);

  std::string dir_;
  MappedArray<xsw_eswitch> eswitch_;
  MappedArray<xsw_port> ports_;
  MappedArray<xsw_port_conf> confs_;
  MappedArray<xsw_vlans> vlans_;
  MappedArray<xsw_rate> rates_;
  MappedArray<xsw_rep_slot> reps_;
  HashMap<xsw_fdb_key, xsw_fdb_entry> fdb_;
  HashMap<xsw_mdb_key, uint32_t> mdb_;
  Fd dev_xdp_, dev_tc_, stats_, xsks_;
  Fd dev_shared_;  // none unless shared
  Fd stats_base_;  // none unless an older version has counted
  // Of a view alone: in which map that version counts.
  Fd older_stats_;
  uint32_t older_abi_ = 0;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_DATAPATH_H_
