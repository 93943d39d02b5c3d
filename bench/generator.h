// SPDX-License-Identifier: Apache-2.0
// Sends one frame over and over out of a netdev, from within the kernel.
//
// BPF_PROG_TEST_RUN with live frames, each redirected to the netdev. On a veth the frames reach its
// far end's NAPI as XDP frames, and all work on them, to the last drop, is done on this CPU before
// the call returns. The far end needs NAPI: GRO on, or an XDP program.
#ifndef XSW_BENCH_GENERATOR_H_
#define XSW_BENCH_GENERATOR_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/world.h"

struct generator_bpf;

namespace xsw::bench {

struct Sent {
  uint64_t frames = 0;
  double seconds = 0;  // spent on them
};

class Generator {
 public:
  static absl::StatusOr<Generator> Load();
  Generator(Generator&&) = default;
  ~Generator();

  // What is sent from now on: not the frame as it is, but a mix made of it for so many ports, whose
  // addresses are those of MacOfPort(); 0: the frame.
  void SetMix(int ports);

  // Frames that the kernel sends, and works on, at a time; 64 at first, as NAPI does. A batch must
  // not become more copies than the rings behind the switch hold: only the generator's next call
  // would let their readers run.
  void SetBatch(uint32_t frames) { batch_ = frames; }

  absl::StatusOr<Sent> Send(const World& world, const Netdev& out,
                            const std::vector<uint8_t>& frame, uint64_t count);
  // For about so many seconds.
  absl::StatusOr<Sent> SendFor(const World& world, const Netdev& out,
                               const std::vector<uint8_t>& frame, double seconds);

 private:
  struct Destroy {
    void operator()(generator_bpf* skeleton) const;
  };
  explicit Generator(std::unique_ptr<generator_bpf, Destroy> skeleton);
  std::unique_ptr<generator_bpf, Destroy> skeleton_;
  bool mix_ = false;
  uint32_t batch_ = 64;
};

// Of 1 to 255: 02:00:00:00:01:PORT.
Mac MacOfPort(int port);

}  // namespace xsw::bench

#endif  // XSW_BENCH_GENERATOR_H_
