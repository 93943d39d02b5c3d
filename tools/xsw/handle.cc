// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/handle.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "tools/xsw/args.h"
#include "tools/xsw/command.h"
#include "userspace/status.h"

namespace xsw {

absl::StatusOr<PortHandle> ParsePortHandle(const Call& call, const std::string& text) {
  const size_t slash = text.rfind('/');
  if (slash != std::string::npos) {
    PortHandle handle{.uplink = text.substr(0, slash)};
    if (handle.uplink.empty() || !absl::SimpleAtoi(text.substr(slash + 1), &handle.index))
      return UsageError(absl::StrCat("\"", text, "\" is not a port handle like eth0/3"));
    return handle;
  }
  std::optional<PortHandle> made = call.plan ? call.plan->Made(text) : std::nullopt;
  if (made) return *made;
  for (const std::string& uplink : EswitchDir::List(call.bpffs)) {
    if (uplink == text) return PortHandle{.uplink = uplink, .index = XSW_UPLINK};
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(call.bpffs, uplink);
    if (!eswitch.ok()) continue;
    absl::StatusOr<Link> link = GetLink(eswitch->nl(), text);  // by an altname
    if (link.ok() && link->ifindex == eswitch->uplink().ifindex)
      return PortHandle{.uplink = uplink, .index = XSW_UPLINK};
    if (std::optional<uint32_t> port = PortOfRepresentor(*eswitch, text))
      return PortHandle{.uplink = uplink, .index = *port};
  }
  return absl::NotFoundError(absl::StrCat("port ", text, ": no eswitch has a representor ", text));
}

absl::StatusOr<std::vector<PortSelection>> SelectPorts(const Call& call, const std::string& text) {
  std::vector<PortSelection> selections;
  if (text.empty()) {
    for (const std::string& uplink : EswitchDir::List(call.bpffs))
      selections.push_back({uplink, {}, /*named=*/false});
    return selections;
  }
  XSW_ASSIGN_OR_RETURN(PortHandle handle, ParsePortHandle(call, text));
  selections.push_back({handle.uplink, handle.index});
  const bool whole = text.find('/') == std::string::npos && handle.index == XSW_UPLINK;
  if (whole) selections.back().index.reset();
  return selections;
}

absl::StatusOr<std::vector<uint32_t>> SelectedPorts(Eswitch& eswitch,
                                                    const PortSelection& selection) {
  if (selection.index) {
    XSW_RETURN_IF_ERROR(CheckPort(eswitch, *selection.index));
    return std::vector<uint32_t>{*selection.index};
  }
  std::vector<uint32_t> indices = PortIndices(eswitch);
  indices.insert(indices.begin(), XSW_UPLINK);
  return indices;
}

bool IsGone(const std::string& bpffs, const std::string& uplink) {
  const std::vector<std::string> all = EswitchDir::List(bpffs);
  return std::find(all.begin(), all.end(), uplink) == all.end();
}

std::string FormatHandle(const std::string& uplink, uint32_t index) {
  return absl::StrCat(uplink, "/", index);
}

}  // namespace xsw
