// SPDX-License-Identifier: Apache-2.0
#include "userspace/state_table.h"

namespace xsw {
namespace {

using enum Writer;

constexpr MapRow kMaps[] = {
    {kEswitchMap, "0", "xsw_eswitch", kCommands},
    {kPortMap, "port", "xsw_port", kCommands},
    {kPortConfMap, "port", "xsw_port_conf", kCommands},
    {kVlanMap, "port", "xsw_vlans", kCommands},
    {kRateMap, "port", "xsw_rate", kPrograms},
    {kRepMap, "ifindex modulo XSW_REP_SLOTS", "xsw_rep_slot", kCommands},
    {kDevXdpMap, "port", "bpf_devmap_val", kCommandsAndKernel},
    {kDevTcMap, "port", "bpf_devmap_val", kCommandsAndKernel},
    // For the program in libxdp's dispatcher (shared_xdp.h).
    {kDevSharedMap, "port", "bpf_devmap_val", kCommandsAndKernel, true},
    {kFdbMap, "xsw_fdb_key", "xsw_fdb_entry", kCommands},
    {kFdbCacheMap, "slot", "fdb_answer", kProgramsAlone},
    {kMdbMap, "xsw_mdb_key", "members, or 1", kCommands},
    {kStatsMap, "port", "xsw_stats of each CPU", kPrograms},
    {kXsksMap, "port", "XSKMAP", kCommands},
};

constexpr ProgramRow kPrograms[] = {
    {kUplinkXdp, ProgramRow::kUplink, ProgramRow::kXdp},
    {kUplinkRx, ProgramRow::kUplink, ProgramRow::kIngress},
    {kUplinkTx, ProgramRow::kUplink, ProgramRow::kEgress},
    {kPortXdp, ProgramRow::kPort, ProgramRow::kXdp},
    {kPortRx, ProgramRow::kPort, ProgramRow::kIngress},
    {kPortTx, ProgramRow::kPort, ProgramRow::kEgress},
    {kQueueRx, ProgramRow::kFunction, ProgramRow::kXdp},
};

}  // namespace

absl::Span<const MapRow> MapTable() { return kMaps; }
absl::Span<const ProgramRow> ProgramTable() { return kPrograms; }

}  // namespace xsw
