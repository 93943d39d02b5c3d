// SPDX-License-Identifier: Apache-2.0
// At most one open of a user is at work, so that no user's eight delay another one's.
#ifndef XSW_TOOLS_XSWD_TURN_H_
#define XSW_TOOLS_XSWD_TURN_H_

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

// The file on which processes take turns: a byte for each uid, of no content. A record lock on it
// ends with its process, however that ends.
absl::StatusOr<Fd> MakeTurns();

// Waits for the user's other opens; the turn is the caller's until it ends. Aborted: it took too
// long.
absl::Status TakeTurn(const Fd& turns, uid_t uid);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_TURN_H_
