// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/port_config.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "switchdev_model/policy/vlan.h"
#include "switchdev_model/ports/owner.h"
#include "switchdev_model/words.h"
#include "tools/xsw-cni/error.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

constexpr uint64_t kMega = 1'000'000;
// What containerd says where nobody has said a burst: the largest number there is (32 bits).
constexpr uint64_t kNoBurst = UINT32_MAX;

// "on" and "off" as sriov-cni has them; true and false as others do.
Reader Flag(std::optional<bool>* to) {
  return [to](const Json& json, const std::string& place) -> absl::Status {
    if (json.is_boolean()) return OnOff(&to->emplace())(json, place);
    XSW_ASSIGN_OR_RETURN(const std::string word, ReadString(json, place));
    if (word.empty()) return absl::OkStatus();
    if (word != "on" && word != "off")
      return ErrorAt(place, absl::StrCat("\"", word, "\" is neither \"on\" nor \"off\""));
    *to = word == "on";
    return absl::OkStatus();
  };
}

// "auto" is what a port has by itself: the carrier of its two ends.
absl::Status ReadLinkState(const Json& json, const std::string& place, std::optional<bool>* to) {
  XSW_ASSIGN_OR_RETURN(const std::string word, ReadString(json, place));
  if (word.empty()) return absl::OkStatus();
  if (word != "auto" && word != "enable" && word != "disable")
    return ErrorAt(place, absl::StrCat("\"", word, "\" is none of auto, enable, disable"));
  *to = word != "disable";
  return absl::OkStatus();
}

absl::Status ReadProto(const Json& json, const std::string& place) {
  XSW_ASSIGN_OR_RETURN(const std::string word, ReadString(json, place));
  const std::string proto = absl::AsciiStrToLower(word);
  if (proto.empty() || proto == "802.1q") return absl::OkStatus();
  return Error(Code::kUnsupportedField,
               absl::StrCat("vlanProto \"", word, "\": a port's VLAN is one of 802.1q"));
}

// A guaranteed rate needs a scheduler, which an eswitch without queues has not.
absl::Status ReadLeastRate(const Json& json, const std::string& place) {
  XSW_ASSIGN_OR_RETURN(const uint64_t rate, ReadNumber(json, place, UINT32_MAX));
  if (rate == 0) return absl::OkStatus();
  return Error(Code::kUnsupportedField,
               absl::StrCat("min_tx_rate ", rate, ": an eswitch limits rates, it guarantees none"));
}

// Mbit/s.
absl::Status ReadMostRate(const Json& json, const std::string& place, PortConfig* port) {
  XSW_ASSIGN_OR_RETURN(const uint64_t rate, ReadNumber(json, place, UINT32_MAX));
  port->function.policy.tx_max = rate * kMega;
  return absl::OkStatus();
}

absl::Status ReadBandwidth(const Json& json, const std::string& place, Bandwidth* to) {
  return ReadKnown(json, place,
                   {{"ingressrate", UpTo(UINT64_MAX, &to->ingress_rate)},
                    {"ingressburst", UpTo(UINT64_MAX, &to->ingress_burst)},
                    {"egressrate", UpTo(UINT64_MAX, &to->egress_rate)},
                    {"egressburst", UpTo(UINT64_MAX, &to->egress_burst)}},
                   LowerCase);
}

// What the runtime says of it; capabilities that are another plugin's, as portMappings, come too.
absl::Status ReadRuntime(const Json& json, const std::string& place, PortConfig* port) {
  return ReadKnown(json, place,
                   {{"mac", Word(ParseMac, &port->mac)},
                    {"bandwidth",
                     [port](const Json& value, const std::string& at) {
                       return ReadBandwidth(value, at, &port->bandwidth.emplace());
                     }},
                    {"ips",
                     [port](const Json& value, const std::string&) {
                       port->wants_ips = !value.empty();
                       return absl::OkStatus();
                     }},
                    {"deviceid", Text(&port->device)}},
                   LowerCase);
}

// A netdev's name, or the address of a PCI device that has one.
std::string UplinkOf(const std::string& device) {
  const std::vector<std::string> netdevs =
      ListDir(absl::StrCat("/sys/bus/pci/devices/", device, "/net"));
  return netdevs.empty() ? device : netdevs.front();
}

uint64_t BytesOf(uint64_t burst) { return burst >= kNoBurst ? 0 : burst / 8; }

// Runtimes in Go write 0 for what nobody has said.
void Limit(const Bandwidth& bandwidth, PolicyChange* policy) {
  const uint64_t burst =
      std::max(BytesOf(bandwidth.ingress_burst), BytesOf(bandwidth.egress_burst));
  if (bandwidth.ingress_rate) policy->rx_max = bandwidth.ingress_rate;
  if (bandwidth.egress_rate) policy->tx_max = bandwidth.egress_rate;
  if (burst) policy->burst = burst;
}

}  // namespace

std::map<std::string, Reader> PortReaders(PortConfig* port) {
  FunctionChange& function = port->function;
  PolicyChange& policy = function.policy;
  const auto runtime = [port](const Json& json, const std::string& place) {
    return ReadRuntime(json, place, port);
  };
  return {
      {"runtimeconfig", runtime},
      {"deviceid", Text(&port->device)},
      {"pcibusid", Text(&port->device)},
      {"mac", Word(ParseMac, &function.hw_addr)},
      {"mtu", UpTo(kMostMtu, &function.mtu)},
      {"class", Word(ParseClass, &function.port_class)},
      {"queues", UpTo(XSW_MAX_QUEUES, &function.queues)},
      {"owner", Word(ParseOwner, &function.owner)},
      {"vlan", UpTo(XSW_VLAN_MASK - 1, &port->vlan)},
      {"vlanqos", UpTo(7, &port->qos)},
      {"vlanproto", ReadProto},
      {"spoofchk", Flag(&policy.spoofchk)},
      {"trust", Flag(&policy.trust)},
      {"isolated", Flag(&policy.isolated)},
      {"promisc", Flag(&policy.promisc)},
      {"link_state",
       [&policy](const Json& json, const std::string& place) {
         return ReadLinkState(json, place, &policy.link);
       }},
      {"min_tx_rate", ReadLeastRate},
      {"max_tx_rate", [port](const Json& json,
                             const std::string& place) { return ReadMostRate(json, place, port); }},
  };
}

absl::Status Combine(const Request& request, const PortConfig& port, Config* config) {
  FunctionChange& function = config->function;
  function = port.function;
  if (!function.port_class) function.port_class = XSW_CLASS_NETDEV;
  function.active = true;
  if (!config->is_queues()) {
    function.netns = request.netns;
    function.netns_is_this_one = true;
    function.ifname = request.ifname;
  }
  if (port.vlan) function.policy.vlan.vlan = port.vlan;
  if (port.qos && !port.vlan)
    return Error(Code::kInvalidConfig, "vlanQoS goes with a vlan that is not 0");
  if (port.qos) function.policy.vlan.qos = port.qos;
  if (const auto mac = request.args.find("MAC"); mac != request.args.end()) {
    const absl::StatusOr<Mac> parsed = ParseMac(mac->second);
    if (!parsed.ok())
      return Error(Code::kInvalidEnvironment,
                   absl::StrCat("CNI_ARGS: MAC: ", parsed.status().message()));
    function.hw_addr = *parsed;
  }
  if (port.mac) function.hw_addr = port.mac;
  if (port.bandwidth) Limit(*port.bandwidth, &function.policy);
  if (!port.device.empty()) config->master = UplinkOf(port.device);
  return absl::OkStatus();
}

}  // namespace xsw::cni
