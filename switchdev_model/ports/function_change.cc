// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/function_change.h"

#include "switchdev_model/words.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint64_t kMinMemoryMax = 65536;

absl::Status CheckIfname(const std::string& name, const std::string& what) {
  if (IsNetdevName(name)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      what, ": ifname \"", name, "\" is not a netdev name of 1 to ", IFNAMSIZ - 1, " characters"));
}

absl::Status CheckMtu(uint32_t mtu, uint32_t most, const std::string& what) {
  if (mtu == 0 || (mtu >= kLeastMtu && mtu <= most)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(what, ": mtu ", mtu, " is not within ", kLeastMtu,
                                                 " to ", most,
                                                 most == kMostMtu ? "" : ", the uplink's"));
}

// As it is stored.
absl::Status CheckNetnsName(const std::string& text, const std::string& what) {
  const std::string name = CanonicalNetns(text).value_or(text);
  if (name.size() < XSW_NETNS_LEN) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": netns name ", name, " is longer than ", XSW_NETNS_LEN - 1));
}

absl::Status CheckMemoryMax(uint64_t bytes, const std::string& what) {
  if (bytes == 0 || bytes >= kMinMemoryMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(what, ": memory_max ", bytes, " is below ",
                                                 kMinMemoryMax,
                                                 " bytes, the least that a queue has"));
}

// What another class than `queues` has of its words.
void ClearQueues(xsw_port_conf* conf) {
  conf->program = XSW_PROGRAM_XSK;
  conf->queues = 1;
  conf->owner_uid = conf->owner_gid = 0;
  conf->memory_max = 0;
}

}  // namespace

bool ChangesClass(const FunctionChange& change) {
  return change.port_class || change.queues || change.program;
}

bool Waits(const FunctionChange& change, const absl::Status& place) {
  return change.netns_may_come && absl::IsNotFound(place);
}

absl::StatusOr<xsw_port_conf> ConfAfter(const FunctionChange& change, const xsw_port_conf& before) {
  xsw_port_conf conf = before;
  if (change.port_class) conf.port_class = *change.port_class;
  if (conf.port_class != XSW_CLASS_QUEUES) ClearQueues(&conf);
  if (change.queues) conf.queues = static_cast<__u16>(*change.queues);
  if (change.program) conf.program = *change.program;
  if (change.active) conf.active = *change.active;
  if (change.ifname) CopyName(*change.ifname, conf.function);
  if (!change.netns) return conf;
  absl::StatusOr<std::string> netns = CanonicalNetns(*change.netns);
  if (Waits(change, netns.status())) netns = *change.netns;
  if (!netns.ok()) return netns.status();
  CopyName(*netns, conf.netns);
  conf.netns_cookie = 0;
  if (!IsPid(*netns) && !change.netns_is_this_one) return conf;
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenCanonicalNetns(*netns));
  XSW_ASSIGN_OR_RETURN(conf.netns_cookie, NetnsCookieOf(fd));
  return conf;
}

absl::Status CheckFunctionValues(const FunctionChange& change, uint32_t most_mtu,
                                 const std::string& what) {
  if (change.hw_addr)
    XSW_RETURN_IF_ERROR(CheckUnicast(*change.hw_addr, absl::StrCat(what, ": hw_addr")));
  if (change.mtu) XSW_RETURN_IF_ERROR(CheckMtu(*change.mtu, most_mtu, what));
  if (change.ifname) XSW_RETURN_IF_ERROR(CheckIfname(*change.ifname, what));
  if (change.memory_max) XSW_RETURN_IF_ERROR(CheckMemoryMax(*change.memory_max, what));
  return change.netns ? CheckNetnsName(*change.netns, what) : absl::OkStatus();
}

absl::Status CheckFunctionChange(Eswitch& eswitch, const FunctionChange& change,
                                 const std::string& what) {
  XSW_RETURN_IF_ERROR(CheckFunctionValues(change, eswitch.uplink().mtu, what));
  if (!change.netns) return absl::OkStatus();
  absl::StatusOr<Fd> netns = OpenNetns(*change.netns);
  if (netns.ok() || Waits(change, netns.status())) return absl::OkStatus();
  return absl::Status(netns.status().code(), absl::StrCat(what, ": ", netns.status().message()));
}

}  // namespace xsw
