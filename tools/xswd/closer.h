// SPDX-License-Identifier: Apache-2.0
// Closes what the loop of xswd must not close.
//
// Whoever closes a connection, or a listener with connections in its queue, also closes the file
// descriptors that clients have sent there and nobody has received; and that takes as long as the
// client likes (a TCP socket with SO_LINGER and unsent data). So a process of its own does it. When
// it does not get on it is killed and replaced: a process that ends waits for no such socket.
#ifndef XSW_TOOLS_XSWD_CLOSER_H_
#define XSW_TOOLS_XSWD_CLOSER_H_

#include <sys/types.h>

#include <vector>

#include "userspace/fd.h"

namespace xsw {

class Closer {
 public:
  // Its process; without it the first Close() does the same.
  void Start();
  // Without waiting. A connection is hung up: what the client has not read yet it can still read.
  void Close(Fd fd);
  // Once a second.
  void Tick();

 private:
  bool HandOver(const Fd& fd);
  void Kill();

  Fd socket_;  // to the process
  pid_t pid_ = -1;
  bool was_busy_ = false;
  std::vector<Fd> waiting_;  // while no process can be started
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_CLOSER_H_
