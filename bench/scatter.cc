// SPDX-License-Identifier: Apache-2.0
#include "bench/scatter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>

#include "abi.h"
#include "bench/command.h"
#include "bench/contender.h"
#include "bench/frame.h"
#include "bench/pin.h"
#include "bench/scoped_netns.h"
#include "bench/test_run.h"
#include "scatter.skel.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr int kRepeat = 500'000;
constexpr uint32_t kBridgeNumber = 7;

struct Trial {
  const char* program;
  bool xdp;
  const char* from;  // netdev on the host
  Place src;
};
constexpr Trial kTrials[] = {{"xsw_uplink_xdp", true, "up0", kOut},
                             {"xsw_uplink_rx", false, "up0", kOut},
                             {"xsw_port_rx", false, "up0sf2", kPort2}};

Mac AddressOf(uint32_t entry) {
  return {0x02, 0, 0x01, 0, static_cast<uint8_t>(entry >> 8), static_cast<uint8_t>(entry)};
}

template <typename Value>
absl::Status Put(const Fd& map, const void* key, const Value& value, const std::string& what) {
  if (bpf_map_update_elem(map.get(), key, &value, BPF_ANY)) return ErrnoStatus(errno, what);
  return absl::OkStatus();
}

}  // namespace

void Scatter::Destroy::operator()(scatter_bpf* skeleton) const { scatter_bpf__destroy(skeleton); }

Scatter::Scatter(scatter_bpf* own) : own_(own) {}
Scatter::~Scatter() = default;

absl::StatusOr<std::unique_ptr<Scatter>> Scatter::Make() {
  scatter_bpf* own = scatter_bpf__open_and_load();
  if (!own) return ErrnoStatus(errno, "load the programs that scatter frames");
  std::unique_ptr<Scatter> self(new Scatter(own));
  const Size sizes[] = {{kOnePort, 1, 1},
                        {"64 ports", 64, 64},
                        {"1024 ports", 1024, 1024},
                        {kMostPorts, 4096, 4096},
                        {"1 port, 4096 FDB entries", 1, 4096},
                        {kMostFdb, 1, 65536 - 256},
                        {"mode switchdev, 1 permit", 1, 1, 1, 1},
                        {kPermits, 1, 1, 4096, 64}};
  for (const Size& size : sizes) XSW_RETURN_IF_ERROR(self->Add(size));
  return self;
}

absl::Status Scatter::Add(const Size& size) {
  Contender contender = *FindContender(kXswXdp);
  contender.slug = absl::StrCat("scatter", lanes_.size());
  XSW_ASSIGN_OR_RETURN(World world, Build(contender, "", /*raw=*/true));
  lanes_.push_back(std::make_unique<Lane>(size, std::move(world)));
  Lane& lane = *lanes_.back();
  for (size_t i = 0; i < std::size(kTrials); i++) {
    XSW_ASSIGN_OR_RETURN(lane.programs[i], OpenPin(lane.world, kTrials[i].program));
  }
  return size.permits ? FillPermits(lane) : FillMaps(lane);
}

// Port 2 stays as it is: in one of the trials it sends.
absl::Status Scatter::FillMaps(const Lane& lane) {
  XSW_ASSIGN_OR_RETURN(int representor, lane.world.Ifindex({kHost, "up0sf1"}));
  XSW_ASSIGN_OR_RETURN(Fd ports, OpenPin(lane.world, "xsw_port"));
  XSW_ASSIGN_OR_RETURN(Fd fdb, OpenPin(lane.world, "xsw_fdb"));
  XSW_ASSIGN_OR_RETURN(Fd dev_xdp, OpenPin(lane.world, "xsw_dev_xdp"));
  XSW_ASSIGN_OR_RETURN(Fd dev_tc, OpenPin(lane.world, "xsw_dev_tc"));
  XSW_ASSIGN_OR_RETURN(ScopedNetns in, ScopedNetns::Enter(lane.world.netns[kHost]));
  const bpf_devmap_val dev = {.ifindex = static_cast<__u32>(representor), .bpf_prog = {}};
  for (uint32_t port = 1; port <= lane.size.ports; port++) {
    if (port == 2) continue;
    xsw_port value = {};
    CopyMac(AddressOf(port - 1), value.hw_addr);
    value.flags = XSW_PORT_ACTIVE | XSW_PORT_PEER | XSW_PORT_SPOOFCHK;
    XSW_RETURN_IF_ERROR(Put(ports, &port, value, "fill xsw_port"));
    XSW_RETURN_IF_ERROR(Put(dev_xdp, &port, dev, "fill xsw_dev_xdp"));
    XSW_RETURN_IF_ERROR(Put(dev_tc, &port, dev, "fill xsw_dev_tc"));
  }
  for (uint32_t entry = 0; entry < lane.size.fdb; entry++) {
    xsw_fdb_key key = {};
    CopyMac(AddressOf(entry), key.mac);
    uint32_t port = 1 + entry % lane.size.ports;
    if (port == 2) port = 1;
    const xsw_fdb_entry value = {.port = port, .flags = XSW_FDB_STATIC};
    XSW_RETURN_IF_ERROR(Put(fdb, &key, value, "fill xsw_fdb"));
  }
  return absl::OkStatus();
}

