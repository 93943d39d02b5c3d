// SPDX-License-Identifier: Apache-2.0
// Workloads: what an entry program costs per frame with few and with many ports and FDB entries; in
// mode switchdev, with many permits.
//
// The maps are filled directly, not by xsw: all ports have the representor of the one that there
// is, which changes nothing for the program, whose redirect a test run does not carry out.
#ifndef XSW_BENCH_SCATTER_H_
#define XSW_BENCH_SCATTER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/workload.h"
#include "bench/world.h"

struct scatter_bpf;

namespace xsw::bench {

inline constexpr char kScatterAlone[] = "the scattering alone";
inline constexpr char kOnePort[] = "1 port";
inline constexpr char kMostPorts[] = "4096 ports";
inline constexpr char kMostFdb[] = "1 port, 64k FDB entries";
inline constexpr char kPermits[] = "mode switchdev, 4096 permits in 64 VLANs";

class Scatter {
 public:
  static absl::StatusOr<std::unique_ptr<Scatter>> Make();
  ~Scatter();

  // One an entry program; spread: every frame is addressed to another of the ports or FDB entries,
  // at random, else all to the first. They refer to this object.
  std::vector<Workload> Programs(bool spread, int rounds);

 private:
  struct Destroy {
    void operator()(scatter_bpf* skeleton) const;
  };
  struct Size {
    std::string name;
    uint32_t ports, fdb;              // mode legacy
    uint32_t permits = 0, vlans = 0;  // mode switchdev; at most 64 VLANs
  };
  // An eswitch of that size.
  struct Lane {
    Size size;
    World world;
    Fd programs[3];  // as in kTrials
  };
  explicit Scatter(scatter_bpf* own);
  absl::Status Add(const Size& size);
  absl::Status FillMaps(const Lane& lane);
  absl::Status FillPermits(const Lane& lane);
  // alone: what calls the program costs, without it.
  absl::StatusOr<Measured> Run(int trial, const Lane& lane, bool spread, bool alone);

  std::unique_ptr<scatter_bpf, Destroy> own_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_SCATTER_H_
