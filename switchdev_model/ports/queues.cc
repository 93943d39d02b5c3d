// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/queues.h"

#include <unistd.h>

#include "userspace/attach.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kPortXdp[] = "xsw_port_xdp";
constexpr char kQueueRx[] = "xsw_queue_rx";
constexpr char kXsks[] = "xsks";

absl::Status Attach(Eswitch& eswitch, uint32_t port, const std::string& name, int ifindex) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  XSW_ASSIGN_OR_RETURN(Fd program, eswitch.datapath().Program(name));
  absl::Status status = AttachXdp(program.get(), ifindex, eswitch.PortPin(port, name),
                                  absl::StrCat("attach ", name, " to port of ", conf.representor));
  if (!absl::IsOutOfRange(status)) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), ": say a smaller mtu"));
}

absl::Status AttachFunctionProgram(Eswitch& eswitch, uint32_t port, const Fd& netns) {
  XSW_RETURN_IF_ERROR(eswitch.datapath().MakeXskMap(port, eswitch.PortPin(port, kXsks)));
  return InNetns(netns, [&] { return Attach(eswitch, port, kQueueRx, QueuesIfindex(port)); });
}

bool HasXskMap(Eswitch& eswitch, uint32_t port) {
  return IsQueues(eswitch, port) && eswitch.datapath().confs()[port].program == XSW_PROGRAM_XSK;
}

}  // namespace

bool IsQueues(Eswitch& eswitch, uint32_t port) {
  return eswitch.datapath().confs()[port].port_class == XSW_CLASS_QUEUES;
}

int QueuesIfindex(uint32_t port) { return static_cast<int>(XSW_QUEUES_IFINDEX + port); }

absl::StatusOr<Fd> PrivateNetns(Eswitch& eswitch, uint32_t port) {
  const std::string path = eswitch.PortNetns(port);
  if (access(path.c_str(), F_OK)) XSW_RETURN_IF_ERROR(MakeNetns(path));
  return OpenNetnsPath(path);
}

absl::Status StartQueues(Eswitch& eswitch, uint32_t port, const Fd& netns) {
  const xsw_port_conf& conf = eswitch.datapath().confs()[port];
  XSW_RETURN_IF_ERROR(Attach(eswitch, port, kPortXdp, static_cast<int>(conf.ifindex)));
  if (conf.program != XSW_PROGRAM_XSK) return absl::OkStatus();
  return AttachFunctionProgram(eswitch, port, netns);
}

// All of it, whatever fails; the first error. Its namespace goes last: it holds the function end.
absl::Status StopQueues(Eswitch& eswitch, uint32_t port) {
  absl::Status status = DetachLink(eswitch.PortPin(port, kPortXdp));
  status.Update(DetachLink(eswitch.PortPin(port, kQueueRx)));
  status.Update(eswitch.datapath().RemoveXskMap(port, eswitch.PortPin(port, kXsks)));
  status.Update(RemoveNetns(eswitch.PortNetns(port)));
  return status;
}

absl::Status RenewXskMap(Eswitch& eswitch, uint32_t port) {
  if (!HasXskMap(eswitch, port)) return absl::OkStatus();
  return eswitch.datapath().MakeXskMap(port, eswitch.PortPin(port, kXsks));
}

absl::Status MendXskMap(Eswitch& eswitch, uint32_t port) {
  if (!HasXskMap(eswitch, port)) return absl::OkStatus();
  return eswitch.datapath().MendXskMap(port, eswitch.PortPin(port, kXsks));
}

uint64_t QueuesMemoryMax(const xsw_port_conf& conf) {
  constexpr uint64_t kRing = 2048, kRings = 2, kBuffer = 4096;
  return conf.memory_max ? conf.memory_max : conf.queues * kRings * kRing * kBuffer;
}

}  // namespace xsw
