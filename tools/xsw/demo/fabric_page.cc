// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/fabric_page.h"

#include <regex>

namespace xsw {
namespace {

// Written by CMake.
constexpr char kPage[] =
#include "fabric_page.inc"
    ;

}  // namespace

std::string FabricBlock(const std::string& name) {
  const std::string page = kPage, fence = "\n```" + name + "\n";
  const size_t found = page.find(fence);
  if (found == std::string::npos) return "";
  const size_t from = found + fence.size();
  return page.substr(from, page.find("\n```\n", from) + 1 - from);
}

std::string FrrConf(const std::string& block, int host) {
  const std::string mine = "10.0." + std::to_string(host) + ".2";
  const std::regex first("10\\.0\\.1\\.2"), other("10\\.0\\." + std::to_string(host) + "\\.2");
  const std::string aside = std::regex_replace(block, other, "OTHER");
  return std::regex_replace(std::regex_replace(aside, first, mine), std::regex("OTHER"),
                            "10.0.1.2");
}

}  // namespace xsw
