// SPDX-License-Identifier: Apache-2.0
// What a daemon says: lines on stderr for the journal, and its state for systemd.
#ifndef XSW_USERSPACE_LOG_H_
#define XSW_USERSPACE_LOG_H_

#include <string>

namespace xsw {

// Values are syslog's.
enum class Severity { kError = 3, kWarning = 4, kInfo = 6 };

// One line behind the program's name, with the journal's priority prefix where the journal reads
// it. Does not wait for a reader: what finds no room is left out, and the next line says how many
// were.
void Log(Severity severity, const std::string& line);

// sd_notify(3): "READY=1". Nothing without a NOTIFY_SOCKET.
void NotifySystemd(const std::string& state);

}  // namespace xsw

#endif  // XSW_USERSPACE_LOG_H_
