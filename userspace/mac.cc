// SPDX-License-Identifier: Apache-2.0
#include "userspace/mac.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace xsw {

absl::StatusOr<Mac> ParseMac(const std::string& text) {
  Mac mac;
  bool valid = text.size() == 17;
  for (size_t i = 0; valid && i < 17; i++) {
    valid = i % 3 == 2 ? text[i] == ':' : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  }
  if (!valid)
    return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" is not a MAC address"));
  for (size_t i = 0; i < 6; i++) mac[i] = std::stoi(text.substr(i * 3, 2), nullptr, 16);
  return mac;
}

std::string FormatMac(const Mac& mac) {
  char text[18];
  std::snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  return text;
}

absl::Status CheckUnicast(const Mac& mac, const std::string& what) {
  if (mac[0] & 1)
    return absl::InvalidArgumentError(absl::StrCat(what, " ", FormatMac(mac), " is multicast"));
  if (mac == Mac{})
    return absl::InvalidArgumentError(absl::StrCat(what, " ", FormatMac(mac), " is zero"));
  return absl::OkStatus();
}

Mac MacFrom(const uint8_t (&bytes)[6]) {
  Mac mac;
  std::copy(std::begin(bytes), std::end(bytes), mac.begin());
  return mac;
}

void CopyMac(const Mac& mac, uint8_t (&bytes)[6]) { std::copy(mac.begin(), mac.end(), bytes); }

}  // namespace xsw
