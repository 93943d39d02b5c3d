// SPDX-License-Identifier: Apache-2.0
// The decision table of docs/architecture.md once more, in plain C++ and from the document: what the
// programs are held against. Knows nothing of hooks, maps or skbs.
#ifndef XSW_TESTS_BPF_REFERENCE_H_
#define XSW_TESTS_BPF_REFERENCE_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

#include "bpf/abi.h"
#include "tests/bpf/frames.h"

namespace xsw::test {

constexpr uint32_t kRefPorts = 3;

struct RefPort {
  Mac mac{};
  bool active = true, attached = true, link = true;
  bool spoofchk = true, isolated = false, promisc = false, allmulti = false;
  bool trunk = false;
  uint16_t pvid = 0;           // XSW_VLAN_NONE: no untagged frames
  std::set<uint16_t> tagged;   // of a trunk
  uint8_t qos = 0;             // priority of the tag that pvid's frames get
  bool over_tx = false, over_rx = false;  // beyond its rate

  bool operator==(const RefPort&) const = default;
};

using Address = std::pair<Mac, uint16_t>;  // MAC and VLAN, 802.1ad's with XSW_VLAN_AD

struct RefSwitch {
  xsw_mode mode = XSW_MODE_LEGACY;
  xsw_miss miss = XSW_MISS_AUTO;
  bool host = true;
  Mac host_mac{};
  std::array<RefPort, kRefPorts + 1> ports;  // [0] is not used
  std::map<Address, uint32_t> fdb;           // 0: the host
  std::map<Address, std::set<uint32_t>> groups;
};

enum class Origin { kWire, kHost, kPort };

// A frame's way ends in some of these.
struct Fate {
  enum Kind { kToPort, kToWire, kToHost, kToStack, kDropped } kind;
  uint32_t port = 0;  // kToStack: on whose netdev, 0 is the uplink; kDropped: who is charged
  bool tagged = false;
  xsw_drop why = XSW_DROP_NONE;

  auto operator<=>(const Fate&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Fate& fate);

// The frame as this fate shows it: tagged or not, as it came where it rises. from: as in Decide.
Bytes AsSeen(const RefSwitch& s, uint32_t from, const Bytes& frame, const Fate& fate);
// Priority tags in front of the first tag that has a VLAN ID, or of none.
Bytes WithoutPriorityTags(Bytes frame);

// Sorted.
std::vector<Fate> Decide(const RefSwitch& s, Origin origin, uint32_t from, const Bytes& frame);

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_REFERENCE_H_
