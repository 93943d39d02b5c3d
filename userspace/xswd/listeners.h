// SPDX-License-Identifier: Apache-2.0
// The sockets on which ports are asked for: <run>/<uplink>/<index>.sock, of the port's owner, mode 0660.
#ifndef XSW_USERSPACE_XSWD_LISTENERS_H_
#define XSW_USERSPACE_XSWD_LISTENERS_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/xswd/queue_block.h"

namespace xsw {

struct Listener {
  std::string uplink;
  uint32_t index = 0;
  Fd fd;  // non-blocking
  uid_t uid = 0;
  gid_t gid = 0;
};

class Listeners {
 public:
  // Takes <run>, makes it if it is not there, mode 0755. Unavailable: another xswd has it.
  static absl::StatusOr<Listeners> Open(const std::string& run);
  Listeners(Listeners&&) = default;
  // Takes the sockets away: the next one to ask is told at once that nobody listens.
  ~Listeners();

  // Makes, removes and chowns sockets so that they are those of the blocks, and those only; also what
  // another xswd left. Each uplink has a directory, be it empty.
  void Follow(const Blocks& found);

  const std::map<std::string, Listener>& all() const { return all_; }

 private:
  Listeners(std::string run, Fd lock) : run_(std::move(run)), lock_(std::move(lock)) {}
  void Keep(const QueueBlock& block);
  void RemoveStrangers(const std::vector<std::string>& uplinks);

  std::string run_;
  Fd lock_;
  std::map<std::string, Listener> all_;  // by path
};

}  // namespace xsw

#endif  // XSW_USERSPACE_XSWD_LISTENERS_H_
