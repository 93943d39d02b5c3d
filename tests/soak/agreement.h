// SPDX-License-Identifier: Apache-2.0
// Whether all that an eswitch consists of says the same.
#ifndef XSW_TESTS_SOAK_AGREEMENT_H_
#define XSW_TESTS_SOAK_AGREEMENT_H_

#include <string>

#include "tests/veth/topology.h"

namespace xsw::test {

// Empty if up0's ports are netdevs and its netdevs ports, the uplink accepts the addresses in the
// table, the flood list has the ports that are open for traffic, and groups have as many members as
// they count; else where not.
std::string Disagreements(const Topology& topology);

}  // namespace xsw::test

#endif  // XSW_TESTS_SOAK_AGREEMENT_H_
