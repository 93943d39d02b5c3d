// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/tables/group.h"

#include <arpa/inet.h>

#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

constexpr in6_addr kAllNodes = {{{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};

absl::Status Refuse(const std::string& text, const char* why) {
  return absl::InvalidArgumentError(absl::StrCat("group ", text, ": ", why));
}

absl::Status RefuseLocal(const std::string& text) {
  return Refuse(text, "every node hears it, nobody joins it");
}

// RFC 1112: the low 23 bits.
absl::StatusOr<Mac> GroupOf(const in_addr& ip, const std::string& text) {
  const uint32_t address = ntohl(ip.s_addr);
  if (!IN_MULTICAST(address)) return Refuse(text, "is not multicast");
  if (address >> 8 == INADDR_UNSPEC_GROUP >> 8) return RefuseLocal(text);
  return Mac{0x01,
             0x00,
             0x5e,
             static_cast<uint8_t>(address >> 16 & 0x7f),
             static_cast<uint8_t>(address >> 8),
             static_cast<uint8_t>(address)};
}

// RFC 2464: the low 32 bits.
absl::StatusOr<Mac> GroupOf(const in6_addr& ip, const std::string& text) {
  const uint8_t* a = ip.s6_addr;
  if (!IN6_IS_ADDR_MULTICAST(&ip)) return Refuse(text, "is not multicast");
  if (IN6_IS_ADDR_MC_NODELOCAL(&ip) || IN6_ARE_ADDR_EQUAL(&ip, &kAllNodes))
    return RefuseLocal(text);
  return Mac{0x33, 0x33, a[12], a[13], a[14], a[15]};
}

}  // namespace

absl::StatusOr<Mac> ParseGroup(const std::string& text) {
  if (absl::StatusOr<Mac> mac = ParseMac(text); mac.ok()) return mac;
  in_addr ip;
  in6_addr ip6;
  if (inet_pton(AF_INET, text.c_str(), &ip) == 1) return GroupOf(ip, text);
  if (inet_pton(AF_INET6, text.c_str(), &ip6) == 1) return GroupOf(ip6, text);
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is neither an IP group nor a MAC address"));
}

}  // namespace xsw
