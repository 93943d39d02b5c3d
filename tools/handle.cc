// SPDX-License-Identifier: Apache-2.0
#include "tools/handle.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "switchdev_model/port.h"
#include "tools/args.h"

namespace xsw {

absl::StatusOr<PortHandle> ParsePortHandle(const std::string& bpffs, const std::string& text) {
  const size_t slash = text.rfind('/');
  if (slash != std::string::npos) {
    PortHandle handle{.uplink = text.substr(0, slash)};
    if (handle.uplink.empty() || !absl::SimpleAtoi(text.substr(slash + 1), &handle.index))
      return UsageError(absl::StrCat("\"", text, "\" is not a port handle like eth0/3"));
    return handle;
  }
  for (const std::string& uplink : EswitchDir::List(bpffs)) {
    if (uplink == text) return PortHandle{.uplink = uplink, .index = XSW_UPLINK};
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    if (!eswitch.ok()) continue;
    if (std::optional<uint32_t> port = PortOfRepresentor(*eswitch, text))
      return PortHandle{.uplink = uplink, .index = *port};
  }
  return absl::NotFoundError(absl::StrCat("port ", text, ": no eswitch has a representor ", text));
}

std::string FormatHandle(const std::string& uplink, uint32_t index) {
  return absl::StrCat(uplink, "/", index);
}

}  // namespace xsw
