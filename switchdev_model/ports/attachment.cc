// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/attachment.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "switchdev_model/words.h"
#include "userspace/hash_map.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using AttachmentMap = HashMap<uint32_t, xsw_attachment>;

AttachmentMap MapOf(Fd fd) {
  return AttachmentMap(std::move(fd), "the table of attachments", XSW_MAX_PORTS, nullptr);
}

std::string PinOf(Eswitch& eswitch) {
  return absl::StrCat(eswitch.datapath().dir(), "/", kAttachmentMap);
}

// What is shown must not steer a terminal.
absl::Status CheckText(const std::string& text, size_t room, const char* what) {
  if (!std::all_of(text.begin(), text.end(),
                   [](unsigned char c) { return absl::ascii_isgraph(c); }))
    return absl::InvalidArgumentError(
        absl::StrCat("attachment: ", what, " has characters that cannot be shown"));
  if (!text.empty() && text.size() < room) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("attachment: ", what, " \"", text, "\" has ",
                                                 text.size(), " bytes, 1 to ", room - 1, " fit"));
}

}  // namespace

absl::Status CheckAttachment(const Attachment& attachment) {
  XSW_RETURN_IF_ERROR(CheckText(attachment.network, XSW_ATTACHMENT_LEN, "network"));
  XSW_RETURN_IF_ERROR(CheckText(attachment.container, XSW_ATTACHMENT_LEN, "container"));
  return CheckText(attachment.ifname, XSW_IFNAMSIZ, "ifname");
}

absl::Status SetAttachment(Eswitch& eswitch, uint32_t port, const Attachment& attachment) {
  const std::string pin = PinOf(eswitch);
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenPin(pin));
  if (!fd) {
    XSW_ASSIGN_OR_RETURN(
        fd, MakeHash(pin, kAttachmentMap, sizeof(uint32_t), sizeof(xsw_attachment), XSW_MAX_PORTS));
  }
  xsw_attachment value = {};
  CopyName(attachment.network, value.network);
  CopyName(attachment.container, value.container);
  CopyName(attachment.ifname, value.ifname);
  return MapOf(std::move(fd)).Set(port, value);
}

absl::Status ClearAttachment(Eswitch& eswitch, uint32_t port) {
  const std::string pin = PinOf(eswitch);
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenPin(pin));
  if (!fd) return absl::OkStatus();
  const int map = fd.get();
  AttachmentMap attachments = MapOf(std::move(fd));
  XSW_RETURN_IF_ERROR(attachments.Delete(port));
  uint32_t first;
  const bool is_empty = bpf_map_get_next_key(map, nullptr, &first) && errno == ENOENT;
  if (is_empty && unlink(pin.c_str())) return ErrnoStatus(errno, absl::StrCat("remove ", pin));
  return absl::OkStatus();
}

absl::StatusOr<std::map<uint32_t, Attachment>> Attachments(Eswitch& eswitch) {
  std::map<uint32_t, Attachment> all;
  XSW_ASSIGN_OR_RETURN(Fd fd, OpenPin(PinOf(eswitch)));
  if (!fd) return all;
  XSW_ASSIGN_OR_RETURN(const auto rows, MapOf(std::move(fd)).Dump());
  for (const auto& [port, row] : rows) all[port] = {row.network, row.container, row.ifname};
  return all;
}

}  // namespace xsw
