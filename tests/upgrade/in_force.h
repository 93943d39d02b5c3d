// SPDX-License-Identifier: Apache-2.0
// What must be true when no upgrade is at work.
#ifndef XSW_TESTS_UPGRADE_IN_FORCE_H_
#define XSW_TESTS_UPGRADE_IN_FORCE_H_

namespace xsw::test {

// One version of up0's state is there, and wherever a program of an eswitch is attached it is the
// one that is pinned there.
void ExpectOneVersion();

}  // namespace xsw::test

#endif  // XSW_TESTS_UPGRADE_IN_FORCE_H_
