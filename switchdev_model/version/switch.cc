// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/version/switch.h"

#include <bpf/bpf.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <vector>

#include "abi.h"
#include "switchdev_model/version/head.h"
#include "userspace/attach.h"
#include "userspace/bpffs.h"
#include "userspace/own_abi.h"
#include "userspace/pinned.h"
#include "userspace/shared_xdp.h"
#include "userspace/state_table.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

// Pinned programs of one state, each opened once.
class Programs {
 public:
  explicit Programs(std::string state) : state_(std::move(state)) {}
  absl::StatusOr<int> Open(const std::string& name) {
    Fd& fd = fds_[name];
    const std::string pin = absl::StrCat(state_, "/", name);
    if (!fd) fd = Fd(bpf_obj_get(pin.c_str()));
    if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", pin));
    return fd.get();
  }

 private:
  std::string state_;
  std::map<std::string, Fd> fds_;
};

// The program that a link's pin is named after: link_NAME, ports/INDEX_NAME. Empty: it is no link.
std::string ProgramOf(const std::string& pin) {
  const size_t at = pin.find("_xsw_");
  return at == std::string::npos ? "" : pin.substr(at + 1);
}

absl::Status SwitchLinks(Programs& programs, const std::string& dir) {
  for (const std::string& pin : ListDir(dir)) {
    const std::string name = ProgramOf(pin);
    if (name.empty()) continue;
    XSW_ASSIGN_OR_RETURN(const int program, programs.Open(name));
    XSW_RETURN_IF_ERROR(ReplaceInLink(program, absl::StrCat(dir, "/", pin)));
  }
  return absl::OkStatus();
}

absl::Status SwitchFilters(Programs& programs, const EswitchDir& dir) {
  XSW_ASSIGN_OR_RETURN(const std::vector<int> ports, PortNetdevs(dir.state(), kDevTcMap));
  for (const ProgramRow& row : ProgramTable()) {
    if (row.hook == ProgramRow::kXdp) continue;
    const TcHook hook = row.hook == ProgramRow::kIngress ? TcHook::kIngress : TcHook::kEgress;
    XSW_ASSIGN_OR_RETURN(const int program, programs.Open(row.name));
    const std::vector<int> uplink = {dir.ifindex()};
    for (const int ifindex : row.netdev == ProgramRow::kUplink ? uplink : ports)
      XSW_RETURN_IF_ERROR(ReplaceInClsact(program, ifindex, hook));
  }
  return absl::OkStatus();
}

// Of an older version this program knows no member: there the others leave, and its own has stayed.
absl::Status SwitchDispatcher(const EswitchDir& dir) {
  const std::optional<StateHead> head = ReadHead(dir.state());
  const std::string what = absl::StrCat("replace xsw_uplink_xdp on ", dir.uplink().name);
  const std::vector<std::string> others = OtherStates(dir.path());
  if (head && head->abi == OwnAbi())
    return ReplaceInDispatcher(others, dir.state(), dir.ifindex(), what);
  for (const std::string& state : others)
    XSW_RETURN_IF_ERROR(LeaveDispatcher(state, dir.ifindex(), what));
  return absl::OkStatus();
}

}  // namespace

absl::Status SwitchPrograms(const EswitchDir& dir, const std::string& pins) {
  Programs programs(pins);
  XSW_RETURN_IF_ERROR(SwitchLinks(programs, dir.path()));
  XSW_RETURN_IF_ERROR(SwitchLinks(programs, dir.path() + "/ports"));
  XSW_ASSIGN_OR_RETURN(const bool tcx,
                       LinkIsAttached(absl::StrCat(dir.path(), "/link_", kUplinkRx)));
  return tcx ? absl::OkStatus() : SwitchFilters(programs, dir);
}

absl::Status SwitchPrograms(const EswitchDir& dir) {
  XSW_RETURN_IF_ERROR(SwitchPrograms(dir, dir.state()));
  return SwitchDispatcher(dir);
}

// A kernel that refuses (nohz_full) waits for nobody: what is lost are the counts of frames that
// programs hold right now.
void WaitForPrograms() { syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); }

}  // namespace xsw
