// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <map>

#include "abi.h"
#include "tests/sweep/state.h"

namespace xsw::test {
namespace {

// The ports of a sweep are the first of them.
constexpr __u32 kPorts = 16;

std::string Hex(const void* from, size_t bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes; i++) {
    const uint8_t byte = static_cast<const uint8_t*>(from)[i];
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

template <typename T>
bool IsZero(const T& value) {
  return Hex(&value, sizeof(value)).find_first_not_of('0') == std::string::npos;
}

class Facts {
 public:
  Facts(const std::string& dir, const std::vector<Json>& host_links, Snapshot* facts)
      : dir_(dir), facts_(facts) {
    for (const Json& link : host_links)
      names_[link.value("ifindex", 0u)] = link.value("ifname", "");
  }

  void Eswitch();
  void Ports();
  // Port -> netdev.
  void Devices(const char* map);
  void Representors();
  void Table(const char* map);
  void Inner(const char* map);

 private:
  Fd Open(const std::string& map) { return Fd(bpf_obj_get((dir_ + "/" + map).c_str())); }
  void Add(const std::string& map, const std::string& text) { facts_->insert(map + ": " + text); }
  // What is in an array at a port, if anything.
  template <typename T, typename Hide>
  void Array(const char* map, Hide hide);
  std::string NameOf(__u32 ifindex) {
    if (ifindex == 0) return "none";
    const auto found = names_.find(ifindex);
    return found == names_.end() ? "gone" : found->second;
  }

  std::string dir_;
  Snapshot* facts_;
  std::map<__u32, std::string> names_;
};

template <typename T, typename Hide>
void Facts::Array(const char* map, Hide hide) {
  const Fd fd = Open(map);
  for (__u32 port = 0; port < kPorts; port++) {
    T value = {};
    if (!fd || bpf_map_lookup_elem(fd.get(), &port, &value)) break;
    const std::string more = hide(&value);
    if (IsZero(value) && more.empty()) continue;
    Add(map, std::to_string(port) + " -> " + Hex(&value, sizeof(value)) + more);
  }
}

void Facts::Eswitch() {
  // Every writing command counts it up.
  Array<xsw_eswitch>("xsw_eswitch", [](xsw_eswitch* e) {
    e->fdb_generation = 0;
    return "";
  });
}

void Facts::Ports() {
  Array<xsw_port>("xsw_port", [](xsw_port*) { return ""; });
  Array<xsw_port_conf>("xsw_port_conf", [this](xsw_port_conf* conf) {
    const std::string netdev = conf->ifindex ? " netdev " + NameOf(conf->ifindex) : "";
    conf->ifindex = 0;
    conf->steered_base = 0;
    if (conf->nsid > 0) conf->nsid = 0;
    return netdev;
  });
  Array<xsw_vlans>("xsw_vlan", [](xsw_vlans*) { return ""; });
  // Time and traffic fill and empty a bucket.
  Array<xsw_rate>("xsw_rate", [](xsw_rate* rate) {
    rate->tx.full_at = rate->rx.full_at = 0;
    return "";
  });
}

void Facts::Devices(const char* map) {
  const Fd fd = Open(map);
  for (__u32 port = 0; port < kPorts; port++) {
    __u64 value = 0;  // an ifindex, and in some devmaps a program
    if (!fd || bpf_map_lookup_elem(fd.get(), &port, &value)) continue;
    Add(map, std::to_string(port) + " -> " + NameOf(static_cast<__u32>(value)) +
                 (value >> 32 ? " with a program" : ""));
  }
}

void Facts::Representors() {
  const Fd fd = Open("xsw_rep");
  std::vector<__u32> keys(XSW_REP_SLOTS);
  std::vector<xsw_rep_slot> slots(XSW_REP_SLOTS);
  __u32 batch = 0, count = XSW_REP_SLOTS;
  if (!fd) return;
  if (bpf_map_lookup_batch(fd.get(), nullptr, &batch, keys.data(), slots.data(), &count, nullptr) &&
      errno != ENOENT)
    return Add("xsw_rep", "cannot be read");
  for (__u32 i = 0; i < count; i++) {
    if (slots[i].ifindex || slots[i].port)
      Add("xsw_rep", NameOf(slots[i].ifindex) + " -> " + std::to_string(slots[i].port));
  }
}

void Facts::Table(const char* map) {
  const Fd fd = Open(map);
  bpf_map_info info = {};
  __u32 length = sizeof(info);
  if (!fd || bpf_obj_get_info_by_fd(fd.get(), &info, &length)) return;
  std::vector<uint8_t> key(info.key_size), value(info.value_size);
  const void* previous = nullptr;
  while (bpf_map_get_next_key(fd.get(), previous, key.data()) == 0) {
    previous = key.data();
    if (bpf_map_lookup_elem(fd.get(), key.data(), value.data()) == 0)
      Add(map, Hex(key.data(), key.size()) + " -> " + Hex(value.data(), value.size()));
  }
}

void Facts::Inner(const char* map) {
  const Fd fd = Open(map);
  for (__u32 port = 0; port < kPorts; port++) {
    __u32 id = 0;
    if (fd && bpf_map_lookup_elem(fd.get(), &port, &id) == 0)
      Add(map, std::to_string(port) + " has one");
  }
}

std::string ProgramNames(int ifindex, int hook, const char* what) {
  __u32 ids[16] = {}, count = 16, flags = 0;
  if (bpf_prog_query(ifindex, static_cast<bpf_attach_type>(hook), 0, &flags, ids, &count))
    return "";
  std::string text;
  for (__u32 i = 0; i < count; i++) {
    const Fd fd(bpf_prog_get_fd_by_id(ids[i]));
    bpf_prog_info info = {};
    __u32 length = sizeof(info);
    if (fd && bpf_obj_get_info_by_fd(fd.get(), &info, &length) == 0)
      text += std::string(" ") + what + " " + info.name;
  }
  return text;
}

}  // namespace

std::string ProgramNamesOn(const Json& link) {
  constexpr int kTcxIngress = 46, kTcxEgress = 47;  // of 6.6; Debian 12's header is of 6.1
  const int ifindex = link.value("ifindex", 0);
  std::string xdp;
  if (link.contains("xdp")) xdp = " xdp " + link["xdp"]["prog"].value("name", "?");
  return xdp + ProgramNames(ifindex, kTcxIngress, "ingress") +
         ProgramNames(ifindex, kTcxEgress, "egress");
}

void AddMapFacts(const std::string& dir, const std::vector<Json>& host_links, Snapshot* facts) {
  Facts all(dir, host_links, facts);
  all.Eswitch();
  all.Ports();
  for (const char* map : {"xsw_dev_xdp", "xsw_dev_tc", "xsw_dev_shared"}) all.Devices(map);
  all.Representors();
  for (const char* map : {"xsw_fdb", "xsw_mdb"}) all.Table(map);
  all.Inner("xsw_xsks");
}

}  // namespace xsw::test
