// SPDX-License-Identifier: Apache-2.0
// Frames of an eswitch, as they come in and go out. The capture's programs take the place of those
// in force as long as it lives, and no longer: a frame meets the one or the other.
//
// A capture holds a lock on its directory (version_dir.h). One without a lock was cut off: the next
// writing command puts the programs in force back, and until then its own, whose lease is not
// renewed, hand nothing over.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_CAPTURE_H_
#define XSW_SWITCHDEV_MODEL_SHOW_CAPTURE_H_

#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "userspace/capture_programs.h"
#include "userspace/fd.h"

namespace xsw {

class Capture {
 public:
  // Unavailable: another one captures there. FailedPrecondition: its XDP program is in libxdp's
  // dispatcher.
  static absl::StatusOr<Capture> Start(const std::string& bpffs, const std::string& uplink,
                                       const xsw_capture& wanted);
  Capture(Capture&&) = default;
  // Stops, if it has not been.
  ~Capture();

  CapturePrograms& programs() { return programs_; }
  // To be called once a second. Aborted: another command has ended it.
  absl::Status Renew();
  // When it returns no program of the capture runs any more. Waits for the eswitch's lock.
  absl::Status Stop();

 private:
  Capture(EswitchDir dir, CapturePrograms programs, Fd lock)
      : dir_(std::move(dir)), programs_(std::move(programs)), lock_(std::move(lock)) {}
  bool IsOurs() const;

  EswitchDir dir_;
  CapturePrograms programs_;
  Fd lock_;  // none: stopped
};

// These two under the eswitch's lock. Puts the programs in force back in place of a capture's,
// whether it lives or not; no capture: OK.
absl::Status EndCapture(const EswitchDir& dir);
// The same, unless it lives.
absl::Status SettleCapture(const EswitchDir& dir);

// The programs of a capture are attached, and nobody reads what they hand over.
absl::StatusOr<bool> HasSilentCapture(const EswitchDir& dir);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_CAPTURE_H_
