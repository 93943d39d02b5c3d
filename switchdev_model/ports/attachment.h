// SPDX-License-Identifier: Apache-2.0
// Whose a port is that a container runtime has asked for: the attachment of a container to a
// network, in the words of CNI. The runtime says when such a port goes, so no file names it.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_ATTACHMENT_H_
#define XSW_SWITCHDEV_MODEL_PORTS_ATTACHMENT_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

struct Attachment {
  std::string network;
  std::string container;  // the runtime's id of it
  std::string ifname;     // in the container; for class queues a name only

  bool operator==(const Attachment&) const = default;
};

// InvalidArgument: empty, longer than abi.h has room for, or not to be shown.
absl::Status CheckAttachment(const Attachment& attachment);

// Written before there is anything else of the port but its names, and removed with it: a killed
// command leaves no port of which it is not known whose it is. The map goes with its last entry.
absl::Status SetAttachment(Eswitch& eswitch, uint32_t port, const Attachment& attachment);
absl::Status ClearAttachment(Eswitch& eswitch, uint32_t port);

// By port. Those that are no runtime's are not in it.
absl::StatusOr<std::map<uint32_t, Attachment>> Attachments(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_ATTACHMENT_H_
