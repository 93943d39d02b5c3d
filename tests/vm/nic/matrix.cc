// SPDX-License-Identifier: Apache-2.0
#include "tests/vm/nic/matrix.h"

#include <sys/utsname.h>

#include <cstdio>

#include "tests/veth/nics.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {

std::string KernelSeries() {
  utsname kernel = {};
  int major = 0, minor = 0;
  Must(uname(&kernel) == 0 && std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2, "uname");
  return std::to_string(major) + "." + std::to_string(minor);
}

void Report(const std::string& feature, const std::string& seen) {
  std::printf("matrix|%s|%s|%s|%s\n", KernelSeries().c_str(), NicDriver().c_str(), feature.c_str(),
              seen.c_str());
  std::fflush(stdout);
}

}  // namespace xsw::test
