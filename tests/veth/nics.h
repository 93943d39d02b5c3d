// SPDX-License-Identifier: Apache-2.0
// Real NICs as the wire, in virtual machines (tests/vm): two of one driver, cabled back to back.
//
// The environment says which: XSW_NIC_DRIVER=igb. They live in the namespace of PID 1, whose /sys
// the tests see, and are lent to one topology at a time.
#ifndef XSW_TESTS_VETH_NICS_H_
#define XSW_TESTS_VETH_NICS_H_

#include <string>
#include <vector>

namespace xsw::test {

// "" on a veth wire.
std::string NicDriver();
inline bool OnNics() { return !NicDriver().empty(); }

struct NicPlace {
  std::string netns;  // "" is the caller's
  std::string name;
};
// Both ends of the cable. Dies without two such NICs.
void TakeNics(const std::vector<NicPlace>& places);
void ReturnNics(const std::vector<NicPlace>& places);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_NICS_H_
