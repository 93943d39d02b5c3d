// SPDX-License-Identifier: Apache-2.0
// Where the pins of an eswitch are: <bpffs>/xsw/<netns cookie>/<uplink>/. eth0 exists in many network
// namespaces, and a cookie, unlike an inode, is never used twice.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_DIR_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_DIR_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/link.h"

namespace xsw {

class EswitchDir {
 public:
  // In the caller's network namespace.
  static absl::StatusOr<EswitchDir> Of(const std::string& bpffs, const std::string& uplink);
  // Present names of all uplinks of the caller's namespace; the directory's where the netdev is gone.
  static std::vector<std::string> List(const std::string& bpffs);

  // Removes the state of eswitches of other namespaces of which no netdev is left: their namespaces
  // have died, and no command can name them any more.
  static void RemoveDead(const std::string& bpffs);

  const std::string& path() const { return path_; }
  bool exists() const;

  // The ifindex in the pinned state; none if there is no readable state.
  std::optional<int> PinnedIfindex() const;

  // Removes the directories of the namespace itself if no eswitch is in them. Under the root's
  // lock, as one is made: whoever has made an eswitch's directory needs both, and before that he
  // finds out that they are gone.
  void RemoveRoots() const;

  // Uplinks may be renamed under their eswitches. Directories are renamed after them: the one of this
  // name if its netdev has another name now, and the one of the netdev that has this name.
  void FollowRenames(Netlink& nl, std::optional<Link> uplink) const;

  // Bind mount of the eswitch's private namespace, on the run directory: bpffs takes no other files.
  std::string ParkedNetns(int ifindex) const;
  // The same of one queues port.
  std::string PortNetns(int ifindex, uint32_t port) const;

 private:
  EswitchDir(std::string root, std::string path, std::string run)
      : root_(std::move(root)), path_(std::move(path)), run_(std::move(run)) {}
  std::string root_;
  std::string path_;
  std::string run_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_DIR_H_
