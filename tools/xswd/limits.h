// SPDX-License-Identifier: Apache-2.0
// How many connections are served at a time: counting alone, no clock and no kernel.
#ifndef XSW_TOOLS_XSWD_LIMITS_H_
#define XSW_TOOLS_XSWD_LIMITS_H_

#include <sys/types.h>

#include <map>
#include <string>

namespace xsw {

// Nobody can take the last connection from somebody else:
//   - a user has at most kPerUid, so no one of a port's group takes all of the port's
//   - the members of a port's group have at most kPerPort there, however many they are; what the
//   owner
//     and root have does not count
//   - all together have kInAll; beyond that an owner who has none still gets one
class Limits {
 public:
  static constexpr int kPerUid = 8, kPerPort = 24, kInAll = 256;

  struct Who {
    uid_t uid = 0;
    std::string port;    // "eth0/3"
    bool owner = false;  // of the port, or root
  };

  // Empty: who is counted, until Leave(). Else why it must wait.
  std::string Enter(const Who& who);
  void Leave(const Who& who);

 private:
  std::map<uid_t, int> by_uid_;
  std::map<std::string, int> members_;  // by port
  int all_ = 0;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_LIMITS_H_
