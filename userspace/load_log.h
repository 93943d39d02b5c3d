// SPDX-License-Identifier: Apache-2.0
// What libbpf has to say while it loads programs. It would print on stderr; its complaint goes into
// our one error instead.
#ifndef XSW_USERSPACE_LOAD_LOG_H_
#define XSW_USERSPACE_LOAD_LOG_H_

#include <bpf/libbpf.h>

#include <cstdarg>
#include <string>

namespace xsw {

// For libbpf_set_print().
int KeepComplaint(libbpf_print_level level, const char* format, va_list args);

void ClearComplaints();

// One line: the first complaint, which names the cause where those that follow name its
// consequences, and the verifier's last word, which is its reason.
std::string Complaint();

}  // namespace xsw

#endif  // XSW_USERSPACE_LOAD_LOG_H_
