// SPDX-License-Identifier: Apache-2.0
// The sockets on which ports are asked for: <run>/<uplink>/<index>.sock, of the port's owner, mode
// 0660.
#ifndef XSW_TOOLS_XSWD_LISTENERS_H_
#define XSW_TOOLS_XSWD_LISTENERS_H_

#include <sys/types.h>

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "tools/xswd/closer.h"
#include "tools/xswd/queue_block.h"
#include "userspace/fd.h"

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

  // Makes, removes and chowns sockets so that they are those of the blocks, and those only; also
  // what another xswd left. Each uplink has a directory, be it empty. Of an uplink of which nothing
  // can be read all stays as it is.
  void Sync(const Blocks& found, Closer& closer);

  // At the end, without closing one: takes the sockets away, so that the next one to ask is told at
  // once that nobody listens, and the lock.
  void Leave();

  const std::map<std::string, Listener>& all() const { return all_; }
  std::set<std::string> Uplinks() const;

 private:
  Listeners(std::string run, Fd lock) : run_(std::move(run)), lock_(std::move(lock)) {}
  void SayUnread(const Blocks& found);
  void Keep(const QueueBlock& block, Closer& closer);
  void RemoveStrangers(const Blocks& found);

  std::string run_;
  Fd lock_;
  bool leaving_ = false;
  std::map<std::string, Listener> all_;  // by path
  std::map<std::string, std::string> said_unread_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_LISTENERS_H_
