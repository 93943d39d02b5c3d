// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/topology/words.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/owner.h"
#include "switchdev_model/words.h"
#include "tools/xsw/policy_words.h"

namespace xsw {
namespace {

std::string VlanWords(const PortVlans& vlans) {
  if (!vlans.trunk && !vlans.pvid) return "untagged";
  Fields fields(/*is_json=*/false);
  AddVlans(vlans, &fields);
  return fields.Pairs();
}

void AddMaster(const ConnectedPort& port, WordList* words) {
  if (port.master.empty()) return;
  words->push_back(absl::StrCat("in ", port.master, port.offloaded ? ", offload on" : ""));
}

}  // namespace

WordList UplinkWords(const ConnectedEswitch& eswitch) {
  WordList words = {absl::StrCat("mode ", eswitch.mode)};
  if (!eswitch.driver.empty()) words.insert(words.begin(), "driver " + eswitch.driver);
  const std::optional<bool> up = eswitch.uplink.info.netdev_up;
  words.push_back(!up ? "the netdev is gone" : *up ? "up" : "down");
  AddMaster(eswitch.uplink, &words);
  return words;
}

WordList PortWords(const ConnectedPort& port) {
  WordList words = {absl::StrCat("class ", ClassWord(port.info.port_class)), VlanWords(port.vlans)};
  if (port.info.netdev.empty()) words.push_back("the netdev is gone");
  AddMaster(port, &words);
  return words;
}

WordList FunctionWords(const ConnectedPort& port) {
  const PortInfo& info = port.info;
  WordList words = {absl::StrCat("hw_addr ", FormatMac(info.hw_addr)),
                    absl::StrCat("state ", StateWord(info.active)),
                    absl::StrCat("opstate ", info.attached ? "attached" : "detached")};
  if (!info.netns.empty()) words.insert(words.begin(), absl::StrCat("in netns ", info.netns));
  if (info.queues) {
    words.push_back(absl::StrCat("queues ", info.queues->number));
    words.push_back(absl::StrCat("owner ", FormatOwner(info.queues->owner)));
  }
  if (info.attachment) words.push_back(absl::StrCat("container ", info.attachment->container));
  return words;
}

WordList MasterWords(const Master& master) {
  WordList words = {master.kind};
  if (master.vlan_aware) words.push_back("VLAN-aware");
  return words;
}

WordList MemberWords(const MasterMember& member) {
  WordList words;
  if (!member.handle.empty()) words.push_back(member.handle);
  if (member.handle.empty() && !member.kind.empty()) words.push_back(member.kind);
  if (member.addresses)
    words.push_back(
        absl::StrCat(member.addresses, member.addresses > 1 ? " addresses" : " address"));
  return words;
}

}  // namespace xsw
