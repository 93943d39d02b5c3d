// SPDX-License-Identifier: Apache-2.0
// The programs of an eswitch once more, on its own maps, which switch as the others do and hand the
// frames over (bpf/capture.h): for being attached in place of those, as long as somebody looks.
#ifndef XSW_USERSPACE_CAPTURE_PROGRAMS_H_
#define XSW_USERSPACE_CAPTURE_PROGRAMS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "abi_capture.h"
#include "absl/status/statusor.h"
#include "userspace/mapped_array.h"

struct capture_bpf;
struct capture_queue_bpf;
struct perf_buffer;

namespace xsw {

// Records of frames, of all CPUs.
struct CaptureCounts {
  uint64_t records = 0;  // handed over
  uint64_t lost = 0;     // no room in the ring, or nobody who renews the lease
};

class CapturePrograms {
 public:
  // Loads them; state is where the eswitch's maps are pinned. Nothing is attached.
  static absl::StatusOr<CapturePrograms> Load(const std::string& state, const xsw_capture& wanted);
  CapturePrograms(CapturePrograms&&);
  ~CapturePrograms();

  // In that directory, which is there: the map with the lease, then the programs, under their
  // names.
  absl::Status Pin(const std::string& dir) const;

  // From now on records are made for so long.
  void Renew(std::chrono::nanoseconds lease);
  // Whether a lease lasts, of programs that are pinned in that directory. NotFound: there are none.
  static absl::StatusOr<bool> IsRenewed(const std::string& dir);

  // Readable before the rings are full; who does not wait for that asks from time to time.
  int fd() const;
  // All records that are there: each CPU's in the order in which it has made them.
  using OnRecord = std::function<void(const xsw_capture_record& record, const uint8_t* bytes)>;
  absl::Status Take(const OnRecord& on_record);
  absl::StatusOr<CaptureCounts> Counts() const;

 private:
  struct Free {
    void operator()(capture_bpf* skeleton) const;
    void operator()(capture_queue_bpf* skeleton) const;
    void operator()(perf_buffer* rings) const;
  };
  using Switch = std::unique_ptr<capture_bpf, Free>;
  using Queue = std::unique_ptr<capture_queue_bpf, Free>;
  CapturePrograms(Switch programs, Queue queue, MappedArray<xsw_capture> capture)
      : programs_(std::move(programs)), queue_(std::move(queue)), capture_(std::move(capture)) {}
  absl::Status OpenRings();

  Switch programs_;
  Queue queue_;
  MappedArray<xsw_capture> capture_;
  // What Take() gives the records to; libbpf keeps its address.
  std::unique_ptr<OnRecord> on_record_ = std::make_unique<OnRecord>();
  std::unique_ptr<perf_buffer, Free> rings_;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_CAPTURE_PROGRAMS_H_
