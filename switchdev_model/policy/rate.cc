// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/policy/rate.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint64_t kMinBurst = 256 << 10;
constexpr uint64_t kMaxRate = uint64_t{1} << 63;
constexpr uint64_t kEthernetHeader = 14;
constexpr double kNsPerSecond = 1e9;

absl::Status CheckRate(uint64_t rate, const char* word, uint64_t frame, const std::string& what) {
  if (rate == 0 || (rate >= frame * 8 && rate <= kMaxRate)) return absl::OkStatus();
  const std::string why = rate > kMaxRate
                              ? "is above 2^63 bit/s"
                              : absl::StrCat("is below one frame a second (", frame * 8, " bit/s)");
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", word, " ", rate, " ", why));
}

xsw_bucket MakeBucket(uint64_t rate, uint64_t burst) {
  if (rate == 0) return {.burst = burst};
  const double ns_per_byte = 8 * kNsPerSecond / static_cast<double>(rate);
  const double bytes = static_cast<double>(burst ? burst : DefaultBurst(rate));
  return {.depth = static_cast<__u64>(std::llround(std::min(bytes * ns_per_byte, 1e18))),
          .cost = static_cast<__u64>(std::llround(ns_per_byte * (1 << XSW_RATE_SHIFT))),
          .rate = rate,
          .burst = burst};
}

}  // namespace

uint64_t DefaultBurst(uint64_t rate) { return std::max(kMinBurst, rate / 8 / 4); }

absl::Status CheckRates(uint32_t mtu, const PortRates& rates, const std::string& what) {
  const uint64_t frame = mtu + kEthernetHeader;
  XSW_RETURN_IF_ERROR(CheckRate(rates.tx_max, "tx_max", frame, what));
  XSW_RETURN_IF_ERROR(CheckRate(rates.rx_max, "rx_max", frame, what));
  if (rates.burst == 0 || rates.burst >= frame) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": burst ", rates.burst, " is below one frame (", frame, " bytes)"));
}

PortRates GetRates(Eswitch& eswitch, uint32_t port) {
  const xsw_rate& value = eswitch.datapath().rates()[port];
  return {.tx_max = value.tx.rate, .rx_max = value.rx.rate, .burst = value.tx.burst};
}

void SetRates(Eswitch& eswitch, uint32_t port, const PortRates& rates) {
  std::atomic_ref<__u16> flags(eswitch.datapath().ports()[port].flags);
  constexpr __u16 kBoth = XSW_PORT_TX_MAX | XSW_PORT_RX_MAX;
  const __u16 on = (rates.tx_max ? XSW_PORT_TX_MAX : 0) | (rates.rx_max ? XSW_PORT_RX_MAX : 0);
  // The flags too: they are written last.
  if (rates == GetRates(eswitch, port) && (flags.load() & kBoth) == on) return;
  flags.fetch_and(static_cast<__u16>(~kBoth | on));
  eswitch.datapath().rates()[port] = {.tx = MakeBucket(rates.tx_max, rates.burst),
                                      .rx = MakeBucket(rates.rx_max, rates.burst)};
  flags.fetch_or(on);
}

}  // namespace xsw
