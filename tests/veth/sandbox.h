// SPDX-License-Identifier: Apache-2.0
// A world of one test's own: network, mount and bpffs, in which nothing outlives the process.
//
//   Sandbox sandbox;               // we are in it: no netdev but a loopback
//   sandbox.AddNetns("c1");        // as `ip netns add c1`
//   { InNetns in("c1"); ... }      // sockets and commands made here belong to c1
#ifndef XSW_TESTS_VETH_SANDBOX_H_
#define XSW_TESTS_VETH_SANDBOX_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "userspace/fd.h"

namespace xsw::test {

// A test without its environment is no test: says what failed and ends the process, whose
// namespaces die with it.
[[noreturn]] void Die(const std::string& what);
// The same with errno's words, unless ok.
void Must(bool ok, const std::string& what);

// The private bpffs; every xsw command of a test gets `--bpffs /run/bpffs`.
inline constexpr char kTestBpffs[] = "/run/bpffs";

// Fresh network and mount namespaces around the calling process, for the life of the object; the
// kernel frees them at the end of the process, however it ends. In them:
//   - /run is a tmpfs, so that /run/netns (ip netns) and /run/xsw are private
//   - a bpffs is at kTestBpffs, so that no pin is seen outside or survives
//   - IPv6 is off here and in each netns made, so that no neighbour discovery mixes with the frames
//     of a test, unless the constructor's ipv6 says otherwise
// The process stays on one CPU, so that frames keep their order (see observers.h), unless any_cpu.
// One at a time, while the process has one thread.
class Sandbox {
 public:
  struct Options {
    bool ipv6 = false;
    bool any_cpu = false;
  };
  explicit Sandbox(Options options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // A named network namespace, as `ip netns add`, with its loopback up, and its end. Only the name
  // ends at once, the namespace with its last user (a socket, a process) and then some 100 ms
  // later.
  void AddNetns(const std::string& name);
  void DeleteNetns(const std::string& name);

 private:
  Options options_;
};

// The calling thread in a named namespace, until the end of the scope. "" is where it is already: a
// function that takes a namespace's name takes that too.
class InNetns {
 public:
  explicit InNetns(const std::string& name);
  ~InNetns();
  InNetns(const InNetns&) = delete;
  InNetns& operator=(const InNetns&) = delete;

 private:
  Fd back_;
};

// "/proc/sys/net/..." in the calling thread's namespace.
void WriteFile(const std::string& path, const std::string& text);
std::string ReadFile(const std::string& path);

// By how much limits are longer here than on a machine of its own: XSW_TEST_PATIENCE, else 1.
int Patience();

// Of the running Linux: {6, 12}.
std::pair<int, int> KernelVersion();

// Until condition() is true: true; false if it is not within limit_ms. There is no other waiting in
// these tests: no fixed sleeps.
bool WaitFor(const std::function<bool()>& condition, int limit_ms = 5000);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_SANDBOX_H_
