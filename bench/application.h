// SPDX-License-Identifier: Apache-2.0
// The AF_XDP application of the queue block workloads: xsw-perf, the same for every contender.
#ifndef XSW_BENCH_APPLICATION_H_
#define XSW_BENCH_APPLICATION_H_

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/bare_queue.h"
#include "bench/child.h"

namespace xsw::bench {

// Where an application gets its queue.
struct Outlet {
  std::string path;                 // of a socket: xswd's, or a bare queue's
  std::unique_ptr<BareQueue> bare;  // null: xswd's
};

class Application {
 public:
  // xsw-perf with these words (what to do comes first), on that CPU. Its queue is open when it
  // returns.
  static absl::StatusOr<std::unique_ptr<Application>> Start(const Outlet& outlet,
                                                            std::vector<std::string> words,
                                                            int cpu);
  // What it measured, once it has ended by itself.
  absl::StatusOr<nlohmann::json> Finish(double seconds);
  // The same, after asking it to end.
  absl::StatusOr<nlohmann::json> Stop();

 private:
  explicit Application(std::unique_ptr<Child> child) : child_(std::move(child)) {}
  std::unique_ptr<Child> child_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_APPLICATION_H_
