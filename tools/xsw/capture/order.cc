// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/capture/order.h"

#include <linux/if_ether.h>

#include <algorithm>

#include "userspace/clock.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr size_t kTagAt = 2 * ETH_ALEN;
constexpr uint32_t kTagBytes = 4;

bool HasTagBeside(const xsw_capture_record& record) {
  return record.tag_proto != 0 && record.bytes >= kTagAt;
}

uint32_t BytesOf(const xsw_capture_record& record, uint32_t snaplen) {
  return std::min(record.bytes + (HasTagBeside(record) ? kTagBytes : 0), snaplen);
}

}  // namespace

void CaptureOrder::Hold(const xsw_capture_record& record, const uint8_t* bytes) {
  const size_t at = bytes_.size();
  held_.push_back({record, at});
  if (!HasTagBeside(record)) {
    bytes_.insert(bytes_.end(), bytes, bytes + record.bytes);
    return;
  }
  const uint8_t tag[kTagBytes] = {
      static_cast<uint8_t>(record.tag_proto >> 8), static_cast<uint8_t>(record.tag_proto),
      static_cast<uint8_t>(record.tag_tci >> 8), static_cast<uint8_t>(record.tag_tci)};
  bytes_.insert(bytes_.end(), bytes, bytes + kTagAt);
  bytes_.insert(bytes_.end(), tag, tag + kTagBytes);
  bytes_.insert(bytes_.end(), bytes + kTagAt, bytes + record.bytes);
}

void CaptureOrder::Forget() {
  std::vector<Held> before;
  std::vector<uint8_t> bytes;
  before.swap(held_);
  bytes.swap(bytes_);
  for (size_t i = frames_.size(); i < before.size(); i++) {
    const size_t end =
        before[i].at + before[i].record.bytes + (HasTagBeside(before[i].record) ? kTagBytes : 0);
    held_.push_back({before[i].record, bytes_.size()});
    bytes_.insert(bytes_.end(), bytes.begin() + static_cast<ptrdiff_t>(before[i].at),
                  bytes.begin() + static_cast<ptrdiff_t>(end));
  }
  frames_.clear();
}

absl::Status CaptureOrder::Take(CapturePrograms& programs, bool last) {
  Forget();
  const uint64_t now = NowNs(CLOCK_MONOTONIC);
  const uint64_t boot = NowNs(CLOCK_REALTIME) - now;
  XSW_RETURN_IF_ERROR(programs.Take(
      [this](const xsw_capture_record& record, const uint8_t* bytes) { Hold(record, bytes); }));
  std::stable_sort(held_.begin(), held_.end(), [](const Held& one, const Held& other) {
    return one.record.time < other.record.time;
  });
  for (const Held& held : held_) {
    const xsw_capture_record& record = held.record;
    if (!last && record.time > now) break;
    frames_.push_back({record,
                       boot + record.time,
                       {bytes_.data() + held.at, BytesOf(record, snaplen_)},
                       record.len + (HasTagBeside(record) ? kTagBytes : 0)});
  }
  return absl::OkStatus();
}

}  // namespace xsw
