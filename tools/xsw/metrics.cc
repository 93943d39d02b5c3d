// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/metrics.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "switchdev_model/words.h"
#include "userspace/mac.h"
#include "userspace/own_abi.h"

namespace xsw {
namespace {

using Labels = Exposition::Labels;

struct PortSample {
  const PortInfo& info;
  const PortStats& stats;
};

Labels With(Labels labels, const char* key, const std::string& value) {
  labels.emplace_back(key, value);
  return labels;
}

class Writer {
 public:
  Writer(const std::vector<EswitchSample>& samples, Exposition::Form form)
      : samples_(samples), text_(form) {}
  std::string Text() && {
    Reads();
    Eswitches();
    Healths();
    Tables();
    Ports();
    Traffic();
    SlowPath();
    Losses();
    return std::move(text_).End();
  }

 private:
  using EachEswitch = std::function<void(const Labels& labels, const EswitchState& state)>;
  using EachPort = std::function<void(const Labels& labels, const PortSample& port)>;
  using PortValue = std::function<uint64_t(const PortSample&)>;

  void Reads();
  void Eswitches();
  void Healths();
  void Tables();
  void Ports();
  void Traffic();
  void SlowPath();
  void Losses();
  void ForEswitches(const EachEswitch& each) const;
  void ForPorts(const EachPort& each, bool and_uplinks = false) const;
  void Gauge(const char* name, const char* help,
             const std::function<uint64_t(const EswitchState&)>& value);
  void Table(const char* name, const char* help, Use EswitchUse::*use);
  void OfPorts(const char* name, Exposition::Type type, const char* help, const PortValue& value);
  void Casts(const char* direction, const char* help, std::vector<CastCount> PortStats::*casts);
  void Known(const char* name, const char* help, std::optional<uint64_t> PortStats::*count);

