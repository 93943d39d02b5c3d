// SPDX-License-Identifier: Apache-2.0
// A client of xswd that says what it likes.
#ifndef XSW_TESTS_VETH_QUEUES_DIALOG_H_
#define XSW_TESTS_VETH_QUEUES_DIALOG_H_

#include <string>
#include <vector>

#include "userspace/fd.h"

namespace xsw::test {

inline constexpr char kClosed[] = "(closed)";    // what Ask() returns when xswd has hung up
inline constexpr char kSilence[] = "(silence)";  // or does not answer within 20 s

class Dialog {
 public:
  explicit Dialog(int port);

  // One packet, with these file descriptors.
  bool Say(const std::string& text, const std::vector<int>& fds = {});
  // The next packet; a file descriptor that comes with it is in fd().
  std::string Hear();
  std::string Ask(const std::string& text, const std::vector<int>& fds = {});

  int fd() const { return fd_.get(); }
  bool connected() const { return connected_; }

 private:
  Fd sock_, fd_;
  bool connected_ = false;
};

// Memory like libxswq's: there whole, unless holes.
Fd MakeMemfd(size_t bytes, bool holes = false);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_DIALOG_H_
