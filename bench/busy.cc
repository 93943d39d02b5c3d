// SPDX-License-Identifier: Apache-2.0
#include "bench/busy.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace xsw::bench {

double BusySeconds() {
  std::ifstream stat("/proc/stat");
  std::string name;
  // user, nice, system, idle, waiting for disks, interrupts, softirqs: see proc(5).
  double ticks[7] = {};
  stat >> name;
  for (double& tick : ticks) stat >> tick;
  const double busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
  return busy / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace xsw::bench
