// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/describe.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "switchdev_model/ports/attachment.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/fdb.h"
#include "switchdev_model/tables/mdb.h"
#include "switchdev_model/words.h"
#include "userspace/status.h"

namespace xsw {
namespace {

PortDescription DescribePort(Eswitch& eswitch, uint32_t index, const PortFacts& facts) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[index];
  PortDescription port{.port_class = static_cast<xsw_class>(conf.port_class),
                       .netns = std::string(conf.netns),
                       .mtu = conf.mtu,
                       .active = conf.active != 0,
                       .policy = GetPolicy(eswitch, index)};
  if (facts.hw_addr != facts.default_hw_addr) port.hw_addr = facts.hw_addr;
  if (FunctionName(eswitch.uplink().name, conf.sfnum) != conf.function) port.ifname = conf.function;
  if (port.port_class != XSW_CLASS_QUEUES) return port;
  port.queues = conf.queues;
  port.program = static_cast<xsw_program>(conf.program);
  port.owner = {conf.owner_uid, conf.owner_gid};
  port.memory_max = conf.memory_max;
  return port;
}

// Most ports have an address that nobody else has in the FDB: then the first derived one is theirs,
// and the table need not be searched for each.
absl::StatusOr<Mac> DefaultOf(Eswitch& eswitch, uint32_t sfnum, uint32_t index,
                              const std::vector<FdbRow>& rows,
                              const absl::flat_hash_map<Mac, uint32_t>& owners) {
  const Mac first = DerivedMac(eswitch.uplink().mac, sfnum, 0);
  auto owner = owners.find(first);
  if (owner == owners.end() || owner->second == index) return first;
  return DefaultHwAddr(eswitch, sfnum, index, rows);
}

void AddTables(const std::vector<FdbRow>& fdb, const std::vector<MdbEntry>& mdb,
               const absl::flat_hash_map<uint32_t, uint32_t>& sfnums, Description* description) {
  for (const FdbRow& row : fdb) {
    auto sfnum = sfnums.find(row.port);
    const bool host = row.port == XSW_UPLINK;
    if (!(row.flags & XSW_FDB_STATIC) || (!host && sfnum == sfnums.end())) continue;
    FdbDescription entry{.mac = row.mac, .vlan = row.vlan};
    if (!host) entry.sfnum = sfnum->second;
    description->fdb.insert(entry);
  }
  for (const MdbEntry& row : mdb) {
    auto sfnum = sfnums.find(row.port);
    if (sfnum != sfnums.end()) description->mdb.insert({row.group, row.vlan, sfnum->second});
  }
}

bool Carries(const Description& description, uint32_t sfnum, uint16_t vlan) {
  auto port = description.ports.find(sfnum);
  return port != description.ports.end() && Carries(port->second.policy.vlans, vlan);
}

}  // namespace

absl::StatusOr<Present> Describe(Eswitch& eswitch) {
  Present present{.uplink = eswitch.uplink().name, .uplink_mac = eswitch.uplink().mac};
  present.description.settings = SettingsOf(eswitch.config());
  XSW_ASSIGN_OR_RETURN(const std::vector<FdbRow> fdb, FdbShow(eswitch));
  XSW_ASSIGN_OR_RETURN(const std::vector<MdbEntry> mdb, MdbShow(eswitch));
  // Owned in several VLANs by several ports: any of the others.
  absl::flat_hash_map<Mac, uint32_t> owners;
  absl::flat_hash_set<Mac> shared;
  for (const FdbRow& row : fdb) {
    auto [owner, is_new] = owners.try_emplace(row.mac, row.port);
    if (!is_new && owner->second != row.port) shared.insert(row.mac);
  }
  for (const Mac& mac : shared) owners[mac] = XSW_UPLINK;
  absl::flat_hash_map<uint32_t, uint32_t> sfnums;
  XSW_ASSIGN_OR_RETURN(const auto attachments, Attachments(eswitch));
  for (uint32_t index : PortIndices(eswitch)) {
    if (attachments.count(index)) continue;
    const uint32_t sfnum = eswitch.datapath().confs()[index].sfnum;
    sfnums[index] = sfnum;
    PortFacts& facts = present.ports[sfnum];
    facts.index = index;
    facts.hw_addr = MacFrom(eswitch.datapath().ports()[index].hw_addr);
    XSW_ASSIGN_OR_RETURN(facts.default_hw_addr, DefaultOf(eswitch, sfnum, index, fdb, owners));
    present.description.ports[sfnum] = DescribePort(eswitch, index, facts);
  }
  AddTables(fdb, mdb, sfnums, &present.description);
  return present;
}

bool IsUseful(const FdbDescription& entry, const Description& description, const Present& present) {
  if (!entry.sfnum) return true;
  if (!Carries(description, *entry.sfnum, entry.vlan)) return false;
  const std::optional<Mac>& said = description.ports.at(*entry.sfnum).hw_addr;
  auto facts = present.ports.find(*entry.sfnum);
  const bool is_derived =
      facts != present.ports.end() && entry.mac == facts->second.default_hw_addr;
  return said ? entry.mac != *said : !is_derived;
}

bool IsUseful(const MdbDescription& entry, const Description& description) {
  return Carries(description, entry.sfnum, entry.vlan);
}

Description ToSave(const Present& present) {
  Description saved = present.description;
  std::erase_if(saved.fdb, [&](const FdbDescription& entry) {
    return !IsUseful(entry, present.description, present);
  });
  std::erase_if(saved.mdb,
                [&](const MdbDescription& entry) { return !IsUseful(entry, present.description); });
  return saved;
}

}  // namespace xsw
