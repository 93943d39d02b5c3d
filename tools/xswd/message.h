// SPDX-License-Identifier: Apache-2.0
// One request or reply: a packet of a SOCK_SEQPACKET socket, with at most one file descriptor.
#ifndef XSW_TOOLS_XSWD_MESSAGE_H_
#define XSW_TOOLS_XSWD_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "userspace/fd.h"

namespace xsw {

inline constexpr size_t kMaxRequest = 64;  // bytes, as the afxdp-plugins have it

struct Message {
  std::string text;  // longer than kMaxRequest: was cut
  Fd fd;
};

enum class Received { kMessage, kNothing, kClosed };

// Of several file descriptors in a packet the kernel gives us only the first.
Received Receive(const Fd& sock, Message* message, bool wait = false);

// Without waiting, and without what file descriptors come with it.
Received ReceiveText(const Fd& sock, Message* message);

// Without waiting; false: the peer does not take it, or is gone.
bool Send(const Fd& sock, const std::string& text, const Fd& fd = Fd());

// The end of a connection. The peer can send no more, and reads what it has been sent: what it sent
// itself and nobody read would make the kernel reset the connection instead.
void HangUp(const Fd& sock);

// "/open, 1,2" -> {"/open", "1", "2"}: some clients put a space behind a comma.
std::vector<std::string> SplitFields(const std::string& text);

// None: not a plain decimal number of 32 bits.
std::optional<uint32_t> ParseField(const std::string& text);

}  // namespace xsw

#endif  // XSW_TOOLS_XSWD_MESSAGE_H_
