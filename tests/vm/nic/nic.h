// SPDX-License-Identifier: Apache-2.0
// What the suites of real NICs share: their ends of the topology, and traffic between them.
#ifndef XSW_TESTS_VM_NIC_NIC_H_
#define XSW_TESTS_VM_NIC_NIC_H_

#include <gtest/gtest.h>

#include <string>

#include "tests/veth/stream.h"
#include "tests/veth/topology.h"

namespace xsw::test {

inline const Endpoint kHostEnd = {"", kHostIp}, kOut = {kOutside, kOutsideIp},
                      kPort = {"c1", IpOf(1)};

// `xsw -j eswitch show` of the uplink.
Json ShowEswitch(const Topology& t);

// Whether an echo request is answered before long: a NIC's link may just have been reset.
bool Reach(const Endpoint& from, const Endpoint& to);

// Bulk and datagrams arrive as they were sent, with the offloads that the NICs come with.
void ExpectTcpAndUdp(const Endpoint& from, const Endpoint& to);

// Until both ends of the wire see each other, after a program that may have reset the link.
void WaitForWire();

// Of a test with the values of `xdp`: off, auto.
std::string XdpName(const testing::TestParamInfo<const char*>& info);

}  // namespace xsw::test

#endif  // XSW_TESTS_VM_NIC_NIC_H_
