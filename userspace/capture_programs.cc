// SPDX-License-Identifier: Apache-2.0
#include "userspace/capture_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <vector>

#include "capture.skel.h"
#include "capture_queue.skel.h"
#include "userspace/clock.h"
#include "userspace/datapath.h"
#include "userspace/fd.h"
#include "userspace/load_log.h"
#include "userspace/pinned.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/xdp_features.h"

namespace xsw {
namespace {

constexpr char kCaptureMap[] = "xsw_capture";

// Of all CPUs, and of one: room for what comes while a reader writes, 30 ms of a million frames.
constexpr size_t kAllRings = 256 << 20, kMostOfOne = 16 << 20, kLeastOfOne = 1 << 20;

size_t RingPages() {
  const auto cpus = static_cast<size_t>(libbpf_num_possible_cpus());
  const size_t bytes = std::clamp(kAllRings / cpus, kLeastOfOne, kMostOfOne);
  return std::bit_floor(bytes) / static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

absl::Status LoadError(int err) {
  return ErrnoStatus(err, absl::StrCat("load the capturing programs (", Complaint(), ")"));
}

// What a PERF_RECORD_SAMPLE of PERF_SAMPLE_RAW is.
struct Sample {
  perf_event_header header;
  uint32_t size;  // of what follows, with padding
  uint8_t raw[];
};

// Lost ones the programs count.
bpf_perf_event_ret OnEvent(void* to, int, perf_event_header* event) {
  if (event->type != PERF_RECORD_SAMPLE) return LIBBPF_PERF_EVENT_CONT;
  const auto* sample = reinterpret_cast<const Sample*>(event);
  // Behind the size, which has four bytes, nothing is aligned to more.
  xsw_capture_record record;
  std::copy_n(sample->raw, sizeof(record), reinterpret_cast<uint8_t*>(&record));
  (*static_cast<CapturePrograms::OnRecord*>(to))(record, sample->raw + sizeof(record));
  return LIBBPF_PERF_EVENT_CONT;
}

absl::Status PinPrograms(bpf_object* object, const std::string& dir) {
  bpf_program* program;
  bpf_object__for_each_program(program, object) {
    const std::string pin = absl::StrCat(dir, "/", bpf_program__name(program));
    if (int err = bpf_program__pin(program, pin.c_str())) return ErrnoStatus(-err, "pin " + pin);
  }
  return absl::OkStatus();
}

}  // namespace

void CapturePrograms::Free::operator()(capture_bpf* skeleton) const {
  capture_bpf__destroy(skeleton);
}
void CapturePrograms::Free::operator()(capture_queue_bpf* skeleton) const {
  capture_queue_bpf__destroy(skeleton);
}
void CapturePrograms::Free::operator()(perf_buffer* rings) const { perf_buffer__free(rings); }
CapturePrograms::CapturePrograms(CapturePrograms&&) = default;
CapturePrograms::~CapturePrograms() = default;

absl::StatusOr<CapturePrograms> CapturePrograms::Load(const std::string& state,
                                                      const xsw_capture& wanted) {
  libbpf_set_print(KeepComplaint);
  ClearComplaints();
  Switch programs(capture_bpf__open());
  Queue queue(capture_queue_bpf__open());
  if (!programs || !queue) return LoadError(errno);
  // As those that they take the place of: a devmap belongs to programs of one kind.
  SetFrags(programs->obj, RedirectsFragsToNetdevs());
  SetFrags(queue->obj, RedirectsFragsToSockets());
  XSW_RETURN_IF_ERROR(ShareMaps(programs->obj, state));
  XSW_RETURN_IF_ERROR(ShareMaps(queue->obj, state));
  if (int err = capture_bpf__load(programs.get())) return LoadError(-err);
  for (const auto& [to, from] : {std::pair(queue->maps.xsw_capture, programs->maps.xsw_capture),
                                 std::pair(queue->maps.xsw_captured, programs->maps.xsw_captured),
                                 std::pair(queue->maps.xsw_records, programs->maps.xsw_records)})
    if (bpf_map__reuse_fd(to, bpf_map__fd(from))) return LoadError(errno);
  if (int err = capture_queue_bpf__load(queue.get())) return LoadError(-err);
  XSW_ASSIGN_OR_RETURN(auto capture,
                       MappedArray<xsw_capture>::Map(bpf_map__fd(programs->maps.xsw_capture), 1));
  capture[0] = wanted;
  CapturePrograms loaded(std::move(programs), std::move(queue), std::move(capture));
  XSW_RETURN_IF_ERROR(loaded.OpenRings());
  return loaded;
}

// Readers are woken for a quarter of a ring and else look by themselves: a wake-up for each frame
// would cost more than the frame.
absl::Status CapturePrograms::OpenRings() {
  const size_t pages = RingPages();
  perf_event_attr attr = {};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.size = sizeof(attr);
  attr.config = PERF_COUNT_SW_BPF_OUTPUT;
  attr.sample_type = PERF_SAMPLE_RAW;
  attr.sample_period = 1;
  attr.watermark = 1;
  attr.wakeup_watermark =
      static_cast<__u32>(pages * static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 4);
  perf_buffer_raw_opts opts = {};
  opts.sz = sizeof(opts);
  rings_.reset(perf_buffer__new_raw(bpf_map__fd(programs_->maps.xsw_records), pages, &attr, OnEvent,
                                    on_record_.get(), &opts));
  return rings_ ? absl::OkStatus() : ErrnoStatus(errno, "make the rings for captured frames");
}

absl::Status CapturePrograms::Pin(const std::string& dir) const {
  const std::string pin = absl::StrCat(dir, "/", kCaptureMap);
  if (int err = bpf_map__pin(programs_->maps.xsw_capture, pin.c_str()))
    return ErrnoStatus(-err, "pin " + pin);
  XSW_RETURN_IF_ERROR(PinPrograms(programs_->obj, dir));
  return PinPrograms(queue_->obj, dir);
}

void CapturePrograms::Renew(std::chrono::nanoseconds lease) {
  std::atomic_ref<__u64>(capture_[0].until)
      .store(NowNs(CLOCK_MONOTONIC) + static_cast<uint64_t>(lease.count()));
}

absl::StatusOr<bool> CapturePrograms::IsRenewed(const std::string& dir) {
  const std::string pin = absl::StrCat(dir, "/", kCaptureMap);
  XSW_ASSIGN_OR_RETURN(const Fd map, OpenPin(pin));
  if (!map) return absl::NotFoundError(absl::StrCat(pin, ": does not exist"));
  const __u32 zero = 0;
  xsw_capture capture;
  if (bpf_map_lookup_elem(map.get(), &zero, &capture)) return ErrnoStatus(errno, "read " + pin);
  return NowNs(CLOCK_MONOTONIC) < capture.until;
}

int CapturePrograms::fd() const { return perf_buffer__epoll_fd(rings_.get()); }

absl::Status CapturePrograms::Take(const OnRecord& on_record) {
  *on_record_ = on_record;
  const int err = perf_buffer__consume(rings_.get());
  *on_record_ = nullptr;
  return err < 0 ? ErrnoStatus(-err, "read captured frames") : absl::OkStatus();
}

absl::StatusOr<CaptureCounts> CapturePrograms::Counts() const {
  std::vector<xsw_captured> cpus(static_cast<size_t>(libbpf_num_possible_cpus()));
  const __u32 zero = 0;
  if (bpf_map_lookup_elem(bpf_map__fd(programs_->maps.xsw_captured), &zero, cpus.data()))
    return ErrnoStatus(errno, "count captured frames");
  CaptureCounts sum;
  for (const xsw_captured& cpu : cpus) {
    sum.records += cpu.records;
    sum.lost += cpu.lost;
  }
  return sum;
}

}  // namespace xsw
