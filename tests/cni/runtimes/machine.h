// SPDX-License-Identifier: Apache-2.0
// A machine for container runtimes: the topology, and around it processes, mounts and cgroups of
// its own. xsw takes it for a whole one: the first process has the same mount namespace.
//
//   this machine       the first process           the tests
//   Main() ----------- Topology, waits ----------- RUN_ALL_TESTS()
//   removes cgroups     `-- what runtimes leave behind, conmon and the like, becomes its children
//
// All ends with the first process, however the tests end, killed runtimes' containers too.
#ifndef XSW_TESTS_CNI_RUNTIMES_MACHINE_H_
#define XSW_TESTS_CNI_RUNTIMES_MACHINE_H_

#include <string>

#include "tests/veth/topology.h"

namespace xsw::test {

// For main(), after InitGoogleTest: the exit status.
int RunTestsInMachine();

// Its wire and eswitch: up0 without ports, and "out".
Topology& Machine();

// For whatever a test writes; a tmpfs, as are /run, /var/lib, /etc/cni and /opt.
inline constexpr char kWorkDir[] = "/run/cni-test";
// Holds `xsw`, the plugin, and all of Debian's.
inline constexpr char kPluginDir[] = "/opt/cni/bin";
// A cgroup for all that a runtime makes, "/xsw-cni-4711".
const std::string& CgroupParent();

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_MACHINE_H_
