// SPDX-License-Identifier: Apache-2.0
// Versions of CNI's specification.
#ifndef XSW_TOOLS_XSW_CNI_VERSION_H_
#define XSW_TOOLS_XSW_CNI_VERSION_H_

#include <string>
#include <vector>

namespace xsw::cni {

// Those that xsw speaks, rising.
const std::vector<std::string>& Versions();
inline constexpr char kNewestVersion[] = "1.1.0";

// Of two of them.
bool IsBefore(const std::string& one, const std::string& two);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_VERSION_H_
