// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/policy_words.h"

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

void AddVlans(const PortVlans& vlans, Fields* fields) {
  if (vlans.trunk) fields->Word("vlans", FormatVlanSet(vlans.tagged));
  if (vlans.pvid && vlans.pvid != XSW_VLAN_NONE)
    fields->Number(vlans.trunk ? "pvid" : "vlan", vlans.pvid);
  if (vlans.qos) fields->Number("qos", vlans.qos);
}

Fields PolicyFields(const Policy& policy, bool json) {
  Fields fields(json);
  AddVlans(policy.vlans, &fields);
  fields.OnOff("spoofchk", policy.spoofchk);
  fields.OnOff("trust", policy.trust);
  fields.OnOff("promisc", policy.promisc);
  fields.OnOff("allmulti", policy.allmulti);
  fields.OnOff("isolated", policy.isolated);
  fields.Word("link", LinkWord(policy.link));
  if (policy.rates.tx_max) fields.Rate("tx_max", policy.rates.tx_max);
  if (policy.rates.rx_max) fields.Rate("rx_max", policy.rates.rx_max);
  if (policy.rates.burst) fields.Bytes("burst", policy.rates.burst);
  return fields;
}

}  // namespace xsw
