// SPDX-License-Identifier: Apache-2.0
// The results of a run as a section of docs/performance.md.
#ifndef XSW_BENCH_MARKDOWN_H_
#define XSW_BENCH_MARKDOWN_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"

namespace xsw::bench {

// Replaces what is between the lines "<!-- results -->" and "<!-- end of results -->" of the
// document. Plots are taken from `plots`, relative to the document, where there are any.
absl::Status WriteSection(const nlohmann::ordered_json& results, const std::string& document,
                          const std::string& plots);

}  // namespace xsw::bench

#endif  // XSW_BENCH_MARKDOWN_H_
