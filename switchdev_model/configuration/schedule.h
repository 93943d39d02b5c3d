// SPDX-License-Identifier: Apache-2.0
// The order of steps: as they are listed, but none before what it needs has been given up.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_SCHEDULE_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_SCHEDULE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "switchdev_model/configuration/claims.h"
#include "switchdev_model/configuration/plan.h"

namespace xsw {

// What is to be done with a port or an entry.
struct Task {
  enum Kind { kSet, kAdd, kDel, kFdbAdd, kFdbDel, kMdbAdd, kMdbDel };
  Kind kind = kSet;
  std::optional<uint32_t> sfnum;  // none: the host
  PortDescription port = {};      // kSet, kAdd
  Mac mac = {};                   // of an entry
  uint16_t vlan = 0;
};

// The port with hw_addr and ifname, and where they are not the file's to say netns and state, as it
// has them or will have them.
PortDescription WithAllSaid(const Present& present, uint32_t sfnum, const PortDescription& port);

class Schedule {
 public:
  Schedule(const Present& present, std::vector<Task> tasks);
  std::vector<PlannedStep> Run() &&;

 private:
  // What a task takes that others may have.
  PortClaims Taken(const Task& task) const;
  // The task that this one has to wait for; by_place: for the name of its function.
  std::optional<size_t> WaitsFor(size_t i, bool* by_place) const;
  std::optional<size_t> PendingOf(const std::optional<uint32_t>& sfnum, size_t before) const;
  std::optional<size_t> WillGive(const Claims::Owner& owner, const AddressClaim& address) const;
  std::optional<size_t> NextThatCan();
  // Whether what is there now says nothing about it, since an earlier step changes that.
  bool IsAhead(const Task& task) const;

  void Do(const Task& task);
  void DoSet(const Task& task);
  void DoDel(const Task& task);
  void DoEntry(const TableOfEntries& table, bool add, const Task& task);
  // Of two ports that have what the other wants, one takes something else for the moment.
  void BreakCircle();
  void StepAside(uint32_t sfnum, bool by_place);
  void Emit(std::unique_ptr<Step> step, const Task& task);
  PortRef Ref(const std::optional<uint32_t>& sfnum) const;
  Steps Anew(uint32_t sfnum) const;

  const Present& present_;
  std::vector<Task> tasks_;
  std::vector<bool> done_;
  size_t first_ = 0;                                                // all before it are done
  std::map<std::optional<uint32_t>, std::vector<size_t>> of_port_;  // kSet, kAdd, kDel
  std::map<AddressClaim, size_t> fdb_dels_;

  // As it will be behind the steps so far.
  std::map<uint32_t, PortDescription> ports_;
  Claims claims_;
  std::set<uint32_t> made_;                    // ports that have no index yet
  std::set<std::optional<uint32_t>> touched_;  // ports that a step is about
  const Claims before_;
  std::vector<PlannedStep> steps_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_SCHEDULE_H_
