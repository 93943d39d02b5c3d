// SPDX-License-Identifier: Apache-2.0
// What the state of an eswitch consists of: the one table of its maps, and that of its programs.
// Whoever names one of them takes its name from here.
#ifndef XSW_USERSPACE_STATE_TABLE_H_
#define XSW_USERSPACE_STATE_TABLE_H_

#include "absl/types/span.h"

namespace xsw {

inline constexpr char kEswitchMap[] = "xsw_eswitch";
inline constexpr char kPortMap[] = "xsw_port";
inline constexpr char kPortConfMap[] = "xsw_port_conf";
inline constexpr char kVlanMap[] = "xsw_vlan";
inline constexpr char kRateMap[] = "xsw_rate";
inline constexpr char kRepMap[] = "xsw_rep";
inline constexpr char kDevXdpMap[] = "xsw_dev_xdp";
inline constexpr char kDevTcMap[] = "xsw_dev_tc";
inline constexpr char kDevSharedMap[] = "xsw_dev_shared";
inline constexpr char kFdbMap[] = "xsw_fdb";
inline constexpr char kFdbCacheMap[] = "xsw_fdb_cache";
inline constexpr char kMdbMap[] = "xsw_mdb";
inline constexpr char kStatsMap[] = "xsw_stats";
inline constexpr char kXsksMap[] = "xsw_xsks";

inline constexpr char kUplinkXdp[] = "xsw_uplink_xdp";
inline constexpr char kUplinkRx[] = "xsw_uplink_rx";
inline constexpr char kUplinkTx[] = "xsw_uplink_tx";
inline constexpr char kPortXdp[] = "xsw_port_xdp";
inline constexpr char kPortRx[] = "xsw_port_rx";
inline constexpr char kPortTx[] = "xsw_port_tx";
inline constexpr char kQueueRx[] = "xsw_queue_rx";

enum class Writer {
  kCommands,           // xsw's writing commands alone, under the eswitch's lock
  kCommandsAndKernel,  // and the kernel, which takes out the netdevs that are gone
  kPrograms,           // the programs; commands set the start
  kProgramsAlone,      // a cache of theirs
};

struct MapRow {
  const char* name;
  const char* key;
  const char* value;
  Writer writer;
  // Not in the programs' object: made when it is needed.
  bool optional = false;
};

absl::Span<const MapRow> MapTable();

struct ProgramRow {
  const char* name;
  // Where it is attached: the uplink or each representor, at a hook of tc; or by an XDP link alone.
  enum { kUplink, kPort, kFunction } netdev;
  enum { kXdp, kIngress, kEgress } hook;
};

absl::Span<const ProgramRow> ProgramTable();

}  // namespace xsw

#endif  // XSW_USERSPACE_STATE_TABLE_H_