  const std::vector<EswitchSample>& samples_;
  Exposition text_;
};

void Writer::ForEswitches(const EachEswitch& each) const {
  for (const EswitchSample& it : samples_)
    if (it.state) each({{"eswitch", it.uplink}}, *it.state);
}

void Writer::ForPorts(const EachPort& each, bool and_uplinks) const {
  ForEswitches([&](const Labels& labels, const EswitchState& state) {
    for (size_t i = 0; i < state.seen.ports.size(); i++) {
      const PortSample port{state.seen.ports[i], state.seen.stats[i]};
      if (port.info.index == XSW_UPLINK && !and_uplinks) continue;
      each(With(With(labels, "port", absl::StrCat(port.info.index)), "device", port.info.netdev),
           port);
    }
  });
}

void Writer::Gauge(const char* name, const char* help,
                   const std::function<uint64_t(const EswitchState&)>& value) {
  text_.Begin(name, Exposition::kGauge, help);
  ForEswitches(
      [&](const Labels& labels, const EswitchState& state) { text_.Sample(labels, value(state)); });
}

void Writer::Reads() {
  text_.Begin("xsw_build", Exposition::kInfo, "The version of xsw that says this.");
  text_.Sample({{"version", XSW_VERSION}, {"abi", absl::StrCat(OwnAbi())}}, 1);
  text_.Begin("xsw_eswitch_read_success", Exposition::kGauge,
              "Whether this version could read the eswitch: if not, nothing else is said of it.");
  for (const EswitchSample& it : samples_)
    text_.Sample({{"eswitch", it.uplink}}, it.state.has_value());
}

void Writer::Eswitches() {
  text_.Begin("xsw_eswitch", Exposition::kInfo, "The settings of an eswitch.");
  ForEswitches([&](const Labels& labels, const EswitchState& state) {
    const EswitchInfo& info = state.info;
    Labels all = With(labels, "mode", ModeWord(info.settings.mode));
    all = With(all, "xdp", XdpWord(info.settings.xdp));
    all = With(all, "rx_path", RxPathWord(info.settings.rx_path));
    all = With(all, "steers", info.xdp_steers ? "xdp" : "stack");
    text_.Sample(With(all, "miss", MissWord(info.misses)), 1);
  });
  Gauge("xsw_eswitch_promiscuous",
        "Whether the uplink accepts every address, its own list being full.",
        [](const EswitchState& it) { return it.info.promisc; });
  text_.Begin("xsw_eswitch_last_change_timestamp_seconds", Exposition::kGauge,
              "When a command has last changed something of the eswitch.");
  ForEswitches([&](const Labels& labels, const EswitchState& state) {
    text_.Sample(labels, static_cast<uint64_t>(state.last_change.tv_sec));
  });
  Gauge("xsw_check_problems", "Differences that `xsw check` names.",
        [](const EswitchState& it) { return it.seen.differences.size(); });
}

void Writer::Healths() {
  const auto each = [this](const std::function<uint64_t(const Health&)>& value) {
    ForEswitches([&](const Labels& labels, const EswitchState& state) {
      for (const Health& it : state.health)
        text_.Sample(With(labels, "reporter", ReporterWord(it.reporter)), value(it));
    });
  };
  text_.Begin("xsw_health_error", Exposition::kGauge,
              "Whether a reporter of `xsw health` is in state error.");
  each([](const Health& it) { return !it.is_healthy(); });
  text_.Begin("xsw_health_recovered", Exposition::kCounter,
              "What was wrong, and commands have mended.");
  each([](const Health& it) { return it.recovered; });
}

void Writer::Table(const char* name, const char* help, Use EswitchUse::*use) {
  Gauge(name, help, [use](const EswitchState& it) { return (it.seen.use.*use).used; });
  Gauge(absl::StrCat(name, "_max").c_str(), "As many as there can be.",
        [use](const EswitchState& it) { return (it.seen.use.*use).limit; });
}

void Writer::Tables() {
  Table("xsw_ports", "Ports of the eswitch.", &EswitchUse::ports);
  Table("xsw_fdb_entries", "Entries of the address table.", &EswitchUse::fdb);
  Table("xsw_mdb_entries", "Entries of the table of multicast groups.", &EswitchUse::mdb);
}

void Writer::OfPorts(const char* name, Exposition::Type type, const char* help,
                     const PortValue& value) {
  text_.Begin(name, type, help);
  ForPorts(
      [&](const Labels& labels, const PortSample& port) { text_.Sample(labels, value(port)); });
}

void Writer::Ports() {
  text_.Begin("xsw_port", Exposition::kInfo, "What a port is, and where its function.");
  ForPorts([&](const Labels& labels, const PortSample& port) {
    Labels all = With(labels, "class", ClassWord(port.info.port_class));
    all = With(all, "hw_addr", FormatMac(port.info.hw_addr));
    all = With(all, "netns", port.info.netns);
    text_.Sample(With(all, "ifname", port.info.ifname), 1);
  });
  OfPorts("xsw_port_active", Exposition::kGauge, "Whether its user wants it active.",
          [](const PortSample& port) { return port.info.active; });
  OfPorts("xsw_port_attached", Exposition::kGauge, "Whether its function is up in its namespace.",
          [](const PortSample& port) { return port.info.attached; });
  text_.Begin("xsw_port_memory_max_bytes", Exposition::kGauge,
              "Class queues: memory that its applications may have in all.");
  ForPorts([&](const Labels& labels, const PortSample& port) {
    if (port.info.queues) text_.Sample(labels, port.info.queues->memory_max);
  });
}

void Writer::Casts(const char* direction, const char* help,
                   std::vector<CastCount> PortStats::*casts) {
  for (const bool bytes : {false, true}) {
    text_.Begin(
        absl::StrCat("xsw_port_", direction, bytes ? "_bytes" : "_packets"), Exposition::kCounter,
        absl::StrCat(bytes ? "Bytes, with the Ethernet header, of frames " : "Frames ", help));
    ForPorts([&](const Labels& labels, const PortSample& port) {
      for (const CastCount& cast : port.stats.*casts)
        text_.Sample(With(labels, "cast", cast.cast), bytes ? cast.count.bytes : cast.count.frames);
    });
  }
}

void Writer::Traffic() {
  Casts("receive", "from the function that the fast path has seen.", &PortStats::rx_casts);
  Casts("transmit", "that the fast path has sent to the function.", &PortStats::tx_casts);
  OfPorts("xsw_port_miss_packets", Exposition::kCounter,
          "Unicast frames from the function with a destination that no table knows.",
          [](const PortSample& port) { return port.stats.misses; });
}

void Writer::SlowPath() {
  const auto both = [this](const char* direction, const char* help, Count PortStats::*count) {
    OfPorts(absl::StrCat("xsw_port_slow_path_", direction, "_packets").c_str(),
            Exposition::kCounter, absl::StrCat("Frames ", help).c_str(),
            [count](const PortSample& port) { return (port.stats.*count).frames; });
    OfPorts(absl::StrCat("xsw_port_slow_path_", direction, "_bytes").c_str(), Exposition::kCounter,
            absl::StrCat("Bytes of frames ", help).c_str(),
            [count](const PortSample& port) { return (port.stats.*count).bytes; });
  };
  both("receive", "from the function that have risen on the representor, to the host's stack.",
       &PortStats::slow_rx);
  both("transmit", "that the host's stack has sent to the function, on the representor.",
       &PortStats::slow_tx);
}

// Differences of two counters, which fall again when late frames arrive: no counters.
void Writer::Known(const char* name, const char* help, std::optional<uint64_t> PortStats::*count) {
  text_.Begin(name, Exposition::kGauge, help);
  ForPorts([&](const Labels& labels, const PortSample& port) {
    if (port.stats.*count) text_.Sample(labels, *(port.stats.*count));
  });
}

void Writer::Losses() {
  text_.Begin("xsw_port_drop_packets", Exposition::kCounter,
              "Frames that xsw has dropped, by the port that is charged; port 0 is the uplink.");
  ForPorts(
      [&](const Labels& labels, const PortSample& port) {
        for (const DropCount& drop : port.stats.drops)
          text_.Sample(With(labels, "reason", drop.reason), drop.frames);
      },
      /*and_uplinks=*/true);
  Known("xsw_port_lost_at_function_packets",
        "Frames that the kernel has lost between the eswitch and the function.",
        &PortStats::lost_at_function);
  Known("xsw_port_lost_at_socket_packets", "Class queues: frames for which a socket had no room.",
        &PortStats::lost_at_socket);
}

}  // namespace

std::string Metrics(const std::vector<EswitchSample>& samples, Exposition::Form form) {
  return Writer(samples, form).Text();
}

}  // namespace xsw
