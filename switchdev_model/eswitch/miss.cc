// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/miss.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/representor.h"
#include "userspace/status.h"

namespace xsw {

absl::Status CheckMiss(Eswitch& eswitch, const EswitchSettings& settings) {
  if (settings.miss != XSW_MISS_UPLINK) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::vector<Link> links, DumpLinks(eswitch.nl()));
  std::map<int, std::string> vxlans, names;  // by master, by ifindex
  for (const Link& link : links) {
    names[link.ifindex] = link.name;
    if (link.master && link.kind == "vxlan") vxlans[link.master] = link.name;
  }
  if (vxlans.empty()) return absl::OkStatus();
  for (uint32_t port : PortIndices(eswitch)) {
    const absl::StatusOr<Link> representor = RepresentorOf(eswitch, port);
    if (!representor.ok()) continue;  // it is in no bridge
    const auto vxlan = vxlans.find(representor->master);
    if (vxlan == vxlans.end()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "miss uplink: ", names[vxlan->first], " has ", vxlan->second, " beside ", representor->name,
        "; what is behind it would leave ", eswitch.uplink().name, " without VXLAN"));
  }
  return absl::OkStatus();
}

}  // namespace xsw
