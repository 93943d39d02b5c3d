// SPDX-License-Identifier: Apache-2.0
// xsw of the next ABI version, in the topology of the shipped one.
#ifndef XSW_TESTS_UPGRADE_NEXT_VERSION_H_
#define XSW_TESTS_UPGRADE_NEXT_VERSION_H_

#include <string>

#include "bpf/abi.h"
#include "tests/veth/topology.h"

namespace xsw::test {

inline constexpr uint32_t kNextAbi = XSW_ABI_VERSION + 1;

// As Topology's XswArgv(), Xsw() and XswOk().
Argv NextArgv(const Topology& t, const std::string& line);
Result Next(const Topology& t, const std::string& line);
std::string NextOk(const Topology& t, const std::string& line);

}  // namespace xsw::test

#endif  // XSW_TESTS_UPGRADE_NEXT_VERSION_H_
