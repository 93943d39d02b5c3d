// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/port_document.h"

#include <optional>

#include "switchdev_model/configuration/change.h"
#include "switchdev_model/ports/owner.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/units.h"
#include "switchdev_model/words.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// A port while it is read: what is not said is told from what is said to be as it is by default.
struct PortText {
  std::optional<uint32_t> sfnum;
  bool state_said = false;
  VlanChange vlan;
  PortDescription port;
};

using Check = std::function<absl::Status(const std::string& place)>;

Reader Checked(Reader read, Check check) {
  return [read, check](const Json& json, const std::string& place) -> absl::Status {
    XSW_RETURN_IF_ERROR(read(json, place));
    return check(place);
  };
}

// A function's value, which is possible in itself.
template <typename T, typename U>
Reader Function(Reader read, const T* value, std::optional<U> FunctionChange::*member) {
  return Checked(read, [=](const std::string& place) {
    FunctionChange change;
    change.*member = *value;
    return CheckFunctionValues(change, kMostMtu, place);
  });
}

Reader Rate(uint64_t* to, uint64_t PortRates::*member,
            absl::StatusOr<uint64_t> (*parse)(const std::string& text)) {
  return Checked(Amount(parse, to), [=](const std::string& place) {
    PortRates rates;
    rates.*member = *to;
    return CheckRates(kLeastMtu, rates, place);
  });
}

// change: what goes with it.
Reader Vlan(std::optional<uint32_t>* to, std::optional<uint32_t> VlanChange::*member,
            const VlanChange& with = {}) {
  return [=](const Json& json, const std::string& place) -> absl::Status {
    uint32_t number = 0;
    XSW_RETURN_IF_ERROR(Number(&number)(json, place));
    VlanChange change = with;
    change.*member = *to = number;
    return VlansAfter({}, change, place).status();
  };
}

// A number is of a process, and is another's after a reboot.
absl::Status ReadNetns(const Json& json, const std::string& place,
                       std::optional<std::string>* netns) {
  netns->reset();
  if (json.is_null()) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(*netns, ReadString(json, place));
  const absl::StatusOr<std::string> canonical = CanonicalNetns(**netns);
  if (IsPid(**netns) || (canonical.ok() && IsPid(*canonical)))
    return ErrorAt(place, absl::StrCat("\"", **netns, "\" is a process's number, not a name"));
  return CheckFunctionValues({.netns = **netns}, kMostMtu, place);
}

// What is not as it is by default of the words that not every class has.
FunctionChange QueueWords(const PortDescription& port) {
  PortDescription block;
  block.port_class = XSW_CLASS_QUEUES;
  block.queues = port.queues;
  block.program = port.program;
  block.owner = port.owner;
  block.memory_max = port.memory_max;
  return Between(PortDescription(), block);
}

std::map<std::string, Reader> KindReaders(PortText* text) {
  PortDescription& port = text->port;
  return {
      {"sfnum",
       [text](const Json& json, const std::string& place) {
         return Number(&text->sfnum.emplace())(json, place);
       }},
      {"class", Word(ParseClass, &port.port_class)},
      {"queues", Checked(Number(&port.queues),
                         [&port](const std::string& place) {
                           return QueuesClass().CheckWords({.queues = port.queues}, place);
                         })},
      {"program", Word(ParseProgram, &port.program)},
  };
}

std::map<std::string, Reader> FunctionReaders(PortText* text) {
  PortDescription& port = text->port;
  const auto same = [](const std::string& name) -> absl::StatusOr<std::string> { return name; };
  return {
      {"hw_addr", Checked(Word(ParseMac, &port.hw_addr),
                          [&port](const std::string& place) {
                            return CheckFunctionValues({.hw_addr = port.hw_addr}, kMostMtu, place);
                          })},
      {"netns", [&port](const Json& json,
                        const std::string& place) { return ReadNetns(json, place, &port.netns); }},
      {"ifname", Checked(Word(same, &port.ifname),
                         [&port](const std::string& place) {
                           return CheckFunctionValues({.ifname = port.ifname}, kMostMtu, place);
                         })},
      {"state", Checked(Word(ParseState, &port.active),
                        [text](const std::string&) {
                          text->state_said = true;
                          return absl::OkStatus();
                        })},
      {"mtu", Function(Number(&port.mtu), &port.mtu, &FunctionChange::mtu)},
      {"owner", Word(ParseOwner, &port.owner)},
      {"memory_max", Function(Amount(ParseSize, &port.memory_max), &port.memory_max,
                              &FunctionChange::memory_max)},
  };
}

