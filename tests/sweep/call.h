// SPDX-License-Identifier: Apache-2.0
// Which system calls change something, and how each may fail.
#ifndef XSW_TESTS_SWEEP_CALL_H_
#define XSW_TESTS_SWEEP_CALL_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/sweep/tracee.h"

namespace xsw::test {

struct Call {
  std::string what;         // "bpf map_update xsw_fdb", "netlink newlink", "mkdir /run/xsw/7"
  std::vector<int> errnos;  // with which it can fail in real life
  std::vector<int> refusals = {};  // of a netlink request: what else the kernel can answer
};

// Nothing for calls that change nothing: reads, requests that ask, files opened for reading.
std::optional<Call> Recognise(const Tracee& tracee, const SystemCall& call);

// The parts, for bpf(2) and for what is sent over sockets.
std::optional<Call> RecogniseBpf(const Tracee& tracee, const SystemCall& call);
std::optional<Call> RecogniseMessage(const Tracee& tracee, const SystemCall& call);

// The numbers of all calls that can be of this kind.
const std::vector<long>& NumbersToLookAt();

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_CALL_H_
