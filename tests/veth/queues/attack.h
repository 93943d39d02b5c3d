// SPDX-License-Identifier: Apache-2.0
// A client that means no good, at work beside one that only wants its queue.
#ifndef XSW_TESTS_VETH_QUEUES_ATTACK_H_
#define XSW_TESTS_VETH_QUEUES_ATTACK_H_

#include <functional>
#include <vector>

#include "tests/veth/queues/lab.h"

namespace xsw::test {

// A process of that user's, from when it says that it has begun until the end of the object.
class Attack {
 public:
  Attack(const User& user, const std::function<void(const std::function<void()>& begun)>& body);
  ~Attack();
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

 private:
  pid_t pid_;
};

// That user's opens of a small queue, in turns on these ports of up0, take less than 50 ms: the
// worst of 20. An attack that delays them does so all the time, what else a machine does comes and
// goes: so one of ten rounds counts.
void ExpectQuickOpens(const User& user, const std::vector<int>& ports = {1, 2});

// SIGTERM ends xswd within a second, whatever its clients do: one that is caught would end neither
// now nor later.
void ExpectEndsWithinASecond(QueueLab& lab);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_ATTACK_H_
