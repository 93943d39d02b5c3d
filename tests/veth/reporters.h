// SPDX-License-Identifier: Apache-2.0
// The reporters of `xsw health`, and what some of them report, made by real means.
#ifndef XSW_TESTS_VETH_REPORTERS_H_
#define XSW_TESTS_VETH_REPORTERS_H_

#include <string>

#include "tests/veth/topology.h"

namespace xsw::test {

// One reporter, as `xsw -j health show` has it.
Json Reporter(const Topology& t, const std::string& name);
std::string StateOf(const Topology& t, const std::string& name);
// "error 2/1": its state, what it has found and what has been mended.
std::string Brief(const Json& reporter);

// Ends c1, and waits until its port's netdevs are gone.
void EndNamespace(Topology& t);

// So many frames, in all, that a port's function, being down, does not get. It is up again after.
void Lose(const Topology& t, int port, int frames);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_REPORTERS_H_
