// SPDX-License-Identifier: Apache-2.0
// Handles: eth0 is an eswitch, eth0/3 a port; a port's representor stands for it.
#ifndef XSW_TOOLS_XSW_HANDLE_H_
#define XSW_TOOLS_XSW_HANDLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

struct Call;

struct PortHandle {
  std::string uplink;
  uint32_t index = 0;
};

// Usage error: neither form. NotFound: a name that is no representor. The port itself is not looked
// up: an earlier line of a dry run may make it.
absl::StatusOr<PortHandle> ParsePortHandle(const Call& call, const std::string& text);

// Ports that a command shows: one, or all of an eswitch, the uplink first.
struct PortSelection {
  std::string uplink;
  std::optional<uint32_t> index;
  bool named = true;  // false: listed with all others
};
// "eth0/3", "eth0", a representor's name; empty: all eswitches.
absl::StatusOr<std::vector<PortSelection>> SelectPorts(const Call& call, const std::string& text);
absl::StatusOr<std::vector<uint32_t>> SelectedPorts(Eswitch& eswitch,
                                                    const PortSelection& selection);

// Listed, and removed since: one less to show.
bool IsGone(const std::string& bpffs, const std::string& uplink);

std::string FormatHandle(const std::string& uplink, uint32_t index);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_HANDLE_H_