std::map<std::string, Reader> PolicyReaders(PortText* text) {
  VlanChange& vlan = text->vlan;
  Policy& policy = text->port.policy;
  const VlanChange access{.vlan = 1}, trunk{.vlans = VlanSet()};
  return {
      {"vlan", Vlan(&vlan.vlan, &VlanChange::vlan)},
      {"qos", Vlan(&vlan.qos, &VlanChange::qos, access)},
      {"vlans", Word(ParseVlanSet, &vlan.vlans)},
      {"pvid", Vlan(&vlan.pvid, &VlanChange::pvid, trunk)},
      {"spoofchk", OnOff(&policy.spoofchk)},
      {"trust", OnOff(&policy.trust)},
      {"promisc", OnOff(&policy.promisc)},
      {"allmulti", OnOff(&policy.allmulti)},
      {"isolated", OnOff(&policy.isolated)},
      {"link", Word(ParseLink, &policy.link)},
      {"tx_max", Rate(&policy.rates.tx_max, &PortRates::tx_max, ParseRate)},
      {"rx_max", Rate(&policy.rates.rx_max, &PortRates::rx_max, ParseRate)},
      {"burst", Rate(&policy.rates.burst, &PortRates::burst, ParseSize)},
  };
}

void WriteFunction(const PortDescription& port, Json* json) {
  const PortDescription fresh;
  if (port.hw_addr) (*json)["hw_addr"] = FormatMac(*port.hw_addr);
  const bool said = port.netns && !IsPid(*port.netns);
  if (!said) (*json)["netns"] = nullptr;
  if (said && !port.netns->empty()) (*json)["netns"] = *port.netns;
  if (port.ifname) (*json)["ifname"] = *port.ifname;
  if (said && port.active) (*json)["state"] = StateWord(true);
  if (port.mtu) (*json)["mtu"] = port.mtu;
  if (port.owner != fresh.owner) (*json)["owner"] = FormatOwner(port.owner);
  if (port.memory_max) (*json)["memory_max"] = FormatSize(port.memory_max);
}

void WriteVlans(const PortVlans& vlans, Json* json) {
  if (vlans.trunk) (*json)["vlans"] = FormatVlanSet(vlans.tagged);
  if (vlans.pvid && vlans.pvid != XSW_VLAN_NONE)
    (*json)[vlans.trunk ? "pvid" : "vlan"] = vlans.pvid;
  if (vlans.qos) (*json)["qos"] = vlans.qos;
}

void WritePolicy(const Policy& policy, Json* json) {
  const Policy fresh;
  const std::pair<const char*, bool Policy::*> flags[] = {{"spoofchk", &Policy::spoofchk},
                                                          {"trust", &Policy::trust},
                                                          {"promisc", &Policy::promisc},
                                                          {"allmulti", &Policy::allmulti},
                                                          {"isolated", &Policy::isolated}};
  WriteVlans(policy.vlans, json);
  for (const auto& [key, flag] : flags)
    if (policy.*flag != fresh.*flag) (*json)[key] = policy.*flag;
  if (!policy.link) (*json)["link"] = LinkWord(false);
  if (policy.rates.tx_max) (*json)["tx_max"] = FormatRate(policy.rates.tx_max);
  if (policy.rates.rx_max) (*json)["rx_max"] = FormatRate(policy.rates.rx_max);
  if (policy.rates.burst) (*json)["burst"] = FormatSize(policy.rates.burst);
}

}  // namespace

absl::StatusOr<std::pair<uint32_t, PortDescription>> ReadPort(const Json& json,
                                                              const std::string& place) {
  PortText text;
  std::map<std::string, Reader> readers = KindReaders(&text);
  readers.merge(FunctionReaders(&text));
  readers.merge(PolicyReaders(&text));
  XSW_RETURN_IF_ERROR(ReadObject(json, place, readers));
  if (!text.sfnum) return ErrorAt(place, "sfnum is missing");
  if (!text.port.netns && text.state_said)
    return ErrorAt(Below(place, "state"), "goes with the name of a netns");
  if (text.vlan.qos == 0) text.vlan.qos.reset();
  XSW_RETURN_IF_ERROR(ClassOf(text.port.port_class).CheckWords(QueueWords(text.port), place));
  XSW_ASSIGN_OR_RETURN(text.port.policy,
                       PolicyAfter(kLeastMtu, text.port.policy, {.vlan = text.vlan}, place));
  return std::pair(*text.sfnum, text.port);
}

Json WritePort(uint32_t sfnum, const PortDescription& port) {
  const PortDescription fresh;
  Json json = {{"sfnum", sfnum}};
  if (port.port_class != fresh.port_class) json["class"] = ClassWord(port.port_class);
  if (port.queues != fresh.queues) json["queues"] = port.queues;
  if (port.program != fresh.program) json["program"] = ProgramWord(port.program);
  WriteFunction(port, &json);
  WritePolicy(port.policy, &json);
  return json;
}

}  // namespace xsw
