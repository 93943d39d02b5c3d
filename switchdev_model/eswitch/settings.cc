// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/eswitch/settings.h"

#include <atomic>

#include "switchdev_model/eswitch/miss.h"
#include "switchdev_model/eswitch/uplink.h"
#include "switchdev_model/ports/quiet.h"
#include "switchdev_model/show/notify.h"
#include "userspace/shared_xdp.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// What settings ask of programs and netdevs.
absl::Status CarryOut(Eswitch& eswitch) {
  XSW_RETURN_IF_ERROR(ApplyXdp(eswitch));
  return SyncQuiet(eswitch);
}

}  // namespace

SettingsDescription SettingsOf(const xsw_eswitch& config) {
  return {.mode = static_cast<xsw_mode>(config.mode),
          .xdp = static_cast<xsw_xdp>(config.xdp),
          .rx_path = static_cast<xsw_rx_path>(config.rx_path),
          .host = config.host != 0,
          .miss = static_cast<xsw_miss>(config.miss)};
}

absl::Status CheckSettings(const Link& uplink, const xsw_eswitch& before,
                           const EswitchSettings& settings) {
  xsw_eswitch config = before;
  WriteSettings(settings, config);
  if (settings.xdp == XSW_XDP_SHARED) XSW_RETURN_IF_ERROR(CheckDispatcher());
  return CheckRxPath(uplink, config);
}

void WriteSettings(const EswitchSettings& settings, xsw_eswitch& config) {
  if (settings.mode) config.mode = *settings.mode;
  if (settings.xdp) config.xdp = *settings.xdp;
  if (settings.rx_path) config.rx_path = *settings.rx_path;
  if (settings.host) config.host = *settings.host;
  if (settings.miss) config.miss = *settings.miss;
  // One store: programs look at it all the time.
  const xsw_miss by_mode =
      config.mode == XSW_MODE_SWITCHDEV ? XSW_MISS_REPRESENTOR : XSW_MISS_UPLINK;
  std::atomic_ref<__u8>(config.misses) =
      config.miss == XSW_MISS_AUTO ? static_cast<__u8>(by_mode) : config.miss;
}

absl::Status Eswitch::CheckSet(const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(CheckMiss(*this, settings));
  return CheckSettings(uplink_, config(), settings);
}

absl::Status Eswitch::Set(const EswitchSettings& settings) {
  XSW_RETURN_IF_ERROR(CheckSet(settings));
  const SettingsDescription before = SettingsOf(config());
  // First: a command that is killed in between leaves representors of either mode.
  if (settings.mode) config().flags |= XSW_ESWITCH_MODE_CHANGES;
  WriteSettings(settings, config());
  absl::Status status = CarryOut(*this);
  if (status.ok()) {
    Notify(*this, {.object = "eswitch", .action = Action::kSet});
    return status;
  }
  WriteSettings({before.mode, before.xdp, before.rx_path, before.host, before.miss}, config());
  // What does not come back the next command mends (SyncXdp, SyncQuiet), and `eswitch show` says
  // what is of XDP.
  CarryOut(*this).IgnoreError();
  return status;
}

}  // namespace xsw
