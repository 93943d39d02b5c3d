// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/message.h"

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace xsw {

Received Receive(const Fd& sock, Message* message, bool wait) {
  char text[kMaxRequest + 1];
  iovec piece = {.iov_base = text, .iov_len = sizeof(text)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr header = {};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = control;
  // CMSG_SPACE is rounded up and would hold two: then there would be one more to find and to close.
  header.msg_controllen = CMSG_LEN(sizeof(int));
  const ssize_t length = recvmsg(sock.get(), &header, (wait ? 0 : MSG_DONTWAIT) | MSG_CMSG_CLOEXEC);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return Received::kNothing;
  if (length <= 0) return Received::kClosed;
  message->text.assign(text, length);
  const cmsghdr* rights = CMSG_FIRSTHDR(&header);
  message->fd = Fd();
  if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS &&
      rights->cmsg_len == CMSG_LEN(sizeof(int))) {
    int fd;
    std::memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
    message->fd = Fd(fd);
  }
  return Received::kMessage;
}

Received ReceiveText(const Fd& sock, Message* message) {
  char text[kMaxRequest + 1];
  const ssize_t length = recv(sock.get(), text, sizeof(text), MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return Received::kNothing;
  if (length <= 0) return Received::kClosed;
  message->text.assign(text, length);
  return Received::kMessage;
}

bool Send(const Fd& sock, const std::string& text, const Fd& fd) {
  iovec piece = {.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr header = {};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  if (fd) {
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = fd.get();
    std::memcpy(CMSG_DATA(rights), &number, sizeof(number));
  }
  return sendmsg(sock.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

void HangUp(const Fd& sock) {
  char byte;
  shutdown(sock.get(), SHUT_RDWR);
  while (recv(sock.get(), &byte, sizeof(byte), MSG_DONTWAIT) > 0) {
  }
}

std::vector<std::string> SplitFields(const std::string& text) {
  std::vector<std::string> fields = absl::StrSplit(text, ',');
  for (std::string& field : fields)
    field.erase(std::remove(field.begin(), field.end(), ' '), field.end());
  return fields;
}

std::optional<uint32_t> ParseField(const std::string& text) {
  uint32_t value;
  if (text.empty() ||
      !std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); }) ||
      !absl::SimpleAtoi(text, &value))
    return std::nullopt;
  return value;
}

}  // namespace xsw
