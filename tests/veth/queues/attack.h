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

// The worst of 20 opens of a small queue by that user, in turns on these ports of up0.
double WorstOpenMs(const User& user, const std::vector<int>& ports = {1, 2});

// Under 50 ms. On a machine that is busy with other things even a lone client waits.
void ExpectQuick(double beside_ms, double alone_ms);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_ATTACK_H_
