// SPDX-License-Identifier: Apache-2.0
// A random configuration and frame, and the same made as simple as it can be while something holds.
#ifndef XSW_TESTS_BPF_RANDOM_CASE_H_
#define XSW_TESTS_BPF_RANDOM_CASE_H_

#include <cstdint>
#include <functional>
#include <ostream>
#include <random>

#include "tests/bpf/reference.h"

namespace xsw::test {

struct RandomCase {
  RefSwitch s;
  Origin origin = Origin::kWire;
  uint32_t from = 0;
  Bytes frame;
  // How the datapath gets there, which must make no difference.
  bool blocks[kRefPorts + 1] = {};  // class queues
  uint8_t steers = XSW_STEERS_NOTHING;
  bool xdp_wire = false;
  bool accelerated = false;  // the outermost tag, where no XDP program looks
};
std::ostream& operator<<(std::ostream& out, const RandomCase& c);

RandomCase MakeCase(std::mt19937& random);

// Takes away, one after the other, all that is not needed for fails to stay true.
RandomCase Minimise(RandomCase c, const std::function<bool(const RandomCase&)>& fails);

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_RANDOM_CASE_H_
