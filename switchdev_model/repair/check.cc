// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/repair/check.h"

#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/place.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/ports/port_class.h"
#include "switchdev_model/ports/representor.h"
#include "switchdev_model/show/capture.h"
#include "switchdev_model/version/head.h"
#include "userspace/netdev.h"
#include "userspace/own_abi.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What is found of one port.
class PortCheck {
 public:
  PortCheck(Eswitch& eswitch, uint32_t port, std::vector<Difference>* found)
      : eswitch_(eswitch),
        port_(port),
        conf_(eswitch.datapath().confs()[port]),
        flags_(eswitch.datapath().ports()[port].flags),
        found_(found) {}

  absl::Status Run(std::optional<int> parked_id);

 private:
  void Add(const std::string& text, bool is_of_programs = false) {
    found_->push_back({port_, text, nullptr, is_of_programs});
  }
  absl::Status CheckRepresentor(const Link& representor);
  absl::Status CheckFunction(const Link& representor, std::optional<int> parked_id);
  void CheckPlace(bool parked);

  Eswitch& eswitch_;
  uint32_t port_;
  const xsw_port_conf& conf_;
  uint16_t flags_;
  std::vector<Difference>* found_;
};

absl::Status PortCheck::CheckRepresentor(const Link& representor) {
  XSW_ASSIGN_OR_RETURN(const bool programs, RepresentorHasPrograms(eswitch_, port_));
  if (!programs)
    Add(absl::StrCat("xsw's programs are not on its representor ", representor.name),
        /*is_of_programs=*/true);
  if (representor.name != conf_.representor)
    Add(absl::StrCat("its representor ", conf_.representor, " is called ", representor.name));
  const bool link_off = flags_ & XSW_PORT_LINK_OFF;
  if (!representor.up() && !link_off)
    Add(absl::StrCat("its representor is down (ip link set ", representor.name, " up)"));
  if (representor.up() && link_off)
    Add(absl::StrCat("link is disabled, but its representor is up (ip link set ", representor.name,
                     " down)"));
  XSW_ASSIGN_OR_RETURN(const int target, eswitch_.datapath().Target(port_));
  if (target && target != representor.ifindex)
    Add(absl::StrCat("its frames go to netdev ", target, " and not to its representor"));
  return absl::OkStatus();
}

absl::Status PortCheck::CheckFunction(const Link& representor, std::optional<int> parked_id) {
  absl::StatusOr<Link> function = GetFunction(eswitch_.nl(), representor);
  if (absl::IsNotFound(function.status())) return absl::OkStatus();  // it dies at this moment
  if (!function.ok()) return function.status();
  const uint32_t mtu = conf_.mtu ? conf_.mtu : eswitch_.uplink().mtu;
  if (representor.mtu != mtu)
    Add(absl::StrCat("the MTU of its netdevs is ", representor.mtu, ", not ", mtu));
  CheckPlace(IsParked(representor, parked_id));
  return absl::OkStatus();
}

void PortCheck::CheckPlace(bool parked) {
  const bool open = flags_ & XSW_PORT_ACTIVE;
  if (!conf_.active && open) Add("is inactive, but open for traffic");
  if (!ClassOf(eswitch_, port_).facts.parks) {
    if (conf_.active && !open) Add("is active, but closed for traffic");
    return;
  }
  if (!conf_.active && !parked) Add("is inactive, but its function is not parked");
  if (conf_.active && (parked || !open) && NamedPlace(conf_).ok())
    Add("is active, but its function has not come to its namespace");
}

absl::Status PortCheck::Run(std::optional<int> parked_id) {
  absl::StatusOr<Link> representor = RepresentorOf(eswitch_, port_);
  if (absl::IsNotFound(representor.status())) {
    if (HasPlace(eswitch_, port_)) Add("its netdevs are gone");
    return absl::OkStatus();
  }
  if (!representor.ok()) return representor.status();
  XSW_RETURN_IF_ERROR(CheckRepresentor(*representor));
  return CheckFunction(*representor, parked_id);
}

absl::Status CheckUplink(Eswitch& eswitch, std::vector<Difference>* found) {
  auto add = [&](const std::string& text) { found->push_back({XSW_UPLINK, text, nullptr}); };
  auto add_programs = [&](const std::string& text) {
    found->push_back({XSW_UPLINK, text, nullptr, /*is_of_programs=*/true});
  };
  if (!eswitch.uplink().ifindex) {
    add("its netdev is gone (xsw eswitch del)");
    return absl::OkStatus();
  }
  XSW_ASSIGN_OR_RETURN(const bool programs, UplinkHasPrograms(eswitch));
  if (!programs) add_programs("xsw's programs are not on the uplink");
  if (eswitch.made_by() != OwnAbi()) add_programs(MadeBy(eswitch.made_by(), eswitch.uplink().name));
  if (eswitch.is_between_versions()) add("an upgrade was cut off");
  XSW_ASSIGN_OR_RETURN(const bool silent, HasSilentCapture(eswitch.dir()));
  if (silent) add("a capture was cut off: its programs are attached, and hand nothing over");
  XSW_ASSIGN_OR_RETURN(const bool xdp, XdpIsAttached(eswitch));
  const bool noted = eswitch.config().flags & XSW_ESWITCH_XDP;
  if (noted != xdp)
    add_programs(xdp ? "its XDP program is not noted" : "its XDP program has been taken off");
  if (MacFrom(eswitch.config().mac) != eswitch.uplink().mac)
    add("the uplink has another address than the host's entry in the FDB");
  if (eswitch.config().mtu != eswitch.uplink().mtu) add("the uplink's MTU has changed");
  if (!eswitch.parked()) add("the namespace where functions wait is gone");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckNetdevs(Eswitch& eswitch, std::vector<Difference>* found) {
  XSW_RETURN_IF_ERROR(CheckUplink(eswitch, found));
  const std::optional<int> parked_id = eswitch.parked() ? ParkedId(eswitch) : std::nullopt;
  for (uint32_t port = 1; port <= XSW_MAX_PORTS; port++) {
    const xsw_port_conf& conf = eswitch.datapath().confs()[port];
    if (!conf.present && *conf.representor)
      found->push_back({port, "a command that was to add or remove it was cut off", nullptr});
    if (conf.present) XSW_RETURN_IF_ERROR(PortCheck(eswitch, port, found).Run(parked_id));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Difference>> Check(Eswitch& eswitch) {
  std::vector<Difference> found;
  XSW_RETURN_IF_ERROR(CheckNetdevs(eswitch, &found));
  XSW_RETURN_IF_ERROR(CheckTables(eswitch, &found));
  return found;
}

}  // namespace xsw
