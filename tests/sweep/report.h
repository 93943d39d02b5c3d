// SPDX-License-Identifier: Apache-2.0
// What the processes of a sweep have found, counted in memory that they share.
#ifndef XSW_TESTS_SWEEP_REPORT_H_
#define XSW_TESTS_SWEEP_REPORT_H_

#include <atomic>
#include <cstdint>
#include <string>

namespace xsw::test {

struct Report {
  std::atomic<uint32_t> next;  // of the tasks, for who is free
  std::atomic<uint32_t> forms;
  std::atomic<uint32_t> kills, faults, missed, defects;
  std::atomic<uint32_t> others, dels;  // of the kills: those behind which another command came

  // For this process and those that it forks from now on.
  static Report& Shared();

  // One line, whole whoever else writes.
  void Defect(const std::string& command, const std::string& point, const std::string& what);
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_REPORT_H_
