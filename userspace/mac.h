// SPDX-License-Identifier: Apache-2.0
// Ethernet addresses, in wire order.
#ifndef XSW_USERSPACE_MAC_H_
#define XSW_USERSPACE_MAC_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace xsw {

using Mac = std::array<uint8_t, 6>;

// "02:00:00:00:88:88", any case. Anything else is an InvalidArgument that quotes text.
absl::StatusOr<Mac> ParseMac(const std::string& text);
std::string FormatMac(const Mac& mac);

// Not zero and not multicast: fit to be a netdev's address.
absl::Status CheckUnicast(const Mac& mac, const std::string& what);

// The struct members of abi.h are plain arrays.
Mac MacFrom(const uint8_t (&bytes)[6]);
void CopyMac(const Mac& mac, uint8_t (&bytes)[6]);

}  // namespace xsw

#endif  // XSW_USERSPACE_MAC_H_
