// SPDX-License-Identifier: Apache-2.0
// Other programs, run in the calling thread's network namespace.
#ifndef XSW_BENCH_COMMAND_H_
#define XSW_BENCH_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace xsw::bench {

// Runs it to its end, pinned as the calling thread is. Its output goes nowhere, its errors to
// stderr; exit status other than 0 is an error that names the command. Returns the seconds it took,
// start of the process included.
absl::StatusOr<double> Run(const std::vector<std::string>& command);

// Lines for `ip -batch`, in a network namespace below /run/netns.
absl::Status Ip(const std::string& netns, const std::string& lines);

// A program of ours that was built with this one: "xsw".
std::string BuiltProgram(const std::string& name);

// The xsw that was built with this program, on the sandbox's bpffs.
absl::StatusOr<double> Xsw(const std::string& netns, const std::vector<std::string>& words);

}  // namespace xsw::bench

#endif  // XSW_BENCH_COMMAND_H_
