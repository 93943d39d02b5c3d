// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/call.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace xsw::test {
namespace {

// Calls that always change something. path: which argument shows best what; -1: none.
struct Row {
  long number;
  const char* name;
  int path;
  std::vector<int> errnos;
};

const std::vector<Row>& Rows() {
  static const std::vector<Row> rows = {
      {SYS_mount, "mount", 1, {ENOMEM, EPERM}},       {SYS_umount2, "umount", 0, {EBUSY, EPERM}},
      {SYS_unshare, "unshare", -1, {ENOSPC, ENOMEM}}, {SYS_setns, "setns", -1, {ENOMEM, EPERM}},
      {SYS_mkdirat, "mkdir", 1, {ENOSPC, EPERM}},     {SYS_unlinkat, "unlink", 1, {EBUSY, EPERM}},
      {SYS_renameat, "rename", 3, {ENOSPC, EBUSY}},   {SYS_renameat2, "rename", 3, {ENOSPC, EBUSY}},
      {SYS_symlinkat, "symlink", 2, {ENOSPC, EPERM}}, {SYS_ftruncate, "ftruncate", -1, {ENOSPC}},
#ifdef SYS_mkdir  // what newer machines never had
      {SYS_mkdir, "mkdir", 0, {ENOSPC, EPERM}},       {SYS_rmdir, "rmdir", 0, {EBUSY, EPERM}},
      {SYS_unlink, "unlink", 0, {EBUSY, EPERM}},      {SYS_rename, "rename", 1, {ENOSPC, EBUSY}},
      {SYS_symlink, "symlink", 1, {ENOSPC, EPERM}},
#endif
  };
  return rows;
}

std::optional<Call> RecogniseOpen(const Tracee& tracee, uint64_t path, uint64_t flags) {
  if (!(flags & (O_CREAT | O_TRUNC)) && (flags & O_ACCMODE) == O_RDONLY) return std::nullopt;
  const std::string name = tracee.Text(path);
  if (name.starts_with("/dev/null")) return std::nullopt;
  return Call{"open " + name + (flags & O_CREAT ? " (create)" : " (write)"), {ENOSPC, EPERM}};
}

// To a file of the kernel; what goes to a terminal, a pipe or an event counter changes nothing.
std::optional<Call> RecogniseWrite(const Tracee& tracee, const SystemCall& call) {
  const std::string name = tracee.NameOf(static_cast<int>(call.args[0]));
  if (!name.starts_with("/sys/") && !name.starts_with("/proc/") && !name.starts_with("/run/"))
    return std::nullopt;
  return Call{"write " + name, {ENOMEM, EBUSY}};
}

constexpr uint32_t kEthtoolSets[] = {
    ETHTOOL_SSET,       ETHTOOL_SFEATURES, ETHTOOL_SCHANNELS, ETHTOOL_SFLAGS,     ETHTOOL_SGRO,
    ETHTOOL_SGSO,       ETHTOOL_STSO,      ETHTOOL_STXCSUM,   ETHTOOL_SRXCSUM,    ETHTOOL_SSG,
    ETHTOOL_SRINGPARAM, ETHTOOL_SRXNTUPLE, ETHTOOL_SRXFH,     ETHTOOL_SRXFHINDIR, ETHTOOL_SCOALESCE,
};

std::optional<Call> RecogniseIoctl(const Tracee& tracee, const SystemCall& call) {
  constexpr uint64_t kSets[] = {SIOCSIFFLAGS, SIOCSIFMTU,   SIOCSIFHWADDR, SIOCSIFNAME,
                                SIOCADDMULTI, SIOCDELMULTI, SIOCSIFTXQLEN};
  if (std::count(std::begin(kSets), std::end(kSets), call.args[1]))
    return Call{"ioctl on a netdev", {EBUSY, ENOMEM}};
  if (call.args[1] != SIOCETHTOOL) return std::nullopt;
  const auto request = tracee.Get<ifreq>(call.args[2]);
  const auto command = tracee.Get<uint32_t>(reinterpret_cast<uint64_t>(request.ifr_data));
  if (!std::count(std::begin(kEthtoolSets), std::end(kEthtoolSets), command)) return std::nullopt;
  return Call{"ethtool set " + std::to_string(command) + " on " + request.ifr_name,
              {EBUSY, ENOMEM}};
}

}  // namespace

std::optional<Call> Recognise(const Tracee& tracee, const SystemCall& call) {
  switch (call.number) {
    case SYS_openat:
      return RecogniseOpen(tracee, call.args[1], call.args[2]);
#ifdef SYS_open
    case SYS_open:
      return RecogniseOpen(tracee, call.args[0], call.args[1]);
#endif
    case SYS_write:
    case SYS_pwrite64:
      return RecogniseWrite(tracee, call);
    case SYS_ioctl:
      return RecogniseIoctl(tracee, call);
    case SYS_bpf:
      return RecogniseBpf(tracee, call);
    case SYS_sendmsg:
    case SYS_sendto:
      return RecogniseMessage(tracee, call);
  }
  for (const Row& row : Rows()) {
    if (row.number != call.number) continue;
    const size_t path = static_cast<size_t>(row.path);
    return Call{row.name + (row.path < 0 ? "" : " " + tracee.Text(call.args[path])), row.errnos};
  }
  return std::nullopt;
}

const std::vector<long>& NumbersToLookAt() {
  static const std::vector<long> numbers = [] {
    std::vector<long> all = {SYS_openat, SYS_write,   SYS_pwrite64, SYS_ioctl,
                             SYS_bpf,    SYS_sendmsg, SYS_sendto,   SYS_recvmsg};
#ifdef SYS_open
    all.push_back(SYS_open);
#endif
    for (const Row& row : Rows()) all.push_back(row.number);
    return all;
  }();
  return numbers;
}

}  // namespace xsw::test
