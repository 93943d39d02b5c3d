// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/capture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "abi.h"
#include "absl/cleanup/cleanup.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/version/switch.h"
#include "userspace/bpffs.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

constexpr std::chrono::seconds kLease(5);

bool IsThere(const EswitchDir& dir) { return access(CaptureDir(dir.path()).c_str(), F_OK) == 0; }

absl::Status CheckStart(Eswitch& eswitch) {
  const std::string what = absl::StrCat("eswitch ", eswitch.uplink().name);
  if (eswitch.config().xdp == XSW_XDP_SHARED)
    return absl::FailedPreconditionError(
        absl::StrCat(what, ": its XDP program is a member of libxdp's dispatcher (xdp shared), ",
                     "where none that captures can take its place: say xdp on, or xdp off"));
  if (!IsThere(eswitch.dir())) return absl::OkStatus();
  // One without a lock is gone by now.
  const absl::Status held = TryLockDir(CaptureDir(eswitch.dir().path())).status();
  return absl::UnavailableError(
      absl::StrCat(what, ": ", held.message(), " captures there already: end that first"));
}

}  // namespace

absl::StatusOr<Capture> Capture::Start(const std::string& bpffs, const std::string& uplink,
                                       const xsw_capture& wanted) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToWrite(bpffs, uplink, Mend::kGone));
  XSW_RETURN_IF_ERROR(CheckStart(eswitch));
  XSW_ASSIGN_OR_RETURN(CapturePrograms programs,
                       CapturePrograms::Load(eswitch.dir().state(), wanted));
  const std::string path = CaptureDir(eswitch.dir().path());
  if (mkdir(path.c_str(), 0700)) return ErrnoStatus(errno, absl::StrCat("create ", path));
  // What stays the next writing command takes away.
  absl::Cleanup end = [&] { EndCapture(eswitch.dir()).IgnoreError(); };
  XSW_ASSIGN_OR_RETURN(Fd lock, TryLockDir(path));
  programs.Renew(kLease);
  XSW_RETURN_IF_ERROR(programs.Pin(path));
  XSW_RETURN_IF_ERROR(SwitchPrograms(eswitch.dir(), path));
  std::move(end).Cancel();
  return Capture(eswitch.dir(), std::move(programs), std::move(lock));
}

Capture::~Capture() {
  // What cannot be put back now the next writing command puts back.
  if (lock_) Stop().IgnoreError();
}

// Another command may have taken the directory away, and another capture made one.
bool Capture::IsOurs() const {
  struct stat held, there;
  return fstat(lock_.get(), &held) == 0 && stat(CaptureDir(dir_.path()).c_str(), &there) == 0 &&
         held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

absl::Status Capture::Renew() {
  programs_.Renew(kLease);
  if (IsOurs()) return absl::OkStatus();
  lock_ = Fd();
  return absl::AbortedError(
      absl::StrCat("eswitch ", dir_.uplink().name,
                   ": another command (eswitch del, eswitch upgrade) has ended the capture"));
}

absl::Status Capture::Stop() {
  absl::StatusOr<Fd> eswitch_lock = LockDir(dir_.path());
  // The eswitch is gone, and its programs with it.
  absl::Status status = eswitch_lock.status();
  if (status.ok() && IsOurs()) status = EndCapture(dir_);
  lock_ = Fd();
  WaitForPrograms();
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status EndCapture(const EswitchDir& dir) {
  if (!IsThere(dir)) return absl::OkStatus();
  XSW_RETURN_IF_ERROR(SwitchPrograms(dir, dir.state()));
  return RemoveTree(CaptureDir(dir.path()));
}

absl::Status SettleCapture(const EswitchDir& dir) {
  if (!IsThere(dir)) return absl::OkStatus();
  const absl::StatusOr<Fd> lock = TryLockDir(CaptureDir(dir.path()));
  if (absl::IsUnavailable(lock.status())) return absl::OkStatus();
  return lock.ok() ? EndCapture(dir) : lock.status();
}

absl::StatusOr<bool> HasSilentCapture(const EswitchDir& dir) {
  if (!IsThere(dir)) return false;
  const absl::StatusOr<bool> renewed = CapturePrograms::IsRenewed(CaptureDir(dir.path()));
  // One that begins, or ends, or was killed there.
  if (absl::IsNotFound(renewed.status())) return IsThere(dir);
  if (!renewed.ok()) return renewed.status();
  return !*renewed;
}

}  // namespace xsw
