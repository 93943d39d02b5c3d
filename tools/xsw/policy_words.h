// SPDX-License-Identifier: Apache-2.0
// The words of `xsw port function set` for a port's policy, and how `xsw port show` says it.
#ifndef XSW_TOOLS_XSW_POLICY_WORDS_H_
#define XSW_TOOLS_XSW_POLICY_WORDS_H_

#include <map>
#include <string>

#include "switchdev_model/policy/policy.h"
#include "tools/xsw/args.h"
#include "tools/xsw/fields.h"

namespace xsw {

std::map<std::string, Args::Handler> PolicyHandlers(PolicyChange* change);

// Those that it has beside untagged frames.
void AddVlans(const PortVlans& vlans, Fields* fields);

Fields PolicyFields(const Policy& policy, bool json);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_POLICY_WORDS_H_
