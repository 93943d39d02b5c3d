// SPDX-License-Identifier: Apache-2.0
// Results for the README's support matrix: lines that tests/vm/matrix collects.
#ifndef XSW_TESTS_VM_NIC_MATRIX_H_
#define XSW_TESTS_VM_NIC_MATRIX_H_

#include <string>

namespace xsw::test {

// "6.12" of 6.12.95+deb12-amd64.
std::string KernelSeries();

// What was seen here of a feature: "yes", or how else. A feature is one column.
void Report(const std::string& feature, const std::string& seen);

}  // namespace xsw::test

#endif  // XSW_TESTS_VM_NIC_MATRIX_H_
