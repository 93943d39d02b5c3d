// SPDX-License-Identifier: Apache-2.0
// libpcap's headers and <linux/bpf.h> both define struct bpf_insn: nothing of libbpf here.
#include "tools/xsw/pcap_frames.h"

#include <linux/if_ether.h>
#include <pcap/pcap.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "userspace/netlink.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kMostFrames = 1000;

}  // namespace

absl::Status CheckFrame(const FrameBytes& frame, const std::string& what) {
  if (frame.size() >= ETH_HLEN) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", frame.size(), " bytes are no Ethernet frame"));
}

absl::StatusOr<std::vector<FrameBytes>> ReadPcapFrames(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  std::unique_ptr<pcap_t, FreeWith<pcap_close>> file(pcap_open_offline(path.c_str(), error));
  if (!file) return absl::InvalidArgumentError(absl::StrCat(path, ": ", error));
  if (pcap_datalink(file.get()) != DLT_EN10MB)
    return absl::InvalidArgumentError(absl::StrCat(path, ": was not captured on Ethernet"));
  std::vector<FrameBytes> frames;
  pcap_pkthdr* header;
  const u_char* data;
  int result;
  while ((result = pcap_next_ex(file.get(), &header, &data)) == 1) {
    frames.emplace_back(data, data + header->caplen);
    XSW_RETURN_IF_ERROR(CheckFrame(frames.back(), absl::StrCat(path, ": frame ", frames.size())));
    if (frames.size() > kMostFrames)
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": has more than ", kMostFrames, " frames"));
  }
  if (result == PCAP_ERROR)
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", pcap_geterr(file.get())));
  if (frames.empty()) return absl::InvalidArgumentError(absl::StrCat(path, ": has no frames"));
  return frames;
}

}  // namespace xsw
