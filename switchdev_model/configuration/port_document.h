// SPDX-License-Identifier: Apache-2.0
// One port in the document.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_PORT_DOCUMENT_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_PORT_DOCUMENT_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "switchdev_model/configuration/description.h"
#include "switchdev_model/configuration/reader.h"

namespace xsw {

// With its sfnum.
absl::StatusOr<std::pair<uint32_t, PortDescription>> ReadPort(const Json& json,
                                                              const std::string& place);
Json WritePort(uint32_t sfnum, const PortDescription& port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_PORT_DOCUMENT_H_
