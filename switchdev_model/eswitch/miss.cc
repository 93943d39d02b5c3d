// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/miss.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "switchdev_model/eswitch/settings.h"
#include "switchdev_model/ports/port.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// The words of the change that make it so; empty: it does not.
std::string WordsForUplink(Eswitch& eswitch, const EswitchSettings& settings) {
  if (settings.miss == XSW_MISS_UPLINK) return "miss uplink";
  xsw_eswitch after = eswitch.config();
  WriteSettings(settings, after);
  const bool is_so = after.mode == XSW_MODE_LEGACY && after.misses == XSW_MISS_UPLINK;
  if (!is_so || (!settings.mode && !settings.miss)) return "";
  return after.miss == XSW_MISS_AUTO ? "mode legacy, miss auto" : "mode legacy, miss uplink";
}

}  // namespace

absl::Status CheckMiss(Eswitch& eswitch, const EswitchSettings& settings) {
  const std::string words = WordsForUplink(eswitch, settings);
  if (words.empty()) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::vector<Link> links, DumpLinks(eswitch.nl()));
  std::map<int, const Link*> by_ifindex;
  std::map<int, std::string> vxlans;  // by master
  for (const Link& link : links) {
    by_ifindex[link.ifindex] = &link;
    if (link.master && link.kind == "vxlan") vxlans[link.master] = link.name;
  }
  if (vxlans.empty()) return absl::OkStatus();
  for (uint32_t port : PortIndices(eswitch)) {
    XSW_ASSIGN_OR_RETURN(const int representor, eswitch.datapath().Target(port));
    const auto link = by_ifindex.find(representor);
    if (link == by_ifindex.end()) continue;  // it is gone, and in no bridge
    const auto vxlan = vxlans.find(link->second->master);
    if (vxlan == vxlans.end()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(words, ": ", by_ifindex.at(vxlan->first)->name, " has ", vxlan->second,
                     " beside ", link->second->name, "; what is behind it would leave ",
                     eswitch.uplink().name, " without VXLAN (miss representor)"));
  }
  return absl::OkStatus();
}

}  // namespace xsw
