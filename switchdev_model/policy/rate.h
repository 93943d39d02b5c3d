// SPDX-License-Identifier: Apache-2.0
// Rate limits of a port, as token buckets that the programs keep.
#ifndef XSW_SWITCHDEV_MODEL_POLICY_RATE_H_
#define XSW_SWITCHDEV_MODEL_POLICY_RATE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// L2 bits, without FCS, of frames as on a wire: after segmentation.
struct PortRates {
  uint64_t tx_max = 0;  // bit/s from the function, 0: no limit
  uint64_t rx_max = 0;  // bit/s to the function
  uint64_t burst = 0;   // bytes of either bucket; 0: the default

  bool operator==(const PortRates&) const = default;
};

// The default: max(256 KiB, 250 ms of the rate), which TCP needs to reach the rate.
uint64_t DefaultBurst(uint64_t rate);

// InvalidArgument: a rate of less than one full frame a second, or a burst of less than one frame.
// mtu: the uplink's, or the least there is where that is not known.
absl::Status CheckRates(uint32_t mtu, const PortRates& rates, const std::string& what);

PortRates GetRates(Eswitch& eswitch, uint32_t port);
// Live; the buckets start full.
void SetRates(Eswitch& eswitch, uint32_t port, const PortRates& rates);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_POLICY_RATE_H_
