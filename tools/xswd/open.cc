// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/open.h"

#include <sys/utsname.h>

#include <cerrno>
#include <cstdio>
#include <optional>

#include "tools/xswd/memory.h"
#include "tools/xswd/xdp_socket.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr uint32_t kMinRing = 64, kMaxRing = 32768;  // entries
constexpr uint32_t kMaxHeadroom = 512;

absl::Status CheckRing(const char* name, uint32_t entries) {
  if (entries >= kMinRing && entries <= kMaxRing && (entries & (entries - 1)) == 0)
    return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, " ring of ", entries,
                                                 " entries is not a power of two from ", kMinRing,
                                                 " to ", kMaxRing));
}

absl::Status CheckSizes(const OpenRequest& request) {
  XSW_RETURN_IF_ERROR(CheckRing("rx", request.rx));
  XSW_RETURN_IF_ERROR(CheckRing("tx", request.tx));
  XSW_RETURN_IF_ERROR(CheckRing("fill", request.fill));
  XSW_RETURN_IF_ERROR(CheckRing("completion", request.comp));
  if (request.chunk != 2048 && request.chunk != 4096)
    return absl::InvalidArgumentError(
        absl::StrCat("chunk size ", request.chunk, " is neither 2048 nor 4096"));
  if (request.headroom > kMaxHeadroom)
    return absl::InvalidArgumentError(
        absl::StrCat("headroom ", request.headroom, " is above ", kMaxHeadroom));
  return absl::OkStatus();
}

absl::Status CheckPort(const QueueBlock& block, const OpenRequest& request) {
  const std::string handle = HandleOf(block);
  if (!block.active)
    return absl::FailedPreconditionError(absl::StrCat(
        "port ", handle, " is inactive: xsw port function set ", handle, " state active"));
  if (request.queue >= block.queues)
    return absl::OutOfRangeError(absl::StrCat("port ", handle, " has queues 0 to ",
                                              block.queues - 1, ", not ", request.queue));
  return absl::OkStatus();
}

// Each queue has its share, so that a port has no more than its memory_max whoever opens its
// queues, and no user of its group more than the shares of the queues that he has.
absl::Status CheckShare(const QueueBlock& block, uint64_t size) {
  const uint64_t all = block.memory_max, share = all / block.queues;
  if (size <= share) return absl::OkStatus();
  const std::string handle = HandleOf(block);
  return absl::ResourceExhaustedError(
      absl::StrCat("memory of ", size, " bytes is above ", share,
                   ", a queue's share of memory_max ", all, " of port ", handle,
                   ": ask for less, or xsw port function set ", handle, " memory_max SIZE"));
}

// xsk_mmap() of Linux before 6.4 refuses (EBUSY) once the socket is bound.
bool MapsOnlyUnbound() {
  utsname kernel = {};
  int major = 0, minor = 0;
  if (uname(&kernel) || std::sscanf(kernel.release, "%d.%d", &major, &minor) != 2) return false;
  return major < 6 || (major == 6 && minor < 4);
}

int ErrnoOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kPermissionDenied:
      return EACCES;
    case absl::StatusCode::kUnavailable:
      return EBUSY;
    case absl::StatusCode::kFailedPrecondition:
      return ENETDOWN;
    case absl::StatusCode::kOutOfRange:
      return ERANGE;
    case absl::StatusCode::kInvalidArgument:
      return EINVAL;
    case absl::StatusCode::kNotFound:
      return ENOENT;
    case absl::StatusCode::kResourceExhausted:
      return ENOMEM;
    case absl::StatusCode::kAborted:
      return EAGAIN;
    default:
      return EIO;
  }
}

}  // namespace

absl::StatusOr<OpenRequest> ParseOpen(const std::string& text) {
  const std::vector<std::string> fields = SplitFields(text);
  OpenRequest request;
  uint32_t* const values[] = {&request.queue, &request.rx,    &request.tx,      &request.fill,
                              &request.comp,  &request.chunk, &request.headroom};
  if (fields.size() != std::size(values) + 1)
    return absl::InvalidArgumentError("not /open,queue,rx,tx,fill,comp,chunk,headroom");
  for (size_t i = 0; i < std::size(values); i++) {
    std::optional<uint32_t> value = ParseField(fields[i + 1]);
    if (!value)
      return absl::InvalidArgumentError(absl::StrCat("field ", i + 1, " of /open is not a number"));
    *values[i] = *value;
  }
  XSW_RETURN_IF_ERROR(CheckSizes(request));
  return request;
}

absl::StatusOr<XdpSocket> OpenQueue(const QueueBlock& block, const OpenRequest& request,
                                    const Fd& memory, const Account& account,
                                    const std::function<absl::Status()>& begin) {
  XSW_RETURN_IF_ERROR(CheckPort(block, request));
  const bool map_first = MapsOnlyUnbound();
  // Who has an unbound socket may bind it to any netdev of its namespace. In that of the block
  // alone there is no other.
  if (map_first && !block.netns.empty())
    return absl::FailedPreconditionError(
        absl::StrCat("port ", HandleOf(block), " is in netns ", block.netns,
                     ": before Linux 6.4 its queues can be handed out only without netns"));
  XSW_ASSIGN_OR_RETURN(XdpSocket socket, TakeQueue(block, request.queue));
  XSW_RETURN_IF_ERROR(begin());
  XSW_ASSIGN_OR_RETURN(ClientMemory mapped, ClientMemory::Map(memory, request.chunk));
  XSW_RETURN_IF_ERROR(CheckShare(block, mapped.size()));
  XSW_RETURN_IF_ERROR(GiveMemory(socket, request, mapped, account));
  if (!map_first) XSW_RETURN_IF_ERROR(BindXdpSocket(block, &socket));
  return socket;
}

absl::Status BindQueue(const QueueBlock& block, XdpSocket* socket) {
  XSW_RETURN_IF_ERROR(CheckPort(block, {.queue = socket->queue}));
  return BindXdpSocket(block, socket);
}

std::string OpenReply(const XdpSocket& socket) {
  if (!socket.bound) return "/open_map";
  return absl::StrCat("/open_ok,", socket.ifindex, ",", socket.queue, ",", socket.mtu, ",",
                      socket.multi_buffer ? 1 : 0, ",", FormatMac(socket.hw_addr));
}

std::string OpenNak(const absl::Status& status) {
  return absl::StrCat("/open_nak,", ErrnoOf(status.code()), ",", std::string(status.message()));
}

}  // namespace xsw
