// SPDX-License-Identifier: Apache-2.0
// The state of an eswitch as an older version of xsw, or another build of this one, has left it.
//
// The eswitch and its ports are made by the shipped xsw; then the older version's own programs take
// the place of the shipped ones in their links, and its maps and directories that of the shipped
// state.
//
//   Topology t({.ports = 1});
//   BecomeVersion4();
//   t.XswOk("eswitch upgrade up0");
#ifndef XSW_TESTS_UPGRADE_OLDER_STATE_H_
#define XSW_TESTS_UPGRADE_OLDER_STATE_H_

#include <cstdint>
#include <string>

namespace xsw::test {

// Of up0. 4: <cookie>/up0/xsw_*, other values, the programs in v4/. 5: <cookie>/<ifindex>/xsw_*.
void BecomeVersion4();
void BecomeVersion5();
// 6: <cookie>/<ifindex>/v6/xsw_*, without permits.
void BecomeVersion6();
// This version, another build: its programs lack XSW_PORT_MTU.
void BecomeOtherBuild();
void BecomeOlder(uint32_t version);  // 4, 5, 6, XSW_ABI_VERSION

// Its tc programs as on a kernel without tcx, whatever this one has.
void BecomeClsact();

}  // namespace xsw::test

#endif  // XSW_TESTS_UPGRADE_OLDER_STATE_H_
