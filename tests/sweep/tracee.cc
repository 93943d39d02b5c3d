// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/tracee.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

__ptrace_syscall_info Info(pid_t thread) {
  __ptrace_syscall_info info = {};
  Must(ptrace(PTRACE_GET_SYSCALL_INFO, thread, reinterpret_cast<void*>(sizeof(info)), &info) > 0,
       "read a system call");
  return info;
}

template <typename Registers>
Registers GetRegisters(pid_t thread, long set) {
  Registers registers = {};
  iovec all = {&registers, sizeof(registers)};
  Must(ptrace(PTRACE_GETREGSET, thread, reinterpret_cast<void*>(set), &all) == 0, "read registers");
  return registers;
}

template <typename Registers>
void SetRegisters(pid_t thread, long set, Registers registers) {
  iovec all = {&registers, sizeof(registers)};
  Must(ptrace(PTRACE_SETREGSET, thread, reinterpret_cast<void*>(set), &all) == 0, "set registers");
}

}  // namespace

SystemCall Tracee::Call() const {
  const __ptrace_syscall_info info = Info(thread_);
  SystemCall call;
  if (info.op != PTRACE_SYSCALL_INFO_SECCOMP) return call;
  call.number = static_cast<long>(info.seccomp.nr);
  std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args), call.args.begin());
  return call;
}

long Tracee::Returned() const { return static_cast<long>(Info(thread_).exit.rval); }

void Tracee::Skip(long result) const {
  auto registers = GetRegisters<user_regs_struct>(thread_, NT_PRSTATUS);
#if defined(__x86_64__)
  registers.orig_rax = static_cast<unsigned long long>(-1);
  registers.rax = static_cast<unsigned long long>(result);
#elif defined(__aarch64__)
  SetRegisters(thread_, NT_ARM_SYSTEM_CALL, -1);
  registers.regs[0] = static_cast<unsigned long long>(result);
#else
#error "say here how a system call is skipped on this machine"
#endif
  SetRegisters(thread_, NT_PRSTATUS, registers);
}

bool Tracee::Read(uint64_t address, void* to, size_t bytes) const {
  iovec here = {to, bytes}, there = {reinterpret_cast<void*>(address), bytes};
  return process_vm_readv(process_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes);
}

bool Tracee::Write(uint64_t address, const void* from, size_t bytes) const {
  iovec here = {const_cast<void*>(from), bytes}, there = {reinterpret_cast<void*>(address), bytes};
  return process_vm_writev(process_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes);
}

std::string Tracee::Text(uint64_t address) const {
  std::string text;
  for (char c = 0; Read(address + text.size(), &c, 1) && c;) text += c;
  return text;
}

Fd Tracee::File(int fd) const {
  Fd process(static_cast<int>(syscall(SYS_pidfd_open, process_, 0)));
  Must(static_cast<bool>(process), "pidfd_open");
  return Fd(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), fd, 0)));
}

std::string Tracee::NameOf(int fd) const {
  const std::string link = "/proc/" + std::to_string(thread_) + "/fd/" + std::to_string(fd);
  char name[PATH_MAX];
  const ssize_t length = readlink(link.c_str(), name, sizeof(name));
  return length < 0 ? "" : std::string(name, static_cast<size_t>(length));
}

}  // namespace xsw::test
