// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/switch_under_test.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "accel_tag.skel.h"
#include "queue.skel.h"
#include "userspace/xdp_features.h"
#include "xsw.skel.h"

namespace xsw::test {
namespace {

constexpr uint32_t kWatchedPorts = 16;  // ports 0 to 3 and a dozen that nothing may be charged to

template <typename Key, typename Value>
void Put(const bpf_map* map, const Key& key, const Value& value) {
  Must(bpf_map_update_elem(bpf_map__fd(map), &key, &value, BPF_ANY) == 0,
       std::string("write ") + bpf_map__name(map));
}

template <typename Value>
Value Read(const bpf_map* map, uint32_t key) {
  Value value;
  Must(bpf_map_lookup_elem(bpf_map__fd(map), &key, &value) == 0,
       std::string("read ") + bpf_map__name(map));
  return value;
}

void DeleteAll(const bpf_map* map) {
  Bytes key(bpf_map__key_size(map));
  while (bpf_map_get_next_key(bpf_map__fd(map), nullptr, key.data()) == 0)
    Must(bpf_map_delete_elem(bpf_map__fd(map), key.data()) == 0, "empty a map");
}

void AddCount(Counters& to, unsigned port, const std::string& name, const xsw_count& count) {
  if (count.frames != 0) to[CounterName(port, name + " frames")] += count.frames;
  if (count.bytes != 0) to[CounterName(port, name + " bytes")] += count.bytes;
}

void AddStats(Counters& to, unsigned port, const xsw_stats& stats) {
  for (int i = 0; i < XSW_CAST_COUNT; i++) {
    const std::string cast = CastName(static_cast<xsw_cast>(i));
    AddCount(to, port, "rx " + cast, stats.rx[i]);
    AddCount(to, port, "tx " + cast, stats.tx[i]);
  }
  AddCount(to, port, "slow_rx", stats.slow_rx);
  AddCount(to, port, "slow_tx", stats.slow_tx);
  if (stats.misses != 0) to[CounterName(port, "misses")] += stats.misses;
  for (size_t why = 0; why < std::size(stats.drops); why++)
    if (stats.drops[why] != 0)
      to[CounterName(port, DropName(static_cast<xsw_drop>(why)))] += stats.drops[why];
}

}  // namespace

std::ostream& operator<<(std::ostream& out, Verdict verdict) {
  constexpr const char* kNames[] = {"pass", "drop", "redirect", "no verdict of ours"};
  return out << kNames[verdict];
}

std::string CounterName(unsigned port, const std::string& counter) {
  return "port " + std::to_string(port) + " " + counter;
}

std::string CastName(xsw_cast cast) {
  constexpr const char* kNames[] = {"unicast", "multicast", "broadcast"};
  static_assert(std::size(kNames) == XSW_CAST_COUNT);
  return kNames[cast];
}

std::string DropName(xsw_drop why) {
  constexpr const char* kNames[] = {
      "none",      "malformed",  "eswitch_inactive", "inactive", "detached",  "spoof",
      "vlan",      "link_local", "hairpin",          "host_off", "no_buffer", "no_port",
      "no_socket", "link_down",  "isolated",         "tx_rate",  "rx_rate",   "miss",
      "mtu"};
  static_assert(std::size(kNames) == XSW_DROP_COUNT, "a reason without a name");
  return std::string("drops ") + (why < XSW_DROP_COUNT ? kNames[why] : "without a reason");
}

SwitchUnderTest& SwitchUnderTest::Get() {
  static SwitchUnderTest* const the_switch = new SwitchUnderTest;
  return *the_switch;
}

SwitchUnderTest::SwitchUnderTest() : shipped_(xsw_bpf__open()) {
  Must(shipped_ != nullptr, "open xsw.bpf.o");
  // On every kernel, for the rows of long frames: what is decided does not depend on it.
  SetFrags(shipped_->obj, true);
  Must(xsw_bpf__load(shipped_) == 0, "load xsw.bpf.o");
  helper_ = accel_tag_bpf__open_and_load();
  Must(helper_ != nullptr, "load accel_tag.bpf.o");
  LoadQueueProgram();
  Reset();
}

// As userspace/datapath.cc loads it: counting where the switch counts.
void SwitchUnderTest::LoadQueueProgram() {
  queue_ = queue_bpf__open();
  Must(queue_ != nullptr, "open queue.bpf.o");
  SetFrags(queue_->obj, true);
  Must(bpf_map__reuse_fd(queue_->maps.xsw_stats, bpf_map__fd(shipped_->maps.xsw_stats)) == 0,
       "share xsw_stats");
  Must(queue_bpf__load(queue_) == 0, "load queue.bpf.o");
  for (Place port : {kFunction1, kFunction2}) {
    Fd& xsks = xsks_[port - 1];
    xsks = Fd(bpf_map_create(BPF_MAP_TYPE_XSKMAP, "xsks", 4, 4, XSW_MAX_QUEUES, nullptr));
    Must(xsks.get() >= 0, "create an XSKMAP");
    Put(queue_->maps.xsw_xsks, static_cast<uint32_t>(port), xsks.get());
  }
}

void SwitchUnderTest::Reset() {
  lab_.Repair();
  sockets_.clear();
  xsw_eswitch eswitch = {.abi = XSW_ABI_VERSION,
                         .ifindex = lab_.NearIfindex(kWire),
                         .fdb_generation = ++fdb_generation_,
                         .mode = XSW_MODE_LEGACY,
                         .host = 1,
                         .mtu = kLabMtu};
  memcpy(eswitch.mac, kHostMac.data(), sizeof(eswitch.mac));
  Put(shipped_->maps.xsw_eswitch, uint32_t{0}, eswitch);
  DeleteAll(shipped_->maps.xsw_fdb);
  DeleteAll(shipped_->maps.xsw_mdb);
  DeleteAll(shipped_->maps.xsw_permit);
  PutLease(~0ULL);
  PutInBridge(kWire, {});
  Put(shipped_->maps.xsw_port, XSW_UPLINK, xsw_port{.next_member = kFunction1});
  Put(shipped_->maps.xsw_dev_xdp, XSW_UPLINK, bpf_devmap_val{.ifindex = eswitch.ifindex});
  for (Place port : {kFunction1, kFunction2, kFunction3}) Link(port);
  AddFdb(kHostMac, 0, XSW_UPLINK);
  AddFdb(kMac1, 0, 1);
  AddFdb(kMac2, 0, 2);
  AddFdb(kMac3, 0, 3);
  AddFdb(kExtraMac1, 0, 1);
  AddFdb(kExtraMac2, 0, 2);
  AddFdb(kVlanMac, 7, 2);
  AddFdb(kVlanMac, 7 | XSW_VLAN_AD, 3);
  const Bytes zeros(sizeof(xsw_stats) * static_cast<size_t>(libbpf_num_possible_cpus()));
  for (uint32_t port = 0; port < kWatchedPorts; port++)
    Must(bpf_map_update_elem(bpf_map__fd(shipped_->maps.xsw_stats), &port, zeros.data(), BPF_ANY) ==
             0,
         "zero the counters");
  *helper_->bss = {};
}

// The port as the model would write it.
void SwitchUnderTest::Link(Place at) {
  const uint32_t port = at;
  const uint32_t ifindex = lab_.NearIfindex(at);
  const Mac mac = std::array{kMac1, kMac2, kMac3}[port - 1];
  xsw_port value = {.flags = XSW_PORT_ACTIVE | XSW_PORT_PEER | XSW_PORT_SPOOFCHK,
                    .next_member = port < kPorts ? port + 1 : 0};
  memcpy(value.hw_addr, mac.data(), mac.size());
  xsw_vlans vlans = {};
  if (at == kFunction2) {
    value.flags |= XSW_PORT_TRUNK;
    vlans.member[0] = 1 << 7;
  }
  Put(shipped_->maps.xsw_port, port, value);
  Put(shipped_->maps.xsw_vlan, port, vlans);
  Put(shipped_->maps.xsw_rate, port, xsw_rate{});
  PutInBridge(at, {});
  Put(shipped_->maps.xsw_rep, ifindex % XSW_REP_SLOTS, xsw_rep_slot{ifindex, port});
  Put(shipped_->maps.xsw_dev_xdp, port, bpf_devmap_val{.ifindex = ifindex});
  Put(shipped_->maps.xsw_dev_tc, port, bpf_devmap_val{.ifindex = ifindex});
}

void SwitchUnderTest::AddFdb(const Mac& mac, uint16_t vlan, uint32_t port) {
  xsw_fdb_key key = {.vlan = vlan};
  memcpy(key.mac, mac.data(), mac.size());
  Put(shipped_->maps.xsw_fdb, key, xsw_fdb_entry{.port = port});
  AnnounceFdb();
}

void SwitchUnderTest::RemoveFdb(const Mac& mac, uint16_t vlan) {
  xsw_fdb_key key = {.vlan = vlan};
  memcpy(key.mac, mac.data(), mac.size());
  bpf_map_delete_elem(bpf_map__fd(shipped_->maps.xsw_fdb), &key);
  AnnounceFdb();
}

void SwitchUnderTest::AnnounceFdb() {
  ConfigureEswitch([this](xsw_eswitch& e) { e.fdb_generation = ++fdb_generation_; });
}

void SwitchUnderTest::SetTrunk(Place port, const std::vector<uint16_t>& vlans) {
  xsw_vlans bits = {};
  for (uint16_t vlan : vlans) bits.member[vlan / 64] |= 1ULL << vlan % 64;
  Put(shipped_->maps.xsw_vlan, static_cast<uint32_t>(port), bits);
}

void SwitchUnderTest::AddMdb(const Mac& group, uint16_t vlan, uint32_t port) {
  xsw_mdb_key key = {.vlan = vlan, .port = port};
  memcpy(key.mac, group.data(), group.size());
  Put(shipped_->maps.xsw_mdb, key, uint32_t{1});
}

void SwitchUnderTest::PutInBridge(Place port, const xsw_bport& place) {
  Put(shipped_->maps.xsw_bport, static_cast<uint32_t>(port), place);
}

void SwitchUnderTest::AddPermit(const Mac& mac, uint16_t vlan, const xsw_permit& permit) {
  const auto place = Read<xsw_bport>(shipped_->maps.xsw_bport, permit.port);
  xsw_permit_key key = {.vlan = vlan, .bridge = place.bridge};
  memcpy(key.mac, mac.data(), mac.size());
  Put(shipped_->maps.xsw_permit, key, permit);
  PutLease(~0ULL);
}

void SwitchUnderTest::EndLease() { PutLease(1); }

void SwitchUnderTest::PutLease(uint64_t until) {
  Put(shipped_->maps.xsw_lease, uint32_t{0},
      xsw_lease{.until = until, .generation = ++permit_generation_});
}

void SwitchUnderTest::Overdraw(Place port) {
  const xsw_bucket empty = {.full_at = ~0ULL >> 1};
  Put(shipped_->maps.xsw_rate, static_cast<uint32_t>(port), xsw_rate{.tx = empty, .rx = empty});
}

// A bucket that takes a nanosecond for a byte, and whose time is far enough ahead to be the last
// charge's.
constexpr uint64_t kChargedFrom = ~0ULL >> 2;
void SwitchUnderTest::StartCharging(Place port) {
  const xsw_bucket open = {
      .full_at = kChargedFrom, .depth = kChargedFrom, .cost = 1 << XSW_RATE_SHIFT};
  Put(shipped_->maps.xsw_rate, static_cast<uint32_t>(port), xsw_rate{.tx = open, .rx = open});
}

uint64_t SwitchUnderTest::Charged(Place port) const {
  return Read<xsw_rate>(shipped_->maps.xsw_rate, port).tx.full_at - kChargedFrom;
}

void SwitchUnderTest::DropWire() {
  const uint32_t uplink = XSW_UPLINK;
  Must(bpf_map_delete_elem(bpf_map__fd(shipped_->maps.xsw_dev_xdp), &uplink) == 0,
       "take the uplink out of xsw_dev_xdp");
}

void SwitchUnderTest::PutSocket(Place port, uint32_t queue) {
  sockets_.emplace_back(socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  const int fd = sockets_.back().get();
  Must(fd >= 0, "socket AF_XDP");
  Must(bpf_map_update_elem(xsks_[port - 1].get(), &queue, &fd, BPF_NOEXIST) == 0,
       "put a socket into an XSKMAP");
}

void SwitchUnderTest::ConfigureEswitch(const std::function<void(xsw_eswitch&)>& change) {
  auto value = Read<xsw_eswitch>(shipped_->maps.xsw_eswitch, 0);
  change(value);
  Put(shipped_->maps.xsw_eswitch, uint32_t{0}, value);
}

void SwitchUnderTest::ConfigurePort(Place port, const std::function<void(xsw_port&)>& change) {
  auto value = Read<xsw_port>(shipped_->maps.xsw_port, port);
  change(value);
  Put(shipped_->maps.xsw_port, static_cast<uint32_t>(port), value);
}

Counters SwitchUnderTest::Moved() const {
  Counters moved;
  std::vector<xsw_stats> cpus(static_cast<size_t>(libbpf_num_possible_cpus()));
  for (uint32_t port = 0; port < kWatchedPorts; port++) {
    Must(bpf_map_lookup_elem(bpf_map__fd(shipped_->maps.xsw_stats), &port, cpus.data()) == 0,
         "read the counters");
    for (const xsw_stats& stats : cpus) AddStats(moved, port, stats);
  }
  return moved;
}

}  // namespace xsw::test
