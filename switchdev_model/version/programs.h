// SPDX-License-Identifier: Apache-2.0
// Which programs of an eswitch are to be attached, and are: those in force, or a capture's in their
// place (show/capture.h).
#ifndef XSW_SWITCHDEV_MODEL_VERSION_PROGRAMS_H_
#define XSW_SWITCHDEV_MODEL_VERSION_PROGRAMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// The capture's of that name while there is one, so that it sees a netdev that is new.
absl::StatusOr<Fd> ProgramToAttach(Eswitch& eswitch, const std::string& name);

// The one in force, and the capture's: while that begins or ends either may be attached.
absl::StatusOr<std::vector<uint32_t>> ProgramIds(Eswitch& eswitch, const std::string& name);
absl::StatusOr<bool> HasTcProgram(Eswitch& eswitch, const std::string& name, int ifindex,
                                  TcHook hook);
absl::StatusOr<bool> HasXdpProgram(Eswitch& eswitch, const std::string& name, int ifindex);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_VERSION_PROGRAMS_H_
