// SPDX-License-Identifier: Apache-2.0
// Short texts from a process to whoever listens in its network namespace, without a daemon between: a
// multicast group of NETLINK_USERSOCK. Sending costs a socket; with no listener the kernel drops it.
//
// Anyone in the namespace may send, only its root may listen (net/netlink/af_netlink.c): the sender's
// credentials come along, and only root's texts are passed on.
#ifndef XSW_USERSPACE_EVENT_H_
#define XSW_USERSPACE_EVENT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// At most kMostEventBytes. What cannot be sent is not: an event is news, the state is in the kernel.
inline constexpr size_t kMostEventBytes = 512;
// Of them, whoever sent them, a listener looks at so many before it says that there is none for
// now: more than its queue holds, which is empty before that unless it fills again meanwhile.
inline constexpr int kMostEventsAtOnce = 8192;
void SendEvent(const std::string& text);

class EventListener {
 public:
  // In the calling thread's network namespace. PermissionDenied names the capability.
  static absl::StatusOr<EventListener> Open();

  // Readable when something has come.
  int fd() const { return fd_.get(); }

  // The next text that has come; none: no more for now, or enough for now (drained() says which),
  // so that whoever floods the group does not keep the caller from everything else. DataLoss: the
  // kernel had to drop some, and goes on dropping, without saying so again, until all that has come
  // is read.
  absl::StatusOr<std::optional<std::string>> Next();
  bool drained() const { return drained_; }

 private:
  explicit EventListener(Fd fd) : fd_(std::move(fd)) {}
  std::nullopt_t EndTurn(bool drained);

  Fd fd_;
  int looked_at_ = 0;  // since there was none last
  bool drained_ = true;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_EVENT_H_
