// SPDX-License-Identifier: Apache-2.0
// Captured frames in the order of their times: what CPUs hand over one after the other is not in
// it.
#ifndef XSW_TOOLS_XSW_CAPTURE_ORDER_H_
#define XSW_TOOLS_XSW_CAPTURE_ORDER_H_

#include <cstdint>
#include <vector>

#include "abi_capture.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "userspace/capture_programs.h"

namespace xsw {

struct CapturedFrame {
  xsw_capture_record record;
  uint64_t time_ns = 0;             // since 1970
  absl::Span<const uint8_t> bytes;  // as on the wire, its tag in place
  uint32_t length = 0;              // before it was cut
};

class CaptureOrder {
 public:
  explicit CaptureOrder(uint32_t snaplen) : snaplen_(snaplen) {}

  // Takes what there is. last: nothing more will come; else what is younger than this call waits
  // for the next one, since a CPU may still hand over what is older.
  absl::Status Take(CapturePrograms& programs, bool last);
  // In order; valid until the next Take().
  absl::Span<const CapturedFrame> frames() const { return frames_; }

 private:
  struct Held {
    xsw_capture_record record;
    size_t at;  // in bytes_
  };
  void Hold(const xsw_capture_record& record, const uint8_t* bytes);
  // Those that were given out.
  void Forget();

  uint32_t snaplen_;
  std::vector<Held> held_;
  std::vector<uint8_t> bytes_;
  std::vector<CapturedFrame> frames_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_CAPTURE_ORDER_H_
