// SPDX-License-Identifier: Apache-2.0
// How much memory a user has pinned through xswd: the kernel keeps the account.
//
// It counts what is registered for AF_XDP sockets (a UMEM) against the real user of the process
// that registers it, until the memory is free again, and refuses what would be more than
// RLIMIT_MEMLOCK (net/xdp/xdp_umem.c, xdp_umem_account_pages). So whatever has ended meanwhile is
// counted too: the connection, xswd, the port.
#ifndef XSW_TOOLS_XSWD_ACCOUNT_H_
#define XSW_TOOLS_XSWD_ACCOUNT_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "absl/status/status.h"

namespace xsw {

// A quarter of the machine's memory, in bytes.
uint64_t DefaultUidMemoryMax();

// Whose memory, and how much of it he has in all his queues.
struct Account {
  uid_t uid = 0;
  uint64_t memory_max = 0;  // bytes
};

// Whether this process may set such a limit: not above that on locked memory, where xswd could not
// raise it (privileges.h).
bool CanLimitMemory(uint64_t memory_max);

// What work registers is that user's. ENOBUFS is then the kernel's word that he has enough. The
// process has no CAP_IPC_LOCK afterwards, with which nothing is counted. Where !CanLimitMemory()
// it is work alone.
absl::Status ChargeTo(const Account& account, const std::function<absl::Status()>& work);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_ACCOUNT_H_
