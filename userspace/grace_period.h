// SPDX-License-Identifier: Apache-2.0
// The wait for the end of an RCU grace period, which the kernel takes for each program that goes
// off a tcx hook (kernel/bpf/tcx.c, tcx_entry_sync), with the lock of all network configuration
// held: 10 ms and more. Expedited it is well under one: the CPUs that run kernel code are
// interrupted, instead of awaited. The kernel's own waits under that lock are always expedited
// (net/core/dev.c, synchronize_net), tcx's are not.
#ifndef XSW_USERSPACE_GRACE_PERIOD_H_
#define XSW_USERSPACE_GRACE_PERIOD_H_

#include "absl/status/status.h"

namespace xsw {

// Whether /sys/kernel/rcu_expedited is there, ours to write, and off. An administrator's rcu_normal
// still outranks it.
bool CanExpediteGracePeriods();

// On or off, for the whole machine, until it is written again: not until our process ends.
absl::Status ExpediteGracePeriods(bool on);

}  // namespace xsw

#endif  // XSW_USERSPACE_GRACE_PERIOD_H_
