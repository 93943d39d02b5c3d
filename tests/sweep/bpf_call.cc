// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cerrno>

#include "tests/sweep/call.h"

namespace xsw::test {
namespace {

bpf_attr AttrOf(const Tracee& tracee, const SystemCall& call) {
  bpf_attr attr = {};
  tracee.Read(call.args[1], &attr, std::min<size_t>(call.args[2], sizeof(attr)));
  return attr;
}

// Its name, as bpftool shows it.
std::string MapName(const Tracee& tracee, uint32_t fd) {
  const Fd map = tracee.File(static_cast<int>(fd));
  bpf_map_info info = {};
  __u32 length = sizeof(info);
  if (!map || bpf_obj_get_info_by_fd(map.get(), &info, &length)) return "?";
  return info.name;
}

// libbpf asks with such programs what the kernel can do; they do nothing and are never kept.
bool IsProbe(const bpf_attr& attr) { return attr.insn_cnt <= 8; }

}  // namespace

std::optional<Call> RecogniseBpf(const Tracee& tracee, const SystemCall& call) {
  const bpf_attr attr = AttrOf(tracee, call);
  switch (call.args[0]) {
    case BPF_MAP_UPDATE_ELEM:
      return Call{"bpf map_update " + MapName(tracee, attr.map_fd), {ENOMEM, EBUSY}};
    case BPF_MAP_DELETE_ELEM:
      return Call{"bpf map_delete " + MapName(tracee, attr.map_fd), {ENOMEM, EBUSY}};
    case BPF_MAP_CREATE:
      return Call{std::string("bpf map_create ") + attr.map_name, {ENOMEM, EPERM}};
    case BPF_MAP_FREEZE:
      return Call{"bpf map_freeze " + MapName(tracee, attr.map_fd), {EBUSY, EPERM}};
    case BPF_PROG_LOAD:
      if (IsProbe(attr)) return std::nullopt;
      return Call{std::string("bpf prog_load ") + attr.prog_name, {ENOMEM, EPERM}};
    case BPF_OBJ_PIN:
      return Call{"bpf pin " + tracee.Text(attr.pathname), {ENOSPC, EPERM}};
    case BPF_PROG_ATTACH:
      return Call{"bpf prog_attach", {ENOMEM, EPERM}};
    case BPF_PROG_DETACH:
      return Call{"bpf prog_detach", {ENOMEM, EBUSY}};
    case BPF_LINK_CREATE:
      return Call{"bpf link_create", {ENOMEM, EBUSY}};
    case BPF_LINK_UPDATE:
      return Call{"bpf link_update", {ENOMEM, EPERM}};
    case BPF_LINK_DETACH:
      return Call{"bpf link_detach", {ENOMEM, EPERM}};
  }
  return std::nullopt;
}

}  // namespace xsw::test
