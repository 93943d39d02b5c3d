// SPDX-License-Identifier: Apache-2.0
// Results for the support matrix of docs/kernels-and-drivers.md: lines that tests/vm/matrix collects.
#ifndef XSW_TESTS_VM_NIC_MATRIX_H_
#define XSW_TESTS_VM_NIC_MATRIX_H_

#include <string>

namespace xsw::test {

// "6.12" of 6.12.95+deb12-amd64.
std::string KernelSeries();

// What a test sees of a feature, which is one column: said when the test is left, and that it fails
// if it has failed by then.
class Feature {
 public:
  explicit Feature(std::string name);
  ~Feature();
  Feature(const Feature&) = delete;
  Feature& operator=(const Feature&) = delete;
  // How it works here, if not simply "yes".
  void Seen(std::string how) { how_ = std::move(how); }

 private:
  std::string name_, how_ = "yes";
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VM_NIC_MATRIX_H_
