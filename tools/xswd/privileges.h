// SPDX-License-Identifier: Apache-2.0
// Giving up all rights but those that serving needs.
#ifndef XSW_TOOLS_XSWD_PRIVILEGES_H_
#define XSW_TOOLS_XSWD_PRIVILEGES_H_

#include "absl/status/status.h"

namespace xsw {

// Raises the limits on locked memory, to which clients' memory counts, and on open files, and then
// keeps only these capabilities, for good:
//   CAP_SYS_ADMIN  setns() into a function's namespace
//   CAP_NET_RAW    socket(AF_XDP) there
//   CAP_NET_ADMIN  its send memory; busy polling, for the handshake's /config_busy_poll
//   CAP_CHOWN      a port's socket becomes its owner's
//   CAP_SETUID     a client's memory is its user's (account.h)
//   CAP_IPC_LOCK   only where the limit could not be raised
// The maps are root's files, and we stay uid 0: no CAP_BPF, no CAP_DAC_OVERRIDE.
absl::Status DropPrivileges();

// One of them, which the calling process needs no more.
absl::Status GiveUp(int capability);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_PRIVILEGES_H_
