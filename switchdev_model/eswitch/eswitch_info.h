// SPDX-License-Identifier: Apache-2.0
// What there is to see of an eswitch.
#ifndef XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_INFO_H_
#define XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_INFO_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/settings.h"

namespace xsw {

struct EswitchInfo {
  SettingsDescription settings;
  xsw_miss misses = XSW_MISS_UPLINK;  // what `miss auto` comes to
  bool xdp_steers = false;            // else XDP leaves frames to the stack's programs
  xsw_tc tc = XSW_TC_TCX;
  bool promisc = false;  // the uplink accepts every address, because its own list is full
};
EswitchInfo GetEswitchInfo(Eswitch& eswitch);

struct Use {
  size_t used = 0, limit = 0;
};
// How full the tables are.
struct EswitchUse {
  Use ports, fdb, mdb;
};
absl::StatusOr<EswitchUse> GetEswitchUse(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_ESWITCH_ESWITCH_INFO_H_
