// SPDX-License-Identifier: Apache-2.0
// Thousands of random configurations and frames: the programs that switch (their counters and
// verdict), and those that explain, against the reference. A failure prints its seed and the
// smallest case that still fails; XSW_SEED repeats one, XSW_CASES makes it more.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <linux/pkt_cls.h>

#include <cstdlib>
#include <cstring>

#include "bpf/abi_trace.h"
#include "tests/bpf/random_case.h"
#include "tests/bpf/switch_under_test.h"
#include "explain.skel.h"
#include "xsw.skel.h"

namespace xsw::test {
namespace {

constexpr int kCases = 5000;

const char* TcOf(const RandomCase& c) {
  if (c.origin == Origin::kPort) return "xsw_port_rx";
  return c.origin == Origin::kWire ? "xsw_uplink_rx" : "xsw_uplink_tx";
}

// Null: the frame meets no XDP program.
const char* XdpOf(const RandomCase& c) {
  if (c.origin == Origin::kPort) return c.blocks[c.from] ? "xsw_port_xdp" : nullptr;
  return c.origin == Origin::kWire ? "xsw_uplink_xdp" : nullptr;
}

// Two instances of the shipped programs on the same maps: one switches, one explains.
class Datapaths {
 public:
  static Datapaths& Get() {
    static Datapaths* const only = new Datapaths;
    return *only;
  }

  void Configure(const RandomCase& c) {
    xsw_eswitch e = {.abi = XSW_ABI_VERSION,
                     .ifindex = lab_.NearIfindex(kWire),
                     .mode = static_cast<uint8_t>(c.s.mode),
                     .host = c.s.host,
                     .xdp_steers = c.steers,
                     .xdp_wire = c.xdp_wire,
                     .fdb_generation = ++fdb_generation_};
    memcpy(e.mac, c.s.host_mac.data(), 6);
    e.misses = static_cast<uint8_t>(c.s.miss);
    if (c.s.miss == XSW_MISS_AUTO)
      e.misses = c.s.mode == XSW_MODE_SWITCHDEV ? XSW_MISS_REPRESENTOR : XSW_MISS_UPLINK;
    for (const RefPort& p : c.s.ports) e.promisc |= p.promisc;
    Put(maps().xsw_eswitch, uint32_t{0}, e);
    ConfigurePorts(c);
    Clear(maps().xsw_fdb);
    Clear(maps().xsw_mdb);
    for (const auto& [address, port] : c.s.fdb) {
      xsw_fdb_key key = {.vlan = address.second};
      memcpy(key.mac, address.first.data(), 6);
      Put(maps().xsw_fdb, key, xsw_fdb_entry{.port = port});
    }
    for (const auto& [address, ports] : c.s.groups) PutGroup(address, ports);
  }

  std::vector<Fate> Switched(const RandomCase& c) {
    const std::vector<xsw_stats> zero(static_cast<size_t>(libbpf_num_possible_cpus()));
    for (uint32_t port = 0; port <= kRefPorts; port++)
      Must(!bpf_map_update_elem(Fd(maps().xsw_stats), &port, zero.data(), BPF_ANY), "zero");
    const char* xdp = XdpOf(c);
    int verdict = xdp ? Run(shipped_->obj, xdp, c) : XDP_PASS;
    const bool decided = verdict != XDP_PASS;
    if (!decided) verdict = Run(shipped_->obj, TcOf(c), c);
    return Counted(decided ? verdict == XDP_REDIRECT : verdict == TC_ACT_REDIRECT,
                   !decided && verdict == TC_ACT_UNSPEC, c);
  }

  std::vector<Fate> Explained(const RandomCase& c) {
    std::vector<Fate> fates;
    const char* xdp = XdpOf(c);
    if (xdp && Trace(xdp, c, &fates) != XDP_PASS) return Sorted(fates);
    Trace(TcOf(c), c, &fates);
    if (fates.empty()) fates.push_back({Fate::kToStack, c.from});
    return Sorted(fates);
  }

 private:
  Datapaths() : lab_(SwitchUnderTest::Get().lab()) {
    shipped_ = xsw_bpf__open_and_load();
    Must(shipped_ != nullptr, "load xsw.bpf.o");
    explaining_ = explain_bpf__open();
    bpf_map* map;
    bpf_object__for_each_map(map, shipped_->obj) {
      bpf_map* twin = bpf_object__find_map_by_name(explaining_->obj, bpf_map__name(map));
      if (!bpf_map__is_internal(map))
        Must(!bpf_map__reuse_fd(twin, Fd(map)), "share a map");
    }
    Must(!explain_bpf__load(explaining_), "load the explaining programs");
  }

