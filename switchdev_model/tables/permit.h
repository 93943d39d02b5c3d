// SPDX-License-Identifier: Apache-2.0
// The permits that the programs read (bpf/abi_permit.h), and the lease that makes them valid. One
// writer at a time, xsw-bridge; but for what `port add` takes away.
#ifndef XSW_SWITCHDEV_MODEL_TABLES_PERMIT_H_
#define XSW_SWITCHDEV_MODEL_TABLES_PERMIT_H_

#include <chrono>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/bridge/permits.h"
#include "userspace/fd.h"
#include "userspace/hash_map.h"
#include "userspace/mapped_array.h"

namespace xsw {

class PermitTable {
 public:
  // state: the directory of an eswitch's maps (Datapath::dir). What is there already is read.
  static absl::StatusOr<PermitTable> OpenToRead(const std::string& state);
  // FailedPrecondition: another process has it so.
  static absl::StatusOr<PermitTable> OpenToWrite(const std::string& state);
  // Whether these are the maps that are pinned there now: an upgrade makes new ones.
  bool IsIn(const std::string& state) const;

  // Makes the tables be so by the least changes, those that take something away first.
  // ResourceExhausted: there are more permits than fit; the others are written.
  absl::Status Write(const Permits& wanted);

  // All permits are valid from now on for that long, or no more.
  void Grant(std::chrono::nanoseconds time);
  void Revoke();

  // Until when they are: 0 or less, they are not.
  std::chrono::nanoseconds Remaining() const;
  const xsw_bport& place(uint32_t port) const { return ports_[port]; }
  const std::map<PermitKey, xsw_permit>& permits() const { return current_; }

 private:
  using Map = HashMap<xsw_permit_key, xsw_permit>;
  PermitTable(Fd id, MappedArray<xsw_lease> lease, MappedArray<xsw_bport> ports, Map permits)
      : id_(std::move(id)),
        lease_(std::move(lease)),
        ports_(std::move(ports)),
        permits_(std::move(permits)) {}
  absl::Status ReadPermits();
  void Place(uint32_t port, const xsw_bport& place);
  std::set<uint32_t> Sooner(const Permits& wanted) const;
  void PlaceAll(const std::map<uint32_t, xsw_bport>& wanted);
  absl::Status Put(const PermitKey& key, const xsw_permit& permit);
  void Invalidate();

  Fd id_, lock_;
  MappedArray<xsw_lease> lease_;
  MappedArray<xsw_bport> ports_;
  Map permits_;
  std::map<PermitKey, xsw_permit> current_;
};

// A new port is in no bridge, whatever its index was before. For `port add`.
absl::Status ClearPlace(const std::string& state, uint32_t port);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_TABLES_PERMIT_H_
