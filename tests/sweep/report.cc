// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/report.h"

#include <sys/mman.h>
#include <unistd.h>

#include <new>

#include "tests/veth/sandbox.h"

namespace xsw::test {

Report& Report::Shared() {
  void* memory =
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Must(memory != MAP_FAILED, "map memory to share");
  return *new (memory) Report();
}

void Report::Defect(const std::string& command, const std::string& point, const std::string& what) {
  defects++;
  std::string line = "DEFECT " + command + " | " + point + " | " + what;
  while (line.ends_with('\n') || line.ends_with(' ')) line.pop_back();
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  line += '\n';
  Must(write(STDOUT_FILENO, line.data(), line.size()) >= 0, "report");
}

}  // namespace xsw::test
