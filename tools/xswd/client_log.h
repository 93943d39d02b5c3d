// SPDX-License-Identifier: Apache-2.0
// What xswd says of its clients. Each user has, at each port, a share of the log of its own, so
// that nobody can hide what others did. Processes that serve clients hand their lines to the
// parent, which knows what was said before.
#ifndef XSW_TOOLS_XSWD_CLIENT_LOG_H_
#define XSW_TOOLS_XSWD_CLIENT_LOG_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "userspace/log.h"
#include "userspace/fd.h"

namespace xsw {

// As it goes from process to process; what is too long is cut.
struct ClientLine {
  Severity severity;
  uid_t uid;
  char port[32];
  char text[480];  // without the port
};
ClientLine MakeClientLine(Severity severity, uid_t uid, const std::string& port,
                          const std::string& text);

class ClientLog {
 public:
  static absl::StatusOr<ClientLog> Open();

  const Fd& in() const { return in_; }    // where a process writes a ClientLine
  const Fd& out() const { return out_; }  // readable: there are some for Read()
  void Read();
  void Add(const ClientLine& line);
  // Once a second: says what was left out.
  void Tick();

 private:
  struct Share {
    int lines = 0;  // in this second
    int left_out = 0;
    ClientLine last{};
    int repeated = 0;  // last, after it was said
  };
  static void SayRepeated(Share& share);

  Fd in_, out_;
  std::map<std::pair<std::string, uid_t>, Share> shares_;  // by port and uid
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_CLIENT_LOG_H_
