// SPDX-License-Identifier: Apache-2.0
// What there is to watch of eswitches, in the names of node_exporter: the label `device` joins with
// its node_network_*. Directions are the representor's: it receives what the function sends.
#ifndef XSW_TOOLS_XSW_METRICS_H_
#define XSW_TOOLS_XSW_METRICS_H_

#include <string>
#include <vector>

#include "tools/xsw/exposition.h"
#include "tools/xsw/metrics_sample.h"

namespace xsw {

std::string Metrics(const std::vector<EswitchSample>& samples, Exposition::Form form);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_METRICS_H_
