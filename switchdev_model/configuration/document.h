// SPDX-License-Identifier: Apache-2.0
// Descriptions as the JSON that `xsw save` writes and `xsw apply` reads: docs/configuration.md, and
// the schema beside it in tools/xsw/.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_DOCUMENT_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_DOCUMENT_H_

#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "switchdev_model/configuration/description.h"

namespace xsw {

struct Document {
  Configuration configuration;
  // Where a port is in it, by uplink and sfnum: "/eswitch/eth0/ports/3".
  std::map<std::pair<std::string, uint32_t>, std::string> places;
};

// InvalidArgument: begins with the JSON pointer of what is wrong, or says where it is no JSON. What
// only the uplink can tell (its MTU) is not looked at.
absl::StatusOr<Document> ParseDocument(const std::string& text);

// With all that is not as it is by default, in the order of uplinks, sfnums and addresses. indent
// -1: in one line. The same configuration always gives the same text.
std::string FormatDocument(const Configuration& configuration, int indent = 4);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_DOCUMENT_H_
