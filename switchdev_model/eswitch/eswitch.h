// SPDX-License-Identifier: Apache-2.0
// An eswitch: the switch on one uplink, as it is in the kernel. Opened for one command, then
// closed.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_H_

#include <time.h>

#include <optional>
#include <string>
#include <vector>

#include "abi.h"
#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "userspace/attach.h"
#include "userspace/datapath.h"
#include "userspace/fd.h"
#include "userspace/link.h"
#include "userspace/own_abi.h"

namespace xsw {

// What a user may set; what is not set stays, or is the default (the first of each enum; host on).
struct EswitchSettings {
  std::optional<xsw_mode> mode;
  std::optional<xsw_xdp> xdp;
  std::optional<xsw_rx_path> rx_path;
  std::optional<bool> host;
  std::optional<xsw_miss> miss;
};

// How far a writing command looks for changes that nobody has told xsw of.
enum class Mend {
  kAll,   // what the kernel took away, and what users did by hand to any port's netdevs
  kGone,  // what the kernel took away alone: that takes no longer the more ports there are
};

// Changes under the eswitch that a writing command has found, and mended.
struct Mended {
  uint64_t programs = 0;  // netdevs that have xsw's programs again
  uint64_t others = 0;
};

class Eswitch {
 public:
  // bpffs is FindBpffs()'s, here and below. Makes the netdev an uplink, whole or not at all.
  static absl::Status Add(const std::string& bpffs, const std::string& uplink,
                          const EswitchSettings& settings);

  // What Add would refuse before it changes anything.
  static absl::Status CheckAdd(const std::string& bpffs, const std::string& uplink,
                               const EswitchSettings& settings);

  // NotFound: the netdev is no uplink. FailedPrecondition: its `eswitch add` or `eswitch del` has
  // not come to its end, or a version has made it that this one cannot read. An older one's state
  // is seen as this version's: nobody may write to it.
  static absl::StatusOr<Eswitch> OpenToRead(const std::string& bpffs, const std::string& uplink);
  // An error of the two that open says that: there is a directory, but no whole eswitch in it.
  static bool IsUnfinished(const absl::Status& status);
  // The same of an eswitch whose uplink's netdev is gone: all that is left to do is Del().
  static bool IsWithoutUplink(const absl::Status& status);
  // Holds the eswitch's lock until destruction. FailedPrecondition: also if an older version has
  // made it. First completes an upgrade that was cut off (version/upgrade.h), ends a capture that
  // was (show/capture.h), and mends what has changed under it (repair.h).
  static absl::StatusOr<Eswitch> OpenToWrite(const std::string& bpffs, const std::string& uplink,
                                             Mend mend = Mend::kAll);

  // The ABI version of its state, and what OpenToWrite() would refuse because of it.
  uint32_t made_by() const { return made_by_; }
  absl::Status CheckVersion() const;
  // The same, without opening it.
  static absl::Status CheckVersion(const std::string& bpffs, const std::string& uplink);
  // An upgrade is at work, or was cut off: programs of two versions are attached. Never to write.
  bool is_between_versions() const { return is_between_versions_; }

  // What Set would refuse before it changes anything.
  absl::Status CheckSet(const EswitchSettings& settings);
  absl::Status Set(const EswitchSettings& settings);

  // What Del would refuse before it changes anything.
  static absl::Status CheckDel(const std::string& bpffs, const std::string& uplink);
  // Removes ports, programs and state, of whatever version; also what an interrupted command has
  // left.
  static absl::Status Del(const std::string& bpffs, const std::string& uplink);

  const EswitchDir& dir() const { return dir_; }

  // The kernel objects.
  Datapath& datapath() { return datapath_; }
  xsw_eswitch& config() { return datapath_.eswitch(); }
  Netlink& nl() { return nl_; }
  const Link& uplink() const { return uplink_; }
  // Indices of which Repair has cleared away what a killed `port add` or `port del` had left: to
  // remove them is done.
  std::vector<uint32_t>& cleared() { return cleared_; }
  // By Repair, and not yet in the record of health.
  Mended& mended() { return mended_; }
  // The private namespace in which function ends wait while they are inactive or detached.
  const Fd& parked() const { return parked_; }
  xsw_tc tc() const { return static_cast<xsw_tc>(datapath_.eswitch().tc); }

  // When a command has last changed something: the time of the eswitch's directory.
  void NoteChange() const;
  absl::StatusOr<timespec> LastChange() const;

  // Where a link is pinned, below the eswitch's directory.
  std::string UplinkPin(const std::string& program) const;
  std::string PortPin(uint32_t port, const std::string& program) const;
  // Bind mount of the private namespace of a queues port.
  std::string PortNetns(uint32_t port) const { return dir_.PortNetns(port); }

 private:
  Eswitch(EswitchDir dir, Datapath datapath, Netlink nl, Link uplink)
      : dir_(std::move(dir)),
        datapath_(std::move(datapath)),
        nl_(std::move(nl)),
        uplink_(std::move(uplink)) {}
  static absl::StatusOr<Eswitch> Open(const EswitchDir& dir, Netlink nl, Link uplink);
  static absl::Status Make(const EswitchDir& dir, const EswitchSettings& settings);
  absl::Status Start(const EswitchSettings& settings);
  // Opens the private namespace; true: makes it, because it is not there.
  absl::StatusOr<bool> OpenParked();
  friend absl::Status Repair(Eswitch& eswitch, Mend mend);

  EswitchDir dir_;
  Datapath datapath_;
  Netlink nl_;
  Link uplink_;
  uint32_t made_by_ = OwnAbi();
  bool is_between_versions_ = false;
  std::vector<uint32_t> cleared_;
  Mended mended_;
  Fd parked_;
  Fd lock_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_H_
