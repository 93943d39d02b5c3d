// SPDX-License-Identifier: Apache-2.0
// A reporter of an eswitch's health, as devlink shows one.
//
//   reporter programs
//     state error error 3 recover 2 ... auto_recover true
//     eth0/1: xsw's programs are not on its representor eth0sf1
#ifndef XSW_TOOLS_XSW_SHOW_HEALTH_H_
#define XSW_TOOLS_XSW_SHOW_HEALTH_H_

#include <string>
#include <vector>

#include "switchdev_model/health/health.h"
#include "tools/xsw/output.h"

namespace xsw {

// "state error error 3 recover 2 ..."
std::string HealthPairs(const Health& health);
// What is wrong, and what soon will be, a line each. Of thousands the first few, and how many more.
std::vector<std::string> HealthLines(const std::string& uplink, const Health& health);
// All of it.
Json HealthJson(const std::string& uplink, const Health& health);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_SHOW_HEALTH_H_
