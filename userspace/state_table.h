// SPDX-License-Identifier: Apache-2.0
// What the state of an eswitch consists of: the one table of its maps, and that of its programs.
// Whoever names one of them takes its name from here.
#ifndef XSW_USERSPACE_STATE_TABLE_H_
#define XSW_USERSPACE_STATE_TABLE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace xsw {

inline constexpr char kEswitchMap[] = "xsw_eswitch";
inline constexpr char kPortMap[] = "xsw_port";
inline constexpr char kPortConfMap[] = "xsw_port_conf";
inline constexpr char kAttachmentMap[] = "xsw_attachment";
inline constexpr char kHealthMap[] = "xsw_health";
inline constexpr char kVlanMap[] = "xsw_vlan";
inline constexpr char kRateMap[] = "xsw_rate";
inline constexpr char kRepMap[] = "xsw_rep";
inline constexpr char kDevXdpMap[] = "xsw_dev_xdp";
inline constexpr char kDevTcMap[] = "xsw_dev_tc";
inline constexpr char kDevSharedMap[] = "xsw_dev_shared";
inline constexpr char kFdbMap[] = "xsw_fdb";
inline constexpr char kFdbCacheMap[] = "xsw_fdb_cache";
inline constexpr char kMdbMap[] = "xsw_mdb";
inline constexpr char kLeaseMap[] = "xsw_lease";
inline constexpr char kBportMap[] = "xsw_bport";
inline constexpr char kPermitMap[] = "xsw_permit";
inline constexpr char kPermitCacheMap[] = "xsw_permit_cache";
inline constexpr char kStatsMap[] = "xsw_stats";
inline constexpr char kStatsBaseMap[] = "xsw_stats_base";
inline constexpr char kXsksMap[] = "xsw_xsks";
inline constexpr char kXskMap[] = "xsw_xsk";  // in kXsksMap, one for each port

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
  kBridge,             // xsw-bridge, under a lock of its own; programs note when a frame has risen
  kPrograms,           // the programs; commands set the start
  kProgramsAlone,      // a cache of theirs
};

// How a version's map becomes the next version's (carry.h).
//
//   kSame     The map itself, where the values of both versions mean the same and are as large: it
//             gets a second pin, and the programs of both versions see each change. Else a new map,
//             which is filled before a program of the new version is attached: by `convert`, or,
//             if values have only grown, with the old bytes and zeros behind them.
//   kCounted  The same; but a new map starts at zero, and what the old one has counted is added to
//             the base when the last old program is gone.
//   kFresh    Always a new map.
enum class Carry { kSame, kCounted, kFresh };

struct Older;  // older.h

struct MapRow {
  const char* name;
  const char* key;
  const char* value;
  Writer writer;
  Carry carry;
  // The first version whose values mean the same as this one's. Those of a version before are
  // converted.
  uint32_t same_since;
  // Fills a new map of this version, which is all zeros, from an older version's.
  absl::Status (*convert)(const Older& from, int to);
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
