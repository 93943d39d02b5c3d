// SPDX-License-Identifier: Apache-2.0
// The kernel's answer "no" to a netlink request that it never got.
#ifndef XSW_TESTS_SWEEP_REFUSAL_H_
#define XSW_TESTS_SWEEP_REFUSAL_H_

#include <linux/netlink.h>

#include "tests/sweep/tracee.h"

namespace xsw::test {

class Refusal {
 public:
  // Before the sending call, which is skipped: to the sender all is sent.
  void Begin(const Tracee& tracee, const SystemCall& send, int error);
  // Before another call of any thread. True: it was the one that reads the answer, and has it.
  bool Answer(const Tracee& tracee, const SystemCall& call);

 private:
  bool waiting_ = false;
  int socket_ = -1;
  struct {
    nlmsghdr header;
    nlmsgerr error;
  } answer_ = {};
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_REFUSAL_H_
