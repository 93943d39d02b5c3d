// SPDX-License-Identifier: Apache-2.0
// What a runtime asks for: CNI's environment variables, and what it writes to stdin.
#ifndef XSW_TOOLS_XSW_CNI_REQUEST_H_
#define XSW_TOOLS_XSW_CNI_REQUEST_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace xsw::cni {

struct Request {
  std::string command;
  std::string container, netns, ifname;
  std::map<std::string, std::string> args;  // CNI_ARGS
  std::string input;
};

// A container's id and a network's name start with a letter or a digit; then also _ . and -
// (SPEC.md, sections 1 and 2).
bool IsIdentifier(const std::string& text);

// An error has a code. A variable that the command needs is missing, or is not possible.
absl::StatusOr<Request> ReadRequest();

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_REQUEST_H_
