// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/version.h"

#include <algorithm>

namespace xsw::cni {

const std::vector<std::string>& Versions() {
  static const std::vector<std::string> kVersions = {"0.3.1", "0.4.0", "1.0.0", kNewestVersion};
  return kVersions;
}

bool IsBefore(const std::string& one, const std::string& two) {
  const auto& all = Versions();
  return std::find(all.begin(), all.end(), one) < std::find(all.begin(), all.end(), two);
}

}  // namespace xsw::cni
