// SPDX-License-Identifier: Apache-2.0
// The permits of all eswitches in mode switchdev of the caller's network namespace, kept as the
// kernel's bridges have it.
#ifndef XSW_TOOLS_XSW_BRIDGE_FOLLOWER_H_
#define XSW_TOOLS_XSW_BRIDGE_FOLLOWER_H_

#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "switchdev_model/tables/permit.h"

namespace xsw {

class Follower {
 public:
  // bpffs is FindBpffs()'s.
  explicit Follower(std::string bpffs) : bpffs_(std::move(bpffs)) {}

  // Looks at what there is and writes what it permits. Where that fails, nothing is permitted.
  // addresses: those of bridges may have changed, which are read only then: there may be many.
  void Sync(bool addresses);
  // What Sync() has written is valid for another while. Not if news were lost since.
  void Renew();
  // Nothing is permitted until the next Renew().
  void Revoke();
  // Whether somebody has put a tcx program on a port since Sync(), or taken it off: the kernel has
  // no news of that. Asks some of many, and the next ones when called again.
  bool ProgramsChanged();

 private:
  struct Followed {
    PermitTable table;
    struct Seen {
      bool is_uplink, foreign;  // somebody has a tcx program there
    };
    std::map<int, Seen> programs;  // by netdev
    int ask_next = 0;              // the netdev that ProgramsChanged() begins with
    OwnPrograms ours;
    xsw_tc tc;
    bool is_current = false;  // Sync() has come to its end
  };
  absl::Status SyncOne(const std::string& uplink);
  absl::Status ReadAddresses(Netlink& nl);
  absl::StatusOr<Followed*> Open(const std::string& uplink, Eswitch& eswitch);
  // Once; an empty one when it is over.
  void Say(const std::string& uplink, const std::string& problem);

  std::string bpffs_;
  std::map<std::string, Followed> followed_;  // by uplink
  std::vector<BridgeAddress> addresses_;      // of all bridges of the namespace
  bool addresses_are_old_ = true;
  std::map<std::string, std::string> said_;  // the last problem, or ""
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_BRIDGE_FOLLOWER_H_
