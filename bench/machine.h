// SPDX-License-Identifier: Apache-2.0
// The machine that was measured on.
#ifndef XSW_BENCH_MACHINE_H_
#define XSW_BENCH_MACHINE_H_

#include <nlohmann/json.hpp>

namespace xsw::bench {

// {"kernel", "cpu", "cpus", "load": what else ran when we began}
nlohmann::ordered_json DescribeMachine();

}  // namespace xsw::bench

#endif  // XSW_BENCH_MACHINE_H_
