// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/handshake.h"

#include <optional>

#include "absl/status/statusor.h"
#include "tools/xswd/xdp_socket.h"

namespace xsw {
namespace {

Answer Nak(const std::string& text) { return {.text = text, .close = true}; }

Answer MapFd(const QueueBlock& block, const std::vector<std::string>& fields) {
  if (fields.size() != 2) return Nak("/nak");
  // Who cannot make sockets where the function is has no use for the map.
  if (fields[1] != block.function || !block.active || block.netns.empty()) return Nak("/fd_nak");
  absl::StatusOr<Fd> map = OpenXskMap(block);
  if (!map.ok()) return Nak("/fd_nak");
  return {.text = "/fd_ack", .fd = *std::move(map)};
}

Answer BusyPoll(const QueueBlock& block, const std::vector<std::string>& fields, const Fd& socket) {
  if (fields.size() != 3) return Nak("/nak");
  const std::optional<uint32_t> timeout = ParseField(fields[1]), budget = ParseField(fields[2]);
  if (!timeout || !budget || !SetBusyPoll(block, socket, *timeout, *budget).ok())
    return Nak("/config_busy_poll_nak");
  return {.text = "/config_busy_poll_ack"};
}

}  // namespace

Answer AnswerHandshake(const QueueBlock& block, const Message& request, bool* connected) {
  const std::vector<std::string> fields = SplitFields(request.text);
  if (!*connected) {
    if (fields[0] != "/connect") return {.close = true};
    if (fields.size() != 2) return Nak("/host_nak");
    *connected = true;
    return {.text = "/host_ok"};
  }
  if (request.text == "/version") return {.text = "0.1"};
  if (request.text == "/fin") return {.text = "/fin_ack", .close = true};
  if (fields[0] == "/xsk_map_fd") return MapFd(block, fields);
  if (fields[0] == "/config_busy_poll") return BusyPoll(block, fields, request.fd);
  return Nak("/nak");
}

}  // namespace xsw
