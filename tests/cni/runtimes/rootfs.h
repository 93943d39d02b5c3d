// SPDX-License-Identifier: Apache-2.0
// What containers are made of.
#ifndef XSW_TESTS_CNI_RUNTIMES_ROOTFS_H_
#define XSW_TESTS_CNI_RUNTIMES_ROOTFS_H_

#include <string>

namespace xsw::test {

// A directory with busybox and its commands.
std::string Rootfs();

// For a container: says its hostname to who asks by HTTP. Short words, no quoting needed.
inline constexpr char kServe[] = "serve";

// Of a published port, as a client in a network namespace gets it; empty: nobody answers.
std::string Ask(const std::string& netns, const std::string& ip, int port);

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_ROOTFS_H_
