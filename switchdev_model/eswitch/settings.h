// SPDX-License-Identifier: Apache-2.0
// What a user may set of an eswitch, checked, and written to where the programs look.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_SETTINGS_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_SETTINGS_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// All settings of an eswitch, and what a new one has.
struct SettingsDescription {
  xsw_mode mode = XSW_MODE_LEGACY;
  xsw_xdp xdp = XSW_XDP_AUTO;
  xsw_rx_path rx_path = XSW_RX_PATH_AUTO;
  bool host = true;
  xsw_miss miss = XSW_MISS_AUTO;

  bool operator==(const SettingsDescription&) const = default;
};

SettingsDescription SettingsOf(const xsw_eswitch& config);

// What this uplink, or this kernel, cannot do. before: what they are settings of, {} of a new one.
absl::Status CheckSettings(const Link& uplink, const xsw_eswitch& before,
                           const EswitchSettings& settings);

// Into the configuration, which programs read all the time. What netdevs and links are to be for
// it is not done yet.
void WriteSettings(const EswitchSettings& settings, xsw_eswitch& config);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_SETTINGS_H_
