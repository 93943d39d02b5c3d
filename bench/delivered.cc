// SPDX-License-Identifier: Apache-2.0
#include "bench/delivered.h"

#include "bench/busy.h"
#include "userspace/status.h"

namespace xsw::bench {

absl::StatusOr<Measured> MeasureDelivered(Generator& generator, const World& world,
                                          const Netdev& from, const Netdev& to,
                                          const std::vector<uint8_t>& frame, double seconds) {
  XSW_ASSIGN_OR_RETURN(Received before, CountReceived(world, to));
  const BusyMeter busy;
  XSW_ASSIGN_OR_RETURN(Sent sent, generator.SendFor(world, from, frame, seconds));
  XSW_ASSIGN_OR_RETURN(Received after, CountReceived(world, to));
  const auto delivered = static_cast<double>(after.frames - before.frames);
  return Measured{.value = delivered / sent.seconds / 1e6,
                  .cpu_ns = busy.NsEach(delivered),
                  .lost = 1 - delivered / static_cast<double>(sent.frames)};
}

}  // namespace xsw::bench
