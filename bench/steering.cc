// SPDX-License-Identifier: Apache-2.0
#include "bench/steering.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/pkt_cls.h>

#include <cerrno>

#include "abi.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/pin.h"
#include "bench/scoped_netns.h"
#include "steering.skel.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr const char* kNames[] = {kEmpty, kBare, kXsw};
constexpr int kRepeat = 2'000'000;

template <typename Key, typename Value>
absl::Status Put(bpf_map* map, const Key& key, const Value& value) {
  if (bpf_map_update_elem(bpf_map__fd(map), &key, &value, BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("fill ", bpf_map__name(map)));
  return absl::OkStatus();
}

}  // namespace

void Steering::Destroy::operator()(steering_bpf* skeleton) const {
  steering_bpf__destroy(skeleton);
}

Steering::Steering(steering_bpf* own, World stack, World xdp)
    : own_(own), stack_(std::move(stack)), xdp_(std::move(xdp)) {}
Steering::~Steering() = default;

absl::StatusOr<std::unique_ptr<Steering>> Steering::Make() {
  XSW_ASSIGN_OR_RETURN(World stack, Build(*FindContender(kXswStack), "steer", /*raw=*/true));
  XSW_ASSIGN_OR_RETURN(World xdp, Build(*FindContender(kXswXdp), "steer", /*raw=*/true));
  steering_bpf* own = steering_bpf__open_and_load();
  if (!own) return ErrnoStatus(errno, "load the programs to compare steering with");
  std::unique_ptr<Steering> self(new Steering(own, std::move(stack), std::move(xdp)));
  XSW_RETURN_IF_ERROR(self->Fill());
  const std::vector<uint8_t> outside = MakeFrame(kOut, kPort1, 64);
  XSW_RETURN_IF_ERROR(
      self->Add("xsw_uplink_xdp", {&self->xdp_, {kHost, "up0"}, outside, /*xdp=*/true, kRepeat}));
  XSW_RETURN_IF_ERROR(
      self->Add("xsw_uplink_rx", {&self->stack_, {kHost, "up0"}, outside, /*xdp=*/false, kRepeat}));
  XSW_RETURN_IF_ERROR(self->Add("xsw_port_rx", {&self->stack_,
                                                {kHost, "up0sf2"},
                                                MakeFrame(kPort2, kPort1, 64),
                                                /*xdp=*/false,
                                                kRepeat}));
  return self;
}

// All three frames are for port 1.
absl::Status Steering::Fill() {
  xsw_fdb_key key = {};
  CopyMac(MacOf(kPort1), key.mac);
  XSW_RETURN_IF_ERROR(Put(own_->maps.bench_fdb, key, xsw_fdb_entry{.port = 1}));
  XSW_ASSIGN_OR_RETURN(int tc_port, stack_.Ifindex({kHost, "up0sf1"}));
  own_->bss->to_ifindex = static_cast<__u32>(tc_port);
  XSW_ASSIGN_OR_RETURN(int xdp_port, xdp_.Ifindex({kHost, "up0sf1"}));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(xdp_.netns[kHost]));
  return Put(own_->maps.bench_ports, uint32_t{1}, xdp_port);
}

absl::Status Steering::Add(const std::string& name, TestRun run) {
  Trial trial{.name = name, .run = std::move(run)};
  XSW_ASSIGN_OR_RETURN(Fd shipped, OpenPin(*trial.run.world, name));
  const auto& own = own_->progs;
  trial.programs[0] = bpf_program__fd(trial.run.xdp ? own.bench_empty_xdp : own.bench_empty_tc);
  trial.programs[1] = bpf_program__fd(trial.run.xdp ? own.bench_bare_xdp : own.bench_bare_tc);
  trial.programs[2] = shipped.get();
  shipped_.push_back(std::move(shipped));
  trials_.push_back(std::move(trial));
  return absl::OkStatus();
}

absl::StatusOr<Measured> Steering::Run(const Trial& trial, int which) {
  const auto pass =
      static_cast<uint32_t>(trial.run.xdp ? static_cast<int>(XDP_PASS) : TC_ACT_UNSPEC);
  return TimeProgram(trial.programs[which], trial.run,
                     which == 0 ? pass : RedirectOf(trial.run.xdp));
}

std::vector<Workload> Steering::Programs(int rounds) const {
  std::vector<Workload> workloads;
  for (const Trial& trial : trials_) {
    Workload workload{.id = absl::StrCat("steering_", trial.name),
                      .title = absl::StrCat("steering, ", trial.name),
                      .unit = "ns",
                      .rounds = rounds,
                      .seconds = 0.1,
                      .baselines = {kEmpty, kBare}};
    for (int which = 0; which < 3; which++)
      workload.cells.push_back({kNames[which], [&trial, which] { return Run(trial, which); }});
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

}  // namespace xsw::bench
