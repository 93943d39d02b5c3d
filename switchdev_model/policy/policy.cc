// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/policy/policy.h"

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/tables/fdb.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw {
namespace {

struct FlagOf {
  bool Policy::*member;
  __u16 flag;
};
constexpr FlagOf kFlags[] = {
    {&Policy::spoofchk, XSW_PORT_SPOOFCHK}, {&Policy::trust, XSW_PORT_TRUST},
    {&Policy::promisc, XSW_PORT_PROMISC},   {&Policy::allmulti, XSW_PORT_ALLMULTI},
    {&Policy::isolated, XSW_PORT_ISOLATED},
};

void SetFlag(xsw_port& port, __u16 flag, bool on) {
  std::atomic_ref<__u16> flags(port.flags);
  if (on) {
    flags.fetch_or(flag);
  } else {
    flags.fetch_and(static_cast<__u16>(~flag));
  }
}

void WriteFlagsAndRates(Eswitch& eswitch, uint32_t port, const Policy& policy) {
  for (const FlagOf& row : kFlags)
    SetFlag(eswitch.datapath().ports()[port], row.flag, policy.*row.member);
  SetRates(eswitch, port, policy.rates);
  SyncPromisc(eswitch);
}

// The representor down takes the function's carrier; the flag counts what can no longer go there.
// The flag is set before, and cleared behind: disabled it may still be up, should a command have
// been killed.
absl::Status SetLink(Eswitch& eswitch, uint32_t port, bool on) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  xsw_port& value = eswitch.datapath().ports()[port];
  const bool was_on = !(value.flags & XSW_PORT_LINK_OFF);
  if (on && was_on) return absl::OkStatus();
  if (!on) SetFlag(value, XSW_PORT_LINK_OFF, true);
  absl::Status status = ChangeLink(eswitch.nl(), static_cast<int>(conf.ifindex), {.up = on},
                                   absl::StrCat("set link of ", conf.representor));
  SetFlag(value, XSW_PORT_LINK_OFF, !(status.ok() ? on : was_on));
  return status;
}

absl::Status CheckTrust(const Policy& policy, const std::string& what) {
  for (auto [on, word] : {std::pair{policy.promisc, "promisc"}, {policy.allmulti, "allmulti"}}) {
    if (on && !policy.trust)
      return absl::InvalidArgumentError(absl::StrCat(what, ": ", word, " on needs trust on"));
  }
  return absl::OkStatus();
}

void ApplyWords(const PolicyChange& change, Policy* policy) {
  policy->spoofchk = change.spoofchk.value_or(policy->spoofchk);
  policy->trust = change.trust.value_or(policy->trust);
  policy->promisc = change.promisc.value_or(policy->promisc);
  policy->allmulti = change.allmulti.value_or(policy->allmulti);
  policy->isolated = change.isolated.value_or(policy->isolated);
  policy->link = change.link.value_or(policy->link);
  policy->rates.tx_max = change.tx_max.value_or(policy->rates.tx_max);
  policy->rates.rx_max = change.rx_max.value_or(policy->rates.rx_max);
  policy->rates.burst = change.burst.value_or(policy->rates.burst);
}

}  // namespace

void SyncPromisc(Eswitch& eswitch) {
  const std::vector<uint32_t> ports = PortIndices(eswitch);
  eswitch.config().promisc = std::any_of(ports.begin(), ports.end(), [&](uint32_t port) {
    return eswitch.datapath().ports()[port].flags & XSW_PORT_PROMISC;
  });
}

Policy GetPolicy(Eswitch& eswitch, uint32_t port) {
  const __u16 flags = eswitch.datapath().ports()[port].flags;
  Policy policy{.vlans = GetVlans(eswitch, port),
                .rates = GetRates(eswitch, port),
                .link = !(flags & XSW_PORT_LINK_OFF)};
  for (const FlagOf& row : kFlags) policy.*row.member = (flags & row.flag) != 0;
  return policy;
}

absl::StatusOr<Policy> PolicyAfter(uint32_t mtu, const Policy& before, const PolicyChange& change,
                                   const std::string& what) {
  Policy policy = before;
  XSW_ASSIGN_OR_RETURN(policy.vlans, VlansAfter(policy.vlans, change.vlan, what));
  ApplyWords(change, &policy);
  XSW_RETURN_IF_ERROR(CheckTrust(policy, what));
  XSW_RETURN_IF_ERROR(CheckRates(mtu, policy.rates, what));
  return policy;
}

absl::Status SetPolicy(Eswitch& eswitch, uint32_t port, const Policy& policy) {
  const PortVlans before = GetVlans(eswitch, port);
  XSW_RETURN_IF_ERROR(SetVlans(eswitch, port, policy.vlans));
  absl::Status status = SetLink(eswitch, port, policy.link);
  if (!status.ok()) {
    // What cannot be taken back is said anew by the next command.
    SetVlans(eswitch, port, before).IgnoreError();
    return status;
  }
  WriteFlagsAndRates(eswitch, port, policy);
  return absl::OkStatus();
}

void WritePolicy(Eswitch& eswitch, uint32_t port, const Policy& policy) {
  xsw_port& value = eswitch.datapath().ports()[port];
  value.flags = policy.link ? 0 : XSW_PORT_LINK_OFF;
  eswitch.datapath().rates()[port] = {};
  WriteVlans(eswitch, port, policy.vlans);
  WriteFlagsAndRates(eswitch, port, policy);
}

}  // namespace xsw
