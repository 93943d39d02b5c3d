// SPDX-License-Identifier: Apache-2.0
// Text that is written whole.
#ifndef XSW_TOOLS_XSW_TEXT_FILE_H_
#define XSW_TOOLS_XSW_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace xsw {

// what names the file: "write the answer: Broken pipe". Waits where a reader is slow and fd does
// not.
absl::Status WriteAll(int fd, absl::string_view text, const std::string& what);

// To whoever reads it the file is the old one or the whole new one, which all may read. Its
// directory may be another user's, who must not lead us elsewhere: no file is written to but one of
// our own.
absl::Status ReplaceFile(const std::string& path, const std::string& text);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TEXT_FILE_H_
