// SPDX-License-Identifier: Apache-2.0
// The programs of an eswitch once more, on its own maps, but writing down what they would do instead of
// doing it (bpf/trace.h). Nothing is attached, pinned, counted or sent.
#ifndef XSW_USERSPACE_TRACER_H_
#define XSW_USERSPACE_TRACER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "abi_trace.h"
#include "absl/status/statusor.h"

struct explain_bpf;

namespace xsw {

struct Traced {
  uint32_t verdict = 0;  // TC_ACT_* or XDP_*
  std::vector<xsw_trace_step> steps;
  std::vector<uint8_t> frame;  // as the program has left it
};

class Tracer {
 public:
  // dir is where the eswitch's maps are pinned.
  static absl::StatusOr<Tracer> Load(const std::string& dir);
  Tracer(Tracer&&) = default;
  ~Tracer();

  // One frame (14 bytes at least) through a program ("xsw_port_rx"), as if received by the netdev, which
  // is in the calling thread's network namespace.
  absl::StatusOr<Traced> Run(const std::string& program, int ifindex,
                             const std::vector<uint8_t>& frame);

 private:
  struct Destroy {
    void operator()(explain_bpf* skeleton) const;
  };
  using Skeleton = std::unique_ptr<explain_bpf, Destroy>;
  explicit Tracer(Skeleton skeleton) : skeleton_(std::move(skeleton)) {}
  Skeleton skeleton_;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_TRACER_H_
