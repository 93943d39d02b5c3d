// SPDX-License-Identifier: Apache-2.0
#include "userspace/xswd/queue_block.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "switchdev_model/eswitch.h"
#include "switchdev_model/eswitch_dir.h"
#include "switchdev_model/port.h"
#include "switchdev_model/queues.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

bool IsServed(const xsw_port_conf& conf) {
  return conf.present && conf.port_class == XSW_CLASS_QUEUES && conf.program == XSW_PROGRAM_XSK;
}

QueueBlock Read(Eswitch& eswitch, uint32_t index) {
  return {.uplink = eswitch.uplink().name,
          .index = index,
          .conf = eswitch.datapath().confs()[index],
          .active = (eswitch.datapath().ports()[index].flags & XSW_PORT_ACTIVE) != 0,
          .xsks_pin = eswitch.PortPin(index, "xsks"),
          .netns_path = eswitch.PortNetns(index)};
}

}  // namespace

std::string HandleOf(const QueueBlock& block) {
  return absl::StrCat(block.uplink, "/", block.index);
}

Blocks FindBlocks(const std::string& bpffs) {
  Blocks found;
  for (const std::string& uplink : EswitchDir::List(bpffs)) {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs, uplink);
    if (!eswitch.ok()) continue;
    found.uplinks.push_back(eswitch->uplink().name);
    for (uint32_t index : PortIndices(*eswitch)) {
      if (IsServed(eswitch->datapath().confs()[index]))
        found.blocks.push_back(Read(*eswitch, index));
    }
  }
  return found;
}

absl::StatusOr<QueueBlock> FindBlock(const std::string& bpffs, const std::string& uplink,
                                     uint32_t index) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  if (!IsServed(eswitch.datapath().confs()[index]))
    return absl::NotFoundError(absl::StrCat(
        "port ", uplink, "/", index, " does not exist as class queues with program xsk any more"));
  return Read(eswitch, index);
}

absl::StatusOr<Fd> OpenFunctionNetns(const QueueBlock& block) {
  return *block.conf.netns ? OpenNetns(block.conf.netns) : OpenNetnsPath(block.netns_path);
}

absl::StatusOr<Fd> OpenXskMap(const QueueBlock& block) {
  Fd map(bpf_obj_get(block.xsks_pin.c_str()));
  if (!map) return ErrnoStatus(errno, absl::StrCat("open ", block.xsks_pin));
  return map;
}

}  // namespace xsw
