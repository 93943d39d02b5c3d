// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/objects.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/syscall.h>

namespace xsw::test {
namespace {

template <typename Info>
std::optional<Info> InfoOf(const Fd& fd) {
  Info info = {};
  __u32 length = sizeof(info);
  if (!fd || bpf_obj_get_info_by_fd(fd.get(), &info, &length)) return std::nullopt;
  return info;
}

template <typename Info>
std::optional<BpfObject> Named(BpfObject::Kind kind, const char* what, const Fd& fd) {
  const std::optional<Info> info = InfoOf<Info>(fd);
  if (!info) return std::nullopt;
  return BpfObject{kind, info->id, std::string(what) + info->name};
}

}  // namespace

bool MakesObject(const SystemCall& call) {
  if (call.number != SYS_bpf) return false;
  return call.args[0] == BPF_MAP_CREATE || call.args[0] == BPF_PROG_LOAD ||
         call.args[0] == BPF_LINK_CREATE || call.args[0] == BPF_BTF_LOAD;
}

std::optional<BpfObject> MadeObject(const Tracee& tracee, const SystemCall& call) {
  const long result = tracee.Returned();
  if (result < 0) return std::nullopt;
  const Fd fd = tracee.File(static_cast<int>(result));
  if (call.args[0] == BPF_MAP_CREATE) return Named<bpf_map_info>(BpfObject::kMap, "map ", fd);
  if (call.args[0] == BPF_PROG_LOAD)
    return Named<bpf_prog_info>(BpfObject::kProgram, "program ", fd);
  if (call.args[0] == BPF_LINK_CREATE) {
    const std::optional<bpf_link_info> link = InfoOf<bpf_link_info>(fd);
    if (!link) return std::nullopt;
    return BpfObject{BpfObject::kLink, link->id, "link"};
  }
  const std::optional<bpf_btf_info> btf = InfoOf<bpf_btf_info>(fd);
  if (!btf) return std::nullopt;
  return BpfObject{BpfObject::kBtf, btf->id, "btf"};
}

bool IsAlive(const BpfObject& object) {
  switch (object.kind) {
    case BpfObject::kMap:
      return static_cast<bool>(Fd(bpf_map_get_fd_by_id(object.id)));
    case BpfObject::kProgram:
      return static_cast<bool>(Fd(bpf_prog_get_fd_by_id(object.id)));
    case BpfObject::kLink:
      return static_cast<bool>(Fd(bpf_link_get_fd_by_id(object.id)));
    case BpfObject::kBtf:
      return static_cast<bool>(Fd(bpf_btf_get_fd_by_id(object.id)));
  }
  return false;
}

}  // namespace xsw::test
