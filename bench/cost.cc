// SPDX-License-Identifier: Apache-2.0
#include "bench/cost.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>

#include "bench/command.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/pin.h"
#include "userspace/datapath.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"
#include "without_filters.skel.h"
#include "without_isolation.skel.h"
#include "without_link.skel.h"
#include "without_modes.skel.h"
#include "without_promisc.skel.h"
#include "without_rates.skel.h"
#include "without_vlans.skel.h"
#include "xsw.skel.h"

namespace xsw::bench {
namespace {

constexpr int kRuns = 25, kRepeat = 40'000;
constexpr uint16_t kVlan = 7;

struct NamedBuild {
  const char* lacks;  // nullptr: nothing
  const void* (*elf)(size_t* size);
};
constexpr NamedBuild kBuilds[] = {{nullptr, xsw_bpf__elf_bytes},
                                  {"VLANs", without_vlans_bpf__elf_bytes},
                                  {"spoofchk", without_filters_bpf__elf_bytes},
                                  {"rates", without_rates_bpf__elf_bytes},
                                  {"isolation", without_isolation_bpf__elf_bytes},
                                  {"link disable", without_link_bpf__elf_bytes},
                                  {"promisc and allmulti", without_promisc_bpf__elf_bytes},
                                  {"modes", without_modes_bpf__elf_bytes}};

// All that can be in use while frames pass. Port 2 must be free to reach port 1. The rates are more
// than a test run reaches, and frames stay in their dress: a run gets what the one before it left.
absl::Status UseFeatures(const World& world) {
  for (const char* port : {"up0/1", "up0/2"}) {
    const std::string vlan = absl::StrCat(kVlan);
    XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"port", "function", "set", port, "vlans", vlan,
                                                     "trust", "on", "promisc", "on", "allmulti",
                                                     "on", "tx_max", "1tbit", "rx_max", "1tbit"})
                            .status());
  }
  return absl::OkStatus();
}

// An instance of a build, on the maps of the world's eswitch.
absl::StatusOr<BpfObject> Load(const NamedBuild& build, const std::string& pins) {
  size_t size = 0;
  const void* elf = build.elf(&size);
  BpfObject object(bpf_object__open_mem(elf, size, nullptr));
  if (!object) return ErrnoStatus(errno, "open a build of the programs");
  // As the eswitch's own: a devmap belongs to programs of one kind.
  SetFrags(object.get(), RedirectsFragsToNetdevs());
  XSW_RETURN_IF_ERROR(ShareMaps(object.get(), pins));
  if (int err = bpf_object__load(object.get()))
    return ErrnoStatus(-err, "load a build of the programs");
  return object;
}

// The differences are of a few ns, and the noise of a virtual machine is ten times that, in phases
// of seconds: the least of many short runs, and of both in turn where two are compared.
absl::StatusOr<Measured> LeastDifference(int program, int without, const TestRun& run) {
  double with_it = 0, without_it = 0;
  for (int i = 0; i < kRuns; i++) {
    XSW_ASSIGN_OR_RETURN(Measured a, TimeProgram(program, run, RedirectOf(run.xdp)));
    XSW_ASSIGN_OR_RETURN(Measured b, TimeProgram(without, run, RedirectOf(run.xdp)));
    with_it = i ? std::min(with_it, a.value) : a.value;
    without_it = i ? std::min(without_it, b.value) : b.value;
  }
  return Measured{.value = with_it - without_it};
}

absl::StatusOr<Measured> Least(int program, const TestRun& run) {
  Measured least;
  for (int i = 0; i < kRuns; i++) {
    XSW_ASSIGN_OR_RETURN(Measured measured, TimeProgram(program, run, RedirectOf(run.xdp)));
    if (i == 0 || measured.value < least.value) least = measured;
  }
  return least;
}

int ProgramIn(const BpfObject& build, const char* name) {
  return bpf_program__fd(bpf_object__find_program_by_name(build.get(), name));
}

}  // namespace

void CloseBpfObject::operator()(bpf_object* object) const { bpf_object__close(object); }
Cost::~Cost() = default;

absl::StatusOr<std::unique_ptr<Cost>> Cost::Make() {
  std::unique_ptr<Cost> self(new Cost);
  XSW_RETURN_IF_ERROR(self->Add(/*in_use=*/false, std::size(kBuilds)));
  XSW_RETURN_IF_ERROR(self->Add(/*in_use=*/true, 1));
  return self;
}

absl::Status Cost::Add(bool in_use, size_t builds) {
  Contender contender = *FindContender(kXswXdp);
  contender.slug = in_use ? "costall" : "cost";
  XSW_ASSIGN_OR_RETURN(World world, Build(contender, "", /*raw=*/true));
  lanes_.push_back(std::make_unique<Lane>(in_use ? kAllOn : kAllOff, std::move(world)));
  Lane& lane = *lanes_.back();
  lane.from_out = MakeFrame(kOut, kPort1, 64);
  lane.from_port2 = MakeFrame(kPort2, kPort1, 64);
  if (in_use) {
    XSW_RETURN_IF_ERROR(UseFeatures(lane.world));
    AddTag(kVlan, &lane.from_out);
    AddTag(kVlan, &lane.from_port2);
  }
  XSW_ASSIGN_OR_RETURN(std::string pins, PinsOf(lane.world));
  for (size_t i = 0; i < builds; i++) {
    XSW_ASSIGN_OR_RETURN(BpfObject build, Load(kBuilds[i], pins));
    lane.builds.push_back(std::move(build));
  }
  return absl::OkStatus();
}

TestRun Cost::RunOn(const Lane& lane, const Trial& trial) {
  return {&lane.world,
          {kHost, trial.netdev},
          trial.from == kPort2 ? lane.from_port2 : lane.from_out,
          trial.xdp,
          kRepeat};
}

Workload Cost::InUse(const Trial& trial, int rounds) const {
  Workload workload{.id = absl::StrCat("cost_", trial.program),
                    .title = absl::StrCat("features, ", trial.program),
                    .unit = "ns",
                    .rounds = rounds,
                    .seconds = 0.1,
                    .baselines = {kAllOff}};
  for (const auto& lane : lanes_) {
    const TestRun run = RunOn(*lane, trial);
    const int program = ProgramIn(lane->builds[0], trial.program);
    workload.cells.push_back({lane->name, [program, run] { return Least(program, run); }});
  }
  return workload;
}

Workload Cost::Unused(const Trial& trial, int rounds) const {
  Workload workload{
      .id = absl::StrCat("unused_", trial.program),
      .title = absl::StrCat("what a feature costs that is not in use, ", trial.program),
      .unit = "ns",
      .rounds = rounds,
      .seconds = 0.2,
      .baselines = {}};
  const Lane& lane = *lanes_.front();
  const TestRun run = RunOn(lane, trial);
  const int program = ProgramIn(lane.builds[0], trial.program);
  for (size_t i = 1; i < lane.builds.size(); i++) {
    const int without = ProgramIn(lane.builds[i], trial.program);
    workload.cells.push_back({kBuilds[i].lacks, [program, without, run] {
                                return LeastDifference(program, without, run);
                              }});
  }
  return workload;
}

std::vector<Workload> Cost::Programs(int rounds) const {
  std::vector<Workload> workloads;
  for (const Trial& trial : kTrials) {
    workloads.push_back(InUse(trial, rounds));
    workloads.push_back(Unused(trial, rounds));
  }
  return workloads;
}

}  // namespace xsw::bench
