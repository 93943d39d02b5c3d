// SPDX-License-Identifier: Apache-2.0
// What happens to a soak from outside: xswd is killed and started, namespaces end and come back
// under the same name.
#ifndef XSW_TESTS_SOAK_DISTURBANCE_H_
#define XSW_TESTS_SOAK_DISTURBANCE_H_

#include <optional>
#include <random>

#include "tests/soak/tally.h"
#include "tests/veth/topology.h"

namespace xsw::test {

class Disturbance {
 public:
  // Makes the namespaces and starts xswd.
  Disturbance(Topology* topology, unsigned seed, Tally* tally);

  // One of them. In the thread that has made the topology: making a namespace takes it there.
  void Next();
  // All namespaces are there, and xswd runs.
  void End();

 private:
  void StartXswd();
  // Ends it, or brings it back.
  void TurnNamespace(int i);

  Topology* topology_;
  Tally* tally_;
  std::mt19937 random_;
  std::optional<Process> xswd_;
  bool there_[kChurnNamespaces] = {};
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_DISTURBANCE_H_