  using Maps = decltype(xsw_bpf::maps);
  const Maps& maps() const { return shipped_->maps; }
  static int Fd(const bpf_map* map) { return bpf_map__fd(map); }

  template <typename Key, typename Value>
  static void Put(const bpf_map* map, const Key& key, const Value& value) {
    Must(!bpf_map_update_elem(Fd(map), &key, &value, BPF_ANY), "configure the switch");
  }
  static void Clear(const bpf_map* map) {
    Bytes key(bpf_map__key_size(map));
    while (!bpf_map_get_next_key(Fd(map), nullptr, key.data()))
      bpf_map_delete_elem(Fd(map), key.data());
  }

  void PutGroup(const Address& address, const std::set<uint32_t>& ports) {
    xsw_mdb_key key = {.vlan = address.second};
    memcpy(key.mac, address.first.data(), 6);
    Put(maps().xsw_mdb, key, static_cast<uint32_t>(ports.size()));
    for (uint32_t port : ports) {
      key.port = port;
      Put(maps().xsw_mdb, key, uint32_t{1});
    }
  }

  static uint16_t Flags(const RefPort& p, bool block) {
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

  void ConfigurePorts(const RandomCase& c) {
    uint32_t next = 0;
    for (uint32_t port = kRefPorts; port > 0; port--) {
      const RefPort& p = c.s.ports[port];
      const uint32_t ifindex = lab_.NearIfindex(static_cast<Place>(port));
      xsw_port value = {.flags = Flags(p, c.blocks[port]), .next_member = next, .pvid = p.pvid};
      memcpy(value.hw_addr, p.mac.data(), 6);
      if (p.active) next = port;
      xsw_vlans vlans = {};
      for (uint16_t vlan : p.tagged) vlans.member[vlan / 64] |= uint64_t{1} << vlan % 64;
      xsw_rate rate = {};
      rate.tx.full_at = p.over_tx ? ~0ULL >> 1 : 0;
      rate.rx.full_at = p.over_rx ? ~0ULL >> 1 : 0;
      Put(maps().xsw_port, port, value);
      Put(maps().xsw_vlan, port, vlans);
      Put(maps().xsw_rate, port, rate);
      Put(maps().xsw_rep, ifindex % XSW_REP_SLOTS, xsw_rep_slot{ifindex, port});
      for (const bpf_map* map : {maps().xsw_dev_xdp, maps().xsw_dev_tc}) {
        if (p.attached) {
          Put(map, port, bpf_devmap_val{.ifindex = ifindex});
        } else {
          bpf_map_delete_elem(Fd(map), &port);
        }
      }
    }
    Put(maps().xsw_port, XSW_UPLINK, xsw_port{.next_member = next});
    Put(maps().xsw_dev_xdp, XSW_UPLINK, bpf_devmap_val{.ifindex = lab_.NearIfindex(kWire)});
  }

  int Run(const bpf_object* instance, const char* name, const RandomCase& c) const {
    const bpf_program* program = bpf_object__find_program_by_name(instance, name);
    const unsigned ifindex = lab_.NearIfindex(static_cast<Place>(c.from));
    Bytes out(c.frame.size() + 64);
    __sk_buff skb = {};
    skb.ifindex = ifindex;
    xdp_md xdp = {};
    xdp.data_end = static_cast<uint32_t>(c.frame.size());
    xdp.ingress_ifindex = ifindex;
    const bool is_xdp = bpf_program__type(program) == BPF_PROG_TYPE_XDP;
    bpf_test_run_opts opts = {.sz = sizeof(opts)};
    opts.data_in = c.frame.data();
    opts.data_size_in = static_cast<uint32_t>(c.frame.size());
    opts.data_out = out.data();
    opts.data_size_out = static_cast<uint32_t>(out.size());
    opts.ctx_in = is_xdp ? static_cast<void*>(&xdp) : &skb;
    opts.ctx_size_in = is_xdp ? sizeof(xdp) : sizeof(skb);
    opts.repeat = 1;
    Must(!bpf_prog_test_run_opts(bpf_program__fd(program), &opts), "BPF_PROG_TEST_RUN");
    return static_cast<int>(opts.retval);
  }

  static std::vector<Fate> Sorted(std::vector<Fate> fates) {
    std::sort(fates.begin(), fates.end());
    return fates;
  }

  // What counters tell: deliveries to ports and drops; and the verdict, whether the frame itself
  // was sent on or left to the stack.
  std::vector<Fate> Counted(bool redirected, bool left, const RandomCase& c) {
    std::vector<Fate> fates;
    std::vector<xsw_stats> cpus(static_cast<size_t>(libbpf_num_possible_cpus()));
    for (uint32_t port = 0; port <= kRefPorts; port++) {
      Must(!bpf_map_lookup_elem(Fd(maps().xsw_stats), &port, cpus.data()), "read the counters");
      for (const xsw_stats& stats : cpus) {
        for (const xsw_count& count : stats.tx)
          for (uint64_t i = 0; i < count.frames; i++) fates.push_back({Fate::kToPort, port});
        for (uint32_t why = 1; why < XSW_DROP_COUNT; why++)
          for (uint64_t i = 0; i < stats.drops[why]; i++)
            fates.push_back({Fate::kDropped, port, false, static_cast<xsw_drop>(why)});
      }
    }
    if (redirected) fates.push_back({Fate::kToWire});
    if (left) fates.push_back({Fate::kToStack, c.from});
    return Sorted(fates);
  }

  int Trace(const char* name, const RandomCase& c, std::vector<Fate>* fates) {
    std::vector<xsw_trace> trace(1);
    Put(explaining_->maps.xsw_trace, uint32_t{0}, trace[0]);
    const int verdict = Run(explaining_->obj, name, c);
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

  Lab& lab_;
  xsw_bpf* shipped_;
  explain_bpf* explaining_;
  uint32_t fdb_generation_ = 0;
};

// The reference as far as counters and a verdict can tell: a redirect is a redirect, and of copies
// to the wire there is no counter.
std::vector<Fate> AsCounted(std::vector<Fate> fates) {
  bool redirected = false;
  std::vector<Fate> counted;
  bool unicast_to_port = false;
  for (Fate fate : fates) {
    if (fate.kind == Fate::kToWire || fate.kind == Fate::kToHost) redirected = true;
    if (fate.kind == Fate::kToWire || fate.kind == Fate::kToHost) continue;
    if (fate.kind == Fate::kToPort) unicast_to_port = true;
    fate.tagged = false;
    counted.push_back(fate);
  }
  // One delivery and nothing else: by the verdict. Copies leave the frame itself to another fate.
  if (fates.size() == 1 && unicast_to_port) redirected = true;
  if (redirected) counted.push_back({Fate::kToWire});
  std::sort(counted.begin(), counted.end());
  return counted;
}

std::string Difference(const RandomCase& c) {
  Datapaths& d = Datapaths::Get();
  d.Configure(c);
  const std::vector<Fate> expected = Decide(c.s, c.origin, c.from, c.frame);
  const std::vector<Fate> explained = d.Explained(c), switched = d.Switched(c);
  if (explained != expected)
    return "explained: " + testing::PrintToString(explained) +
           "\nreference: " + testing::PrintToString(expected);
  if (switched == AsCounted(expected)) return "";
  return "switched:  " + testing::PrintToString(switched) +
         "\nreference: " + testing::PrintToString(AsCounted(expected));
}

int FromEnvironment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

TEST(Differential, TheDatapathDoesWhatTheReferenceSays) {
  const int first = FromEnvironment("XSW_SEED", static_cast<int>(std::random_device{}() >> 1));
  const int cases = FromEnvironment("XSW_CASES", kCases);
  std::printf("seeds from %d\n", first);
  for (int i = 0; i < cases; i++) {
    const auto seed = static_cast<unsigned>(first) + static_cast<unsigned>(i);
    std::mt19937 random(seed);
    const RandomCase c = MakeCase(random);
    if (Difference(c).empty()) continue;
    const RandomCase least =
        Minimise(c, [](const RandomCase& x) { return !Difference(x).empty(); });
    ADD_FAILURE() << "XSW_SEED=" << seed << " XSW_CASES=1\n" << least << Difference(least);
    return;
  }
}

}  // namespace
}  // namespace xsw::test
