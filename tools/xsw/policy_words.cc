// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/policy_words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "switchdev_model/units.h"
#include "switchdev_model/words.h"

namespace xsw {
namespace {

Args::Handler OnOff(const std::string& word, std::optional<bool>* to) {
  return Store([word](const std::string& text) { return ParseOnOff(word, text); }, to);
}

Args::Handler Number(const std::string& word, std::optional<uint32_t>* to) {
  return Store([word](const std::string& text) { return ParseNumber(word, text); }, to);
}

constexpr char kRateSuffix[] = "_bit_s", kSizeSuffix[] = "_bytes";

}  // namespace

std::map<std::string, Args::Handler> PolicyHandlers(PolicyChange* change) {
  return {
      {"vlan", Number("vlan", &change->vlan.vlan)},
      {"qos", Number("qos", &change->vlan.qos)},
      {"vlans", Store(ParseVlanSet, &change->vlan.vlans)},
      {"pvid", Number("pvid", &change->vlan.pvid)},
      {"spoofchk", OnOff("spoofchk", &change->spoofchk)},
      {"trust", OnOff("trust", &change->trust)},
      {"promisc", OnOff("promisc", &change->promisc)},
      {"allmulti", OnOff("allmulti", &change->allmulti)},
      {"isolated", OnOff("isolated", &change->isolated)},
      {"link", Store(ParseLink, &change->link)},
      {"tx_max", Store(ParseRate, &change->tx_max)},
      {"rx_max", Store(ParseRate, &change->rx_max)},
      {"burst", Store(ParseSize, &change->burst)},
  };
}

Json PolicyJson(const Policy& policy) {
  Json json = Json::object();
  const PortVlans& vlans = policy.vlans;
  if (vlans.trunk) json["vlans"] = FormatVlanSet(vlans.tagged);
  if (vlans.pvid && vlans.pvid != XSW_VLAN_NONE) json[vlans.trunk ? "pvid" : "vlan"] = vlans.pvid;
  if (vlans.qos) json["qos"] = vlans.qos;
  json["spoofchk"] = policy.spoofchk;
  json["trust"] = policy.trust;
  json["promisc"] = policy.promisc;
  json["allmulti"] = policy.allmulti;
  json["isolated"] = policy.isolated;
  json["link"] = LinkWord(policy.link);
  if (policy.rates.tx_max) json[absl::StrCat("tx_max", kRateSuffix)] = policy.rates.tx_max;
  if (policy.rates.rx_max) json[absl::StrCat("rx_max", kRateSuffix)] = policy.rates.rx_max;
  if (policy.rates.burst) json[absl::StrCat("burst", kSizeSuffix)] = policy.rates.burst;
  return json;
}

std::string PolicyText(const Json& policy) {
  std::string text;
  for (const auto& [key, value] : policy.items()) {
    std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    if (value.is_boolean()) word = value.get<bool>() ? "on" : "off";
    absl::string_view name = key;
    if (absl::ConsumeSuffix(&name, kRateSuffix)) word = FormatRate(value.get<uint64_t>());
    absl::ConsumeSuffix(&name, kSizeSuffix);
    absl::StrAppend(&text, text.empty() ? "" : " ", name, " ", word);
  }
  return text;
}

}  // namespace xsw
