// SPDX-License-Identifier: Apache-2.0
#include "bench/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace xsw::bench {
namespace {

std::string CpuModel() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpuinfo, line))
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown";
}

}  // namespace

nlohmann::ordered_json DescribeMachine() {
  utsname names = {};
  uname(&names);
  double load = 0;
  getloadavg(&load, 1);
  return {{"kernel", names.release},
          {"cpu", CpuModel()},
          {"cpus", sysconf(_SC_NPROCESSORS_ONLN)},
          {"load", load}};
}

}  // namespace xsw::bench
