// SPDX-License-Identifier: Apache-2.0
// Where the pins of an eswitch are: <bpffs>/xsw/<netns cookie>/<ifindex of the uplink>/. A cookie,
// unlike an inode, is never used twice, and an ifindex stays the same when its netdev is renamed.
// The symlink `uplink` in the directory holds the name that the uplink had when a writing command
// last saw it; what else is there is in version_dir.h.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_DIR_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_DIR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/link.h"

namespace xsw {

class EswitchDir {
 public:
  // Of the netdev with this name or altname in the caller's network namespace; or, if there is no
  // eswitch on it, of an eswitch whose uplink is gone and had this name. NotFound: there is
  // neither.
  static absl::StatusOr<EswitchDir> Of(Netlink& nl, const std::string& bpffs,
                                       const std::string& uplink);
  // Present names of the uplinks of all whole eswitches of the caller's namespace; the last known
  // name where the netdev is gone.
  static std::vector<std::string> List(const std::string& bpffs);

  // Removes the state of eswitches of other namespaces of which no netdev is left: their namespaces
  // have died, and no command can name them any more.
  static void RemoveDead(const std::string& bpffs);

  const std::string& path() const { return path_; }
  // Where the maps and programs in force are.
  std::string state() const;
  const std::string& root() const { return root_; }
  const std::string& run() const { return run_; }
  int ifindex() const { return ifindex_; }
  // What Of() has found; without an ifindex, but with the last known name, where the netdev is
  // gone.
  const Link& uplink() const { return uplink_; }
  bool exists() const;

  // The last component of path(). Up to version 4 that was the uplink's name.
  std::string name() const { return path_.substr(root_.size() + 1); }
  absl::Status Rename(const std::string& name);

  // The uplink's name, for when it is gone.
  std::string Name() const;
  absl::Status SetName(const std::string& name) const;
  // `eswitch add` has come to its end, and `eswitch del` has not begun.
  bool IsReady() const;

  // Removes the directory. The uplink's name goes last: until then `eswitch del` finds it by that.
  absl::Status Remove() const;

  // Removes the directories of the namespace itself if no eswitch is in them. Under the root's
  // lock, as one is made: whoever has made an eswitch's directory needs both, and before that he
  // finds out that they are gone.
  absl::Status RemoveRoots() const;

  // Bind mount of the eswitch's private namespace, on the run directory: bpffs takes no other
  // files.
  std::string ParkedNetns() const;
  // The same of one queues port.
  std::string PortNetns(uint32_t port) const;
  // Unmounts and removes both kinds, all there are.
  absl::Status RemoveNetnses() const;

 private:
  EswitchDir(const std::string& bpffs, uint64_t cookie, const std::string& name, Link uplink);
  static std::vector<EswitchDir> AllIn(const std::string& bpffs, uint64_t cookie);
  bool IsDead() const;
  void MarkDead();
  std::string root_;
  std::string path_;
  std::string run_;
  int ifindex_ = 0;
  Link uplink_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_DIR_H_
