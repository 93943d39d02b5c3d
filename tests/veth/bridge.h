// SPDX-License-Identifier: Apache-2.0
// The host's bridge over uplink and representors, as `mode switchdev` wants it.
//
//     out ==wire== up0 --+
//             === up0sf1 -+- br0, the host's netdev now (kHostMac, 10.9.0.1)
//             === up0sf2 -+
#ifndef XSW_TESTS_VETH_BRIDGE_H_
#define XSW_TESTS_VETH_BRIDGE_H_

namespace xsw::test {

inline constexpr char kBridge[] = "br0";

// Over up0 and the representors of ports 1 to `ports`; returns when all of them forward.
void MakeBridge(int ports);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_BRIDGE_H_
