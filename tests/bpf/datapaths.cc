// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/datapaths.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/pkt_cls.h>

#include <algorithm>
#include <cstring>

#include "accel_tag.skel.h"
#include "bpf/abi_trace.h"
#include "explain.skel.h"
#include "userspace/xdp_features.h"
#include "xsw.skel.h"

namespace xsw::test {
namespace {

int Fd(const bpf_map* map) { return bpf_map__fd(map); }

template <typename Key, typename Value>
void Put(const bpf_map* map, const Key& key, const Value& value) {
  Must(!bpf_map_update_elem(Fd(map), &key, &value, BPF_ANY), "configure the switch");
}
void Clear(const bpf_map* map) {
  Bytes key(bpf_map__key_size(map));
  while (!bpf_map_get_next_key(Fd(map), nullptr, key.data()))
    bpf_map_delete_elem(Fd(map), key.data());
}

int ProgramOf(const bpf_object* instance, const char* name) {
  return bpf_program__fd(bpf_object__find_program_by_name(instance, name));
}

const char* TcOf(const RandomCase& c) {
  if (c.origin == Origin::kPort) return "xsw_port_rx";
  return c.origin == Origin::kWire ? "xsw_uplink_rx" : "xsw_uplink_tx";
}

// Null: the frame meets no XDP program.
const char* XdpOf(const RandomCase& c) {
  if (c.origin == Origin::kPort) return c.blocks[c.from] ? "xsw_port_xdp" : nullptr;
  return c.origin == Origin::kWire ? "xsw_uplink_xdp" : nullptr;
}

// Whether the outermost tag comes beside the data: an XDP program that looks would not see it.
bool IsAccelerated(const RandomCase& c) {
  if (!c.accelerated || !IsTagged(c.frame)) return false;
  return !XdpOf(c) || (c.origin == Origin::kWire && c.steers == XSW_STEERS_NOTHING);
}

uint16_t Flags(const RefPort& p, bool block) {
  uint16_t flags = XSW_PORT_PEER | XSW_PORT_TX_MAX | XSW_PORT_RX_MAX;
  const std::pair<bool, uint16_t> rows[] = {
      {p.active, XSW_PORT_ACTIVE},     {!p.link, XSW_PORT_LINK_OFF},
      {p.spoofchk, XSW_PORT_SPOOFCHK}, {p.isolated, XSW_PORT_ISOLATED},
      {p.promisc, XSW_PORT_PROMISC},   {p.allmulti, XSW_PORT_ALLMULTI},
      {p.trunk, XSW_PORT_TRUNK},       {block, XSW_PORT_QUEUES}};
  for (auto [on, flag] : rows)
    if (on) flags |= flag;
  return flags;
}

std::vector<Fate> Sorted(std::vector<Fate> fates) {
  std::sort(fates.begin(), fates.end());
  return fates;
}

}  // namespace

Datapaths& Datapaths::Get() {
  static Datapaths* const only = new Datapaths;
  return *only;
}

Datapaths::Datapaths() : lab_(SwitchUnderTest::Get().lab()) {
  shipped_ = xsw_bpf__open();
  explaining_ = explain_bpf__open();
  Must(shipped_ && explaining_, "open the programs");
  for (bpf_object* object : {shipped_->obj, explaining_->obj})
    SetFrags(object, RedirectsFragsToNetdevs());
  Must(!xsw_bpf__load(shipped_), "load xsw.bpf.o");
  bpf_map* map;
  bpf_object__for_each_map(map, shipped_->obj) {
    bpf_map* twin = bpf_object__find_map_by_name(explaining_->obj, bpf_map__name(map));
    if (!bpf_map__is_internal(map)) Must(!bpf_map__reuse_fd(twin, Fd(map)), "share a map");
  }
  Must(!explain_bpf__load(explaining_), "load the explaining programs");
  helper_ = accel_tag_bpf__open_and_load();
  Must(helper_ != nullptr, "load accel_tag.bpf.o");
}

void Datapaths::Configure(const RandomCase& c) {
  xsw_eswitch e = {.abi = XSW_ABI_VERSION,
                   .ifindex = lab_.NearIfindex(kWire),
                   .fdb_generation = ++fdb_generation_,
                   .mode = static_cast<uint8_t>(c.s.mode),
                   .host = c.s.host,
                   .xdp_steers = c.steers,
                   .xdp_wire = c.xdp_wire};
  memcpy(e.mac, c.s.host_mac.data(), 6);
  e.misses = static_cast<uint8_t>(c.s.miss);
  if (c.s.miss == XSW_MISS_AUTO)
    e.misses = c.s.mode == XSW_MODE_SWITCHDEV ? XSW_MISS_REPRESENTOR : XSW_MISS_UPLINK;
  for (const RefPort& p : c.s.ports) e.promisc |= p.promisc;
  Put(shipped_->maps.xsw_eswitch, uint32_t{0}, e);
  ConfigurePorts(c);
  Clear(shipped_->maps.xsw_fdb);
  Clear(shipped_->maps.xsw_mdb);
  for (const auto& [address, port] : c.s.fdb) {
    xsw_fdb_key key = {.vlan = address.second};
    memcpy(key.mac, address.first.data(), 6);
    Put(shipped_->maps.xsw_fdb, key, xsw_fdb_entry{.port = port});
  }
  for (const auto& [address, ports] : c.s.groups) PutGroup(address, ports);
}

void Datapaths::PutGroup(const Address& address, const std::set<uint32_t>& ports) {
  xsw_mdb_key key = {.vlan = address.second};
  memcpy(key.mac, address.first.data(), 6);
  Put(shipped_->maps.xsw_mdb, key, static_cast<uint32_t>(ports.size()));
  for (uint32_t port : ports) {
    key.port = port;
    Put(shipped_->maps.xsw_mdb, key, uint32_t{1});
  }
}

void Datapaths::ConfigurePorts(const RandomCase& c) {
  uint32_t next = 0;
  for (uint32_t port = kRefPorts; port > 0; port--) {
    const RefPort& p = c.s.ports[port];
    const uint32_t ifindex = lab_.NearIfindex(static_cast<Place>(port));
    xsw_port value = {
        .flags = Flags(p, c.blocks[port]), .next_member = next, .pvid = p.pvid, .qos = p.qos};
    memcpy(value.hw_addr, p.mac.data(), 6);
    if (p.active) next = port;
    xsw_vlans vlans = {};
    for (uint16_t vlan : p.tagged) vlans.member[vlan / 64] |= uint64_t{1} << vlan % 64;
    xsw_rate rate = {};
    rate.tx.full_at = p.over_tx ? ~0ULL >> 1 : 0;
    rate.rx.full_at = p.over_rx ? ~0ULL >> 1 : 0;
    Put(shipped_->maps.xsw_port, port, value);
    Put(shipped_->maps.xsw_vlan, port, vlans);
    Put(shipped_->maps.xsw_rate, port, rate);
    Put(shipped_->maps.xsw_rep, ifindex % XSW_REP_SLOTS, xsw_rep_slot{ifindex, port});
    for (const bpf_map* map : {shipped_->maps.xsw_dev_xdp, shipped_->maps.xsw_dev_tc}) {
      if (p.attached) {
        Put(map, port, bpf_devmap_val{.ifindex = ifindex});
      } else {
        bpf_map_delete_elem(Fd(map), &port);
      }
    }
  }
  Put(shipped_->maps.xsw_port, XSW_UPLINK, xsw_port{.next_member = next});
  Put(shipped_->maps.xsw_dev_xdp, XSW_UPLINK, bpf_devmap_val{.ifindex = lab_.NearIfindex(kWire)});
}

void Datapaths::Zero() {
  const std::vector<xsw_stats> zero(static_cast<size_t>(libbpf_num_possible_cpus()));
  for (uint32_t port = 0; port <= kRefPorts; port++)
    Must(!bpf_map_update_elem(Fd(shipped_->maps.xsw_stats), &port, zero.data(), BPF_ANY), "zero");
}

Switched Datapaths::Switch(const RandomCase& c) {
  Zero();
  Switched done;
  Bytes out;
  const char* xdp = XdpOf(c);
  int verdict = xdp ? RunXdp(ProgramOf(shipped_->obj, xdp), c, &out) : XDP_PASS;
  const bool decided = verdict != XDP_PASS;
  const int tc = ProgramOf(shipped_->obj, TcOf(c));
  if (!decided) verdict = RunTc(tc, c);
  Count(&done);
  const bool redirected = decided ? verdict == XDP_REDIRECT : verdict == TC_ACT_REDIRECT;
  const bool left = !decided && verdict == TC_ACT_UNSPEC;
  if (redirected) done.fates.push_back({Fate::kToWire});
  if (left) done.fates.push_back({Fate::kToStack, c.from});
  if (redirected || left) done.frame = decided ? out : LookBehindTc(tc, c);
  done.fates = Sorted(done.fates);
  return done;
}

std::vector<Fate> Datapaths::Explain(const RandomCase& c) {
  std::vector<Fate> fates;
  const char* xdp = XdpOf(c);
  if (xdp && Trace(xdp, c, &fates) != XDP_PASS) return Sorted(fates);
  Trace(TcOf(c), c, &fates);
  if (fates.empty()) fates.push_back({Fate::kToStack, c.from});
  return Sorted(fates);
}

int Datapaths::RunXdp(int program, const RandomCase& c, Bytes* out) const {
  xdp_md ctx = {};
  ctx.data_end = static_cast<uint32_t>(c.frame.size());
  ctx.ingress_ifindex = lab_.NearIfindex(static_cast<Place>(c.from));
  out->resize(c.frame.size() + 64);
  bpf_test_run_opts opts = {.sz = sizeof(opts)};
  opts.data_in = c.frame.data();
  opts.data_size_in = static_cast<uint32_t>(c.frame.size());
  opts.data_out = out->data();
  opts.data_size_out = static_cast<uint32_t>(out->size());
  opts.ctx_in = &ctx;
  opts.ctx_size_in = sizeof(ctx);
  opts.repeat = 1;
  Must(!bpf_prog_test_run_opts(program, &opts), "BPF_PROG_TEST_RUN of XDP");
  out->resize(opts.data_size_out);
  return static_cast<int>(opts.retval);
}

// Our program in front of the shipped one accelerates the tag, and in a second run on the same skb
// says whether there is one.
int Datapaths::TestRunTc(int program, const RandomCase& c, int repeat, Bytes* out) {
  Bytes data = c.frame;
  auto& want = *helper_->bss;
  want = {};
  if (IsAccelerated(c)) {
    want.want_tag_proto = EtherType(data);
    want.want_tci = static_cast<uint16_t>(data[14] << 8 | data[15]);
    data.erase(data.begin() + 12, data.begin() + 16);
  }
  const uint32_t zero = 0;
  Must(!bpf_map_update_elem(Fd(helper_->maps.shipped), &zero, &program, BPF_ANY),
       "put behind ours");
  __sk_buff skb = {};
  skb.ifindex = lab_.NearIfindex(static_cast<Place>(c.from));
  out->resize(c.frame.size() + 64);
  bpf_test_run_opts opts = {.sz = sizeof(opts)};
  opts.data_in = data.data();
  opts.data_size_in = static_cast<uint32_t>(data.size());
  opts.data_out = out->data();
  opts.data_size_out = static_cast<uint32_t>(out->size());
  opts.ctx_in = &skb;
  opts.ctx_size_in = sizeof(skb);
  opts.repeat = repeat;
  Must(!bpf_prog_test_run_opts(bpf_program__fd(helper_->progs.prepare_and_look), &opts),
       "BPF_PROG_TEST_RUN of tc");
  out->resize(opts.data_size_out);
  return static_cast<int>(opts.retval);
}

int Datapaths::RunTc(int program, const RandomCase& c) {
  Bytes unused;
  return TestRunTc(program, c, 1, &unused);
}

Bytes Datapaths::LookBehindTc(int program, const RandomCase& c) {
  Bytes frame;
  TestRunTc(program, c, 2, &frame);
  if (!helper_->bss->left_tag_proto) return frame;
  Bytes tag;
  Append16(tag, helper_->bss->left_tag_proto);
  Append16(tag, helper_->bss->left_tci);
  frame.insert(frame.begin() + 12, tag.begin(), tag.end());
  return frame;
}

void Datapaths::Count(Switched* to) {
  std::vector<xsw_stats> cpus(static_cast<size_t>(libbpf_num_possible_cpus()));
  for (uint32_t port = 0; port <= kRefPorts; port++) {
    Must(!bpf_map_lookup_elem(Fd(shipped_->maps.xsw_stats), &port, cpus.data()), "read counters");
    for (const xsw_stats& stats : cpus) {
      for (const xsw_count& count : stats.tx) {
        to->tx_bytes[port] += count.bytes;
        to->fates.insert(to->fates.end(), count.frames, {Fate::kToPort, port});
      }
      for (uint32_t why = 1; why < XSW_DROP_COUNT; why++)
        to->fates.insert(to->fates.end(), stats.drops[why],
                         {Fate::kDropped, port, false, static_cast<xsw_drop>(why)});
    }
  }
}

int Datapaths::Trace(const char* name, const RandomCase& c, std::vector<Fate>* fates) {
  std::vector<xsw_trace> trace(1);
  Put(explaining_->maps.xsw_trace, uint32_t{0}, trace[0]);
  const int program = ProgramOf(explaining_->obj, name);
  Bytes unused;
  const int verdict = name == XdpOf(c) ? RunXdp(program, c, &unused) : RunTc(program, c);
  const uint32_t zero = 0;
  Must(!bpf_map_lookup_elem(Fd(explaining_->maps.xsw_trace), &zero, trace.data()), "read steps");
  for (uint32_t i = 0; i < trace[0].count; i++) {
    const xsw_trace_step& step = trace[0].steps[i];
    const auto why = static_cast<xsw_drop>(step.detail);
    if (step.step == XSW_STEP_TO_PORT)
      fates->push_back({Fate::kToPort, step.port, step.detail != 0});
    // The host's own frame stays on its way there.
    if (step.step == XSW_STEP_TO_WIRE && c.origin == Origin::kHost)
      fates->push_back({Fate::kToStack});
    else if (step.step == XSW_STEP_TO_WIRE)
      fates->push_back({Fate::kToWire, 0, step.detail != 0});
    if (step.step == XSW_STEP_TO_HOST) fates->push_back({Fate::kToHost, 0, step.detail != 0});
    if (step.step == XSW_STEP_TO_STACK) fates->push_back({Fate::kToStack, step.port});
    if (step.step == XSW_STEP_DROP) fates->push_back({Fate::kDropped, step.port, false, why});
  }
  return verdict;
}

}  // namespace xsw::test
