// SPDX-License-Identifier: Apache-2.0
// Queue 0 of a netdev that is no port, for the same applications as those of ports: xswd's part of
// the dialog, and an XDP program that redirects every frame to the socket.
#ifndef XSW_BENCH_BARE_QUEUE_H_
#define XSW_BENCH_BARE_QUEUE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "bench/world.h"

struct bare_queue_bpf;

namespace xsw::bench {

class BareQueue {
 public:
  // Listens on path. The program stays on the netdev for good.
  static absl::StatusOr<std::unique_ptr<BareQueue>> Make(const World& world, const Netdev& netdev,
                                                         const std::string& path);
  ~BareQueue();

  // Gives the queue to the application that asks for it, within some seconds.
  absl::Status Serve();

 private:
  struct Destroy {
    void operator()(bare_queue_bpf* skeleton) const;
  };
  using Skeleton = std::unique_ptr<bare_queue_bpf, Destroy>;
  BareQueue(Skeleton skeleton, const World& world, Netdev netdev);
  absl::Status Listen(const std::string& path);
  // An errno, or 0.
  absl::StatusOr<int> ServeOne();

  Skeleton skeleton_;
  const Fd netns_;
  const Netdev netdev_;
  int ifindex_ = 0;
  Fd listener_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_BARE_QUEUE_H_
