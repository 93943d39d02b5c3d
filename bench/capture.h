// SPDX-License-Identifier: Apache-2.0
// Workload: frames from the wire to port 1 while somebody captures, and while nobody does.
#ifndef XSW_BENCH_CAPTURE_H_
#define XSW_BENCH_CAPTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/generator.h"
#include "bench/sink.h"
#include "bench/workload.h"
#include "bench/world.h"

namespace xsw::bench {

inline constexpr char kNeverCaptured[] = "never captured";
inline constexpr char kBetweenCaptures[] = "between captures";

class Capture {
 public:
  static absl::StatusOr<std::unique_ptr<Capture>> Make();
  // Mpps. It refers to this object.
  Workload Frames(int rounds, double seconds);

 private:
  Capture(Generator generator, Sink sink, World never, World sometimes)
      : generator_(std::move(generator)),
        sink_(std::move(sink)),
        never_(std::move(never)),
        sometimes_(std::move(sometimes)) {}
  absl::StatusOr<Measured> Measure(const World& world, double seconds);
  // With `xsw capture WORDS`, which writes to nowhere on the other CPU.
  absl::StatusOr<Measured> WhileCapturing(const std::vector<std::string>& words, double seconds);

  Generator generator_;
  Sink sink_;
  World never_, sometimes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_CAPTURE_H_
