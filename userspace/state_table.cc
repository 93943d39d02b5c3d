// SPDX-License-Identifier: Apache-2.0
#include "userspace/state_table.h"

#include <algorithm>
#include <iterator>

#include "abi.h"
#include "userspace/older.h"

namespace xsw {
namespace {

using enum Writer;
using enum Carry;

constexpr uint32_t kNever = UINT32_MAX;

constexpr MapRow kMapRows[] = {
    // Its first word is the version: never the same map.
    {kEswitchMap, "0", "xsw_eswitch", kCommands, kSame, kNever, ConvertEswitch},
    // 5: XSW_PORT_MTU.
    {kPortMap, "port", "xsw_port", kCommands, kSame, 5, ConvertPort},
    // 5: active, netns_cookie, memory_max.
    {kPortConfMap, "port", "xsw_port_conf", kCommands, kSame, 5, ConvertPortConf},
    // Made with the first port that a container runtime asks for.
    {kAttachmentMap, "port", "xsw_attachment", kCommands, kSame, kOldestAbi, nullptr, true},
    // Made when something is mended for the first time.
    {kHealthMap, "xsw_health_key", "xsw_health", kCommands, kSame, kOldestAbi, nullptr, true},
    {kVlanMap, "port", "xsw_vlans", kCommands, kSame, kOldestAbi, nullptr},
    // Buckets that are made anew are full: they forgive one burst.
    {kRateMap, "port", "xsw_rate", kPrograms, kSame, kOldestAbi, nullptr},
    {kRepMap, "ifindex modulo XSW_REP_SLOTS", "xsw_rep_slot", kCommands, kSame, kOldestAbi,
     nullptr},
    {kDevXdpMap, "port", "bpf_devmap_val", kCommandsAndKernel, kSame, kOldestAbi, nullptr},
    {kDevTcMap, "port", "bpf_devmap_val", kCommandsAndKernel, kSame, kOldestAbi, nullptr},
    // For the program in libxdp's dispatcher (shared_xdp.h).
    {kDevSharedMap, "port", "bpf_devmap_val", kCommandsAndKernel, kSame, kOldestAbi, nullptr, true},
    {kFdbMap, "xsw_fdb_key", "xsw_fdb_entry", kCommands, kSame, kOldestAbi, nullptr},
    {kFdbCacheMap, "slot", "fdb_answer", kProgramsAlone, kFresh, kOldestAbi, nullptr},
    // Made anew by their writer, who sees that the eswitch has another version. Until then all
    // rises.
    {kLeaseMap, "0", "xsw_lease", kBridge, kFresh, kOldestAbi, nullptr},
    {kBportMap, "port", "xsw_bport", kBridge, kFresh, kOldestAbi, nullptr},
    {kPermitMap, "xsw_permit_key", "xsw_permit", kBridge, kFresh, kOldestAbi, nullptr},
    {kPermitCacheMap, "slot", "permit_answer", kProgramsAlone, kFresh, kOldestAbi, nullptr},
    {kMdbMap, "xsw_mdb_key", "members, or 1", kCommands, kSame, kOldestAbi, nullptr},
    // 5: misses, before drops.
    {kStatsMap, "port", "xsw_stats of each CPU", kPrograms, kCounted, 5, nullptr},
    // What versions before have counted; missing: nothing.
    {kStatsBaseMap, "port", "xsw_stats", kCommands, kSame, 6, nullptr, true},
    {kXsksMap, "port", "XSKMAP", kCommands, kSame, kOldestAbi, nullptr},
};

constexpr ProgramRow kProgramRows[] = {
    {kUplinkXdp, ProgramRow::kUplink, ProgramRow::kXdp},
    {kUplinkRx, ProgramRow::kUplink, ProgramRow::kIngress},
    {kUplinkTx, ProgramRow::kUplink, ProgramRow::kEgress},
    {kPortXdp, ProgramRow::kPort, ProgramRow::kXdp},
    {kPortRx, ProgramRow::kPort, ProgramRow::kIngress},
    {kPortTx, ProgramRow::kPort, ProgramRow::kEgress},
    {kQueueRx, ProgramRow::kFunction, ProgramRow::kXdp},
};

constexpr bool IsComplete(const MapRow& row) {
  return row.carry != kSame || row.optional || row.convert || row.same_since <= kOldestAbi;
}
static_assert(std::all_of(std::begin(kMapRows), std::end(kMapRows), IsComplete),
              "each value that has changed has a converter");

}  // namespace

absl::Span<const MapRow> MapTable() { return kMapRows; }
absl::Span<const ProgramRow> ProgramTable() { return kProgramRows; }

}  // namespace xsw
