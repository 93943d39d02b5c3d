// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/bridge/offload_info.h"

#include <map>

#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/permit.h"
#include "switchdev_model/words.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

std::string NameOf(Netlink& nl, uint32_t ifindex) {
  const absl::StatusOr<Link> link = GetLink(nl, static_cast<int>(ifindex));
  return link.ok() ? link->name : absl::StrCat("index ", ifindex);
}

}  // namespace

absl::StatusOr<OffloadInfo> GetOffload(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const PermitTable table, PermitTable::OpenToRead(eswitch.datapath().dir()));
  std::map<uint32_t, size_t> addresses;
  for (const auto& [key, permit] : table.permits()) addresses[permit.port]++;
  OffloadInfo info{.is_switchdev = eswitch.config().mode == XSW_MODE_SWITCHDEV,
                   .valid = table.Remaining().count() > 0};
  std::vector<uint32_t> ports = PortIndices(eswitch);
  ports.insert(ports.begin(), XSW_UPLINK);
  for (uint32_t port : ports) {
    const xsw_bport& place = table.place(port);
    PortOffload offload{.port = port, .addresses = addresses[port]};
    if (place.bridge) offload.bridge = NameOf(eswitch.nl(), place.bridge);
    if (!place.bridge) offload.aside = place.aside ? AsideWord(place.aside) : "not_seen_yet";
    info.ports.push_back(std::move(offload));
  }
  return info;
}

}  // namespace xsw
