// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/schedule.h"

#include "absl/strings/str_cat.h"
#include "switchdev_model/configuration/change.h"
#include "switchdev_model/words.h"

namespace xsw {
namespace {

constexpr uint32_t kAsideSalt = 64;  // no port's own address is derived with it

bool IsEntry(const Task& task) { return task.kind >= Task::kFdbAdd; }
bool IsEntryDel(const Task& task) {
  return task.kind == Task::kFdbDel || task.kind == Task::kMdbDel;
}

Claims ClaimsAtFirst(const Present& present) {
  Claims claims;
  for (const auto& [sfnum, port] : present.description.ports)
    claims.Take(sfnum, ClaimsOf(WithAllSaid(present, sfnum, port)));
  for (const FdbDescription& entry : present.description.fdb)
    claims.Take(entry.sfnum, {entry.mac, entry.vlan});
  return claims;
}

}  // namespace

PortDescription WithAllSaid(const Present& present, uint32_t sfnum, const PortDescription& port) {
  PortDescription said = port;
  auto facts = present.ports.find(sfnum);
  const bool is_there = facts != present.ports.end();
  if (!said.hw_addr)
    said.hw_addr =
        is_there ? facts->second.default_hw_addr : DerivedMac(present.uplink_mac, sfnum, 0);
  if (!said.ifname) said.ifname = FunctionName(present.uplink, sfnum);
  if (said.netns) return said;
  said.netns = is_there ? present.description.ports.at(sfnum).netns : "";
  said.active = is_there && present.description.ports.at(sfnum).active;
  return said;
}

Schedule::Schedule(const Present& present, std::vector<Task> tasks)
    : present_(present),
      tasks_(std::move(tasks)),
      done_(tasks_.size()),
      claims_(ClaimsAtFirst(present)),
      before_(claims_) {
  for (const auto& [sfnum, port] : present.description.ports)
    ports_[sfnum] = WithAllSaid(present, sfnum, port);
  for (size_t i = 0; i < tasks_.size(); i++) {
    const Task& task = tasks_[i];
    if (!IsEntry(task)) of_port_[task.sfnum].push_back(i);
    if (task.kind == Task::kFdbDel) fdb_dels_[{task.mac, task.vlan}] = i;
  }
}

std::vector<PlannedStep> Schedule::Run() && {
  while (first_ < tasks_.size()) {
    if (done_[first_]) {
      first_++;
    } else if (std::optional<size_t> next = NextThatCan()) {
      done_[*next] = true;
      Do(tasks_[*next]);
    } else {
      BreakCircle();
    }
  }
  return std::move(steps_);
}

std::optional<size_t> Schedule::NextThatCan() {
  bool by_place;
  for (size_t i = first_; i < tasks_.size(); i++)
    if (!done_[i] && !WaitsFor(i, &by_place)) return i;
  return std::nullopt;
}

PortClaims Schedule::Taken(const Task& task) const {
  if (task.kind == Task::kFdbAdd) return {.addresses = {{task.mac, task.vlan}}};
  if (task.kind != Task::kSet && task.kind != Task::kAdd) return {};
  return ClaimsOf(WithAllSaid(present_, *task.sfnum, task.port));
}

std::optional<size_t> Schedule::PendingOf(const std::optional<uint32_t>& sfnum,
                                          size_t before) const {
  auto tasks = of_port_.find(sfnum);
  if (tasks == of_port_.end()) return std::nullopt;
  for (size_t i : tasks->second)
    if (i < before && !done_[i]) return i;
  return std::nullopt;
}

std::optional<size_t> Schedule::WillGive(const Claims::Owner& owner,
                                         const AddressClaim& address) const {
  auto del = fdb_dels_.find(address);
  if (del != fdb_dels_.end() && !done_[del->second]) return del->second;
  return PendingOf(owner, tasks_.size());
}

std::optional<size_t> Schedule::WaitsFor(size_t i, bool* by_place) const {
  const Task& task = tasks_[i];
  if (IsEntryDel(task)) return std::nullopt;
  if (std::optional<size_t> own = PendingOf(task.sfnum, i)) return own;
  const PortClaims taken = Taken(task);
  *by_place = false;
  for (const AddressClaim& address : taken.addresses) {
    const Claims::Owner* owner = claims_.Other(task.sfnum, address);
    std::optional<size_t> wait = owner ? WillGive(*owner, address) : std::nullopt;
    if (wait) return wait;
  }
  *by_place = true;
  const Claims::Owner* owner = taken.place ? claims_.Other(*task.sfnum, *taken.place) : nullptr;
  return owner ? PendingOf(*owner, tasks_.size()) : std::nullopt;
}

bool Schedule::IsAhead(const Task& task) const {
  if (touched_.count(task.sfnum)) return true;
  const PortClaims taken = Taken(task);
  for (const AddressClaim& address : taken.addresses)
    if (before_.Other(task.sfnum, address)) return true;
  return taken.place && before_.Other(*task.sfnum, *taken.place);
}

PortRef Schedule::Ref(const std::optional<uint32_t>& sfnum) const {
  if (!sfnum) return PortRef::Host();
  if (made_.count(*sfnum)) return PortRef::OfSfnum(*sfnum);
  return PortRef::AtIndex(present_.ports.at(*sfnum).index);
}

void Schedule::Emit(std::unique_ptr<Step> step, const Task& task) {
  steps_.push_back({std::move(step), task.sfnum, IsAhead(task)});
  if (!IsEntry(task)) touched_.insert(task.sfnum);
}

void Schedule::Do(const Task& task) {
  switch (task.kind) {
    case Task::kSet:
      return DoSet(task);
    case Task::kDel:
      return DoDel(task);
    case Task::kAdd: {
      Emit(std::make_unique<PortAddStep>(SpecOf(*task.sfnum, task.port)), task);
      made_.insert(*task.sfnum);
      ports_[*task.sfnum] = WithAllSaid(present_, *task.sfnum, task.port);
      return claims_.Take(*task.sfnum, ClaimsOf(ports_[*task.sfnum]));
    }
    case Task::kFdbAdd:
      claims_.Take(task.sfnum, {task.mac, task.vlan});
      return DoEntry(kFdbTable, true, task);
    case Task::kFdbDel:
      claims_.Give(task.sfnum, {task.mac, task.vlan});
      return DoEntry(kFdbTable, false, task);
    case Task::kMdbAdd:
    case Task::kMdbDel:
      return DoEntry(kMdbTable, task.kind == Task::kMdbAdd, task);
  }
}

void Schedule::DoEntry(const TableOfEntries& table, bool add, const Task& task) {
  auto port = task.sfnum ? ports_.find(*task.sfnum) : ports_.end();
  const bool has_vlan = port != ports_.end() && port->second.policy.vlans.pvid != 0;
  Emit(std::make_unique<EntryStep>(table, add, Ref(task.sfnum), task.mac, task.vlan, has_vlan),
       task);
}

void Schedule::DoSet(const Task& task) {
  PortDescription& port = ports_[*task.sfnum];
  for (const PortDescription& to : Path(port, task.port)) {
    const FunctionChange change = Between(port, to);
    if (IsEmpty(change)) continue;
    Emit(std::make_unique<FunctionStep>(Ref(task.sfnum), change, Between(to, port)), task);
    claims_.Give(*task.sfnum, ClaimsOf(port));
    port = to;
    claims_.Take(*task.sfnum, ClaimsOf(port));
  }
}

void Schedule::DoDel(const Task& task) {
  Emit(std::make_unique<PortDelStep>(Ref(task.sfnum), Anew(*task.sfnum)), task);
  claims_.Give(*task.sfnum, ClaimsOf(ports_[*task.sfnum]));
  for (const FdbDescription& entry : present_.description.fdb)
    if (entry.sfnum == task.sfnum) claims_.Give(entry.sfnum, {entry.mac, entry.vlan});
  ports_.erase(*task.sfnum);
}

// A port as it was, and its entries, which go with it.
Steps Schedule::Anew(uint32_t sfnum) const {
  Steps steps;
  const PortRef port = PortRef::OfSfnum(sfnum);
  steps.push_back(std::make_unique<PortAddStep>(SpecOf(sfnum, ports_.at(sfnum))));
  for (const FdbDescription& entry : present_.description.fdb)
    if (entry.sfnum == sfnum && IsUseful(entry, present_.description, present_))
      steps.push_back(std::make_unique<EntryStep>(kFdbTable, true, port, entry.mac, entry.vlan));
  for (const MdbDescription& entry : present_.description.mdb)
    if (entry.sfnum == sfnum && IsUseful(entry, present_.description))
      steps.push_back(std::make_unique<EntryStep>(kMdbTable, true, port, entry.group, entry.vlan));
  return steps;
}

// Each of a circle changes a port: removing is in nobody's way, and adding waits for those alone.
void Schedule::BreakCircle() {
  std::set<size_t> seen;
  bool by_place = false;
  size_t at = first_;
  while (seen.insert(at).second) at = *WaitsFor(at, &by_place);
  StepAside(*tasks_[at].sfnum, by_place);
}

void Schedule::StepAside(uint32_t sfnum, bool by_place) {
  PortDescription aside = ports_[sfnum];
  if (by_place)
    aside.ifname = absl::StrCat("xswtmp", present_.ports.at(sfnum).index);
  else
    aside.hw_addr = DerivedMac(present_.uplink_mac, sfnum, kAsideSalt);
  DoSet({.kind = Task::kSet, .sfnum = sfnum, .port = aside});
}

}  // namespace xsw
