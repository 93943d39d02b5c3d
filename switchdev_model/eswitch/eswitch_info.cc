// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/eswitch_info.h"

#include "switchdev_model/ports/port.h"
#include "userspace/status.h"

namespace xsw {

EswitchInfo GetEswitchInfo(Eswitch& eswitch) {
  const xsw_eswitch& config = eswitch.config();
  return {.settings = SettingsOf(config),
          .misses = static_cast<xsw_miss>(config.misses),
          .xdp_steers = config.xdp_steers == XSW_STEERS_ALL,
          .tc = static_cast<xsw_tc>(config.tc),
          .promisc = (config.flags & XSW_ESWITCH_PROMISC) != 0};
}

absl::StatusOr<EswitchUse> GetEswitchUse(Eswitch& eswitch) {
  XSW_ASSIGN_OR_RETURN(const auto fdb, eswitch.datapath().fdb().Dump());
  XSW_ASSIGN_OR_RETURN(const auto mdb, eswitch.datapath().mdb().Dump());
  return EswitchUse{.ports = {PortIndices(eswitch).size(), XSW_MAX_PORTS},
                    .fdb = {fdb.size(), XSW_MAX_FDB},
                    .mdb = {mdb.size(), XSW_MAX_MDB}};
}

}  // namespace xsw
