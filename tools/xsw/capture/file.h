// SPDX-License-Identifier: Apache-2.0
// Where captured frames are written: a file, or standard output.
#ifndef XSW_TOOLS_XSW_CAPTURE_FILE_H_
#define XSW_TOOLS_XSW_CAPTURE_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

class CaptureFile {
 public:
  // "-" is standard output. A file that is there is emptied.
  static absl::StatusOr<CaptureFile> Open(const std::string& path);

  // All of it: whole blocks, of which a file that is full keeps none by halves. stop: a descriptor
  // that is readable when there is no more waiting for a slow reader. Cancelled: so it was, or the
  // reader has gone.
  absl::Status Write(const std::string& blocks, int stop);

  // poll(2) says POLLERR when a reader has gone.
  int fd() const { return fd_.get(); }

 private:
  CaptureFile(std::string name, Fd fd) : name_(std::move(name)), fd_(std::move(fd)) {}
  absl::Status WaitForReader(int stop) const;

  std::string name_;
  Fd fd_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_CAPTURE_FILE_H_
