// SPDX-License-Identifier: Apache-2.0
// Writers and readers, a thread each, one xsw after the other.
//
//   Workers workers(topology, 32, seed, &tally);  // they begin
//   ...
//   workers.Stop();                               // each ends its last command
#ifndef XSW_TESTS_SOAK_WORKER_H_
#define XSW_TESTS_SOAK_WORKER_H_

#include <atomic>
#include <thread>
#include <vector>

#include "tests/soak/tally.h"
#include "tests/veth/topology.h"

namespace xsw::test {

class Workers {
 public:
  Workers(const Topology& topology, int count, unsigned seed, Tally* tally);
  ~Workers() { Stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  void Stop();

 private:
  void Work(unsigned seed);

  const Topology& topology_;
  Tally* tally_;
  std::atomic<bool> end_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_WORKER_H_