// A bridge, of which nothing but its number is needed, has port 1 behind all these addresses.
absl::Status Scatter::FillPermits(const Lane& lane) {
  XSW_RETURN_IF_ERROR(
      Xsw(lane.world.NetnsName(kHost), {"eswitch", "set", "up0", "mode", "switchdev"}).status());
  XSW_ASSIGN_OR_RETURN(Fd places, OpenPin(lane.world, "xsw_bport"));
  XSW_ASSIGN_OR_RETURN(Fd permits, OpenPin(lane.world, "xsw_permit"));
  XSW_ASSIGN_OR_RETURN(Fd lease, OpenPin(lane.world, "xsw_lease"));
  const auto permit = [&](const Mac& mac, uint16_t vlan, uint32_t port) {
    xsw_permit_key key = {.vlan = vlan, .bridge = kBridgeNumber};
    CopyMac(mac, key.mac);
    // Tagged: what a run leaves is what the next one gets.
    const xsw_permit value = {.port = port,
                              .flags = XSW_PERMIT_FROM | XSW_PERMIT_TO | XSW_PERMIT_TAGGED};
    return Put(permits, &key, value, "fill xsw_permit");
  };
  for (uint32_t port : {uint32_t{XSW_UPLINK}, uint32_t{1}, uint32_t{2}}) {
    const xsw_bport place = {.bridge = kBridgeNumber, .flags = XSW_BPORT_VLANS};
    XSW_RETURN_IF_ERROR(Put(places, &port, place, "fill xsw_bport"));
  }
  for (uint16_t vlan = 1; vlan <= lane.size.vlans; vlan++) {
    XSW_RETURN_IF_ERROR(permit(MacOf(kOut), vlan, XSW_UPLINK));
    XSW_RETURN_IF_ERROR(permit(MacOf(kPort2), vlan, 2));
  }
  for (uint32_t i = 0; i < lane.size.permits; i++)
    XSW_RETURN_IF_ERROR(permit(AddressOf(i), static_cast<uint16_t>(1 + i % lane.size.vlans), 1));
  const uint32_t zero = 0;
  return Put(lease, &zero, xsw_lease{.until = UINT64_MAX}, "fill xsw_lease");
}

absl::StatusOr<Measured> Scatter::Run(int which, const Lane& lane, bool spread, bool alone) {
  const Trial& trial = kTrials[which];
  const auto& own = own_->progs;
  const int done = bpf_program__fd(trial.xdp ? own.bench_scattered_xdp : own.bench_scattered_tc);
  const int next = alone ? done : lane.programs[which].get();
  const bpf_map* map = trial.xdp ? own_->maps.bench_next_xdp : own_->maps.bench_next_tc;
  const uint32_t zero = 0;
  if (bpf_map_update_elem(bpf_map__fd(map), &zero, &next, BPF_ANY))
    return ErrnoStatus(errno, absl::StrCat("call ", trial.program));
  const uint32_t most = std::max(lane.size.fdb, lane.size.permits);
  own_->data->addresses = 1;
  while (spread && own_->data->addresses * 2 <= most) own_->data->addresses *= 2;
  own_->bss->vlans = lane.size.vlans;
  std::vector<uint8_t> frame = MakeFrame(trial.src, kPort1, 64);
  if (lane.size.vlans) AddTag(1, &frame);
  return TimeProgram(bpf_program__fd(trial.xdp ? own.bench_scatter_xdp : own.bench_scatter_tc),
                     {&lane.world, {kHost, trial.from}, frame, trial.xdp, kRepeat},
                     RedirectOf(trial.xdp));
}

std::vector<Workload> Scatter::Programs(bool spread, int rounds) {
  std::vector<Workload> workloads;
  for (int which = 0; which < static_cast<int>(std::size(kTrials)); which++) {
    Workload workload{.id = absl::StrCat(spread ? "spread_" : "scaling_", kTrials[which].program),
                      .title = absl::StrCat(spread ? "scaling, spread destinations, " : "scaling, ",
                                            kTrials[which].program),
                      .unit = "ns",
                      .rounds = rounds,
                      .seconds = 0.1,
                      .baselines = {lanes_[0]->size.name}};
    workload.cells.push_back({kScatterAlone, [this, which, spread] {
                                return Run(which, *lanes_[0], spread, /*alone=*/true);
                              }});
    for (const auto& lane : lanes_) {
      // XDP leaves all to the bridge.
      if (lane->size.permits && kTrials[which].xdp) continue;
      workload.cells.push_back({lane->size.name, [this, which, spread, &lane = *lane] {
                                  return Run(which, lane, spread, /*alone=*/false);
                                }});
    }
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

}  // namespace xsw::bench
