// SPDX-License-Identifier: Apache-2.0
// The least that makes one description of a thing another.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_CHANGE_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_CHANGE_H_

#include <string>
#include <vector>

#include "switchdev_model/configuration/description.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/port.h"

namespace xsw {

EswitchSettings Between(const SettingsDescription& from, const SettingsDescription& to);
bool IsEmpty(const EswitchSettings& settings);

// What `to` leaves open (hw_addr, ifname, netns with the state) stays.
FunctionChange Between(const PortDescription& from, const PortDescription& to);
bool IsEmpty(const FunctionChange& change);

// The stations from one to the other, the last of which is `to`: one command leads from each to the
// next, and back. Class, number of queues and program are changed while a port is inactive, and a
// queue block in its place has to be something else before it is a block in another.
std::vector<PortDescription> Path(const PortDescription& from, const PortDescription& to);

// A new port. One whose netns is not said waits, inactive.
PortSpec SpecOf(uint32_t sfnum, const PortDescription& port);

// The words of `xsw eswitch add|set`, `xsw port add` and `xsw port function set`, with a space
// before each.
std::string Words(const EswitchSettings& settings);
std::string Words(const PortSpec& spec);
std::string Words(const FunctionChange& change);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_CHANGE_H_
