// SPDX-License-Identifier: Apache-2.0
// What version 4 would have written into its maps: from what this version has in up0's.
#ifndef XSW_TESTS_UPGRADE_VALUES4_H_
#define XSW_TESTS_UPGRADE_VALUES4_H_

namespace xsw::test {

void WriteEswitch4(int map);
void WritePorts4(int ports, int confs);
void WriteStats4(int map);

}  // namespace xsw::test

#endif  // XSW_TESTS_UPGRADE_VALUES4_H_
