// SPDX-License-Identifier: Apache-2.0
// What an attachment came to: addresses as an IPAM plugin gives them out, and the answer to the
// runtime.
#ifndef XSW_TOOLS_XSW_CNI_RESULT_H_
#define XSW_TOOLS_XSW_CNI_RESULT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/configuration/reader.h"
#include "userspace/address.h"
#include "userspace/mac.h"

namespace xsw::cni {

struct GivenAddress {
  IpPrefix address;
  std::optional<IpAddress> gateway;
};

struct Given {
  std::vector<GivenAddress> addresses;
  std::vector<Route> routes;   // one without a gateway has that of the first address of its family
  Json json = Json::object();  // as it came
};

// "nameservers", "domain", "search", "options" are what a runtime reads.
absl::Status CheckDns(const Json& json, const std::string& place);

// An error says what of it cannot be read. An interface that an address names is not looked at.
absl::StatusOr<Given> ReadGiven(const Json& json);

struct Interface {
  std::string name;
  Mac mac{};
  std::string sandbox;      // empty: the host
  std::string socket_path;  // class queues
  uint32_t mtu = 0;
};

// In the words of that version: what it does not know is left out. The addresses are those of the
// last interface.
Json MakeResult(const std::string& version, const std::vector<Interface>& interfaces,
                const Given& given);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_RESULT_H_
