// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "switchdev_model/configuration/change.h"
#include "switchdev_model/configuration/schedule.h"

namespace xsw {
namespace {

// What cannot be given back if a later step fails, and so is late: a former owner's queues, and the
// addresses that a function loses on its way to another namespace.
bool IsCostly(const PortDescription& from, const PortDescription& to) {
  const bool moves = from.active && (!to.active || from.netns != to.netns);
  return moves || Path(from, to).size() > 1 || from.owner != to.owner;
}

// The tasks, in the order in which they are done where nothing has to wait.
class Tasks {
 public:
  Tasks(const Present& present, const Description& wanted, bool prune)
      : present_(present), is_(present.description), wanted_(wanted), prune_(prune) {
    for (const FdbDescription& entry : is_.fdb) fdb_[{entry.mac, entry.vlan}] = entry.sfnum;
  }

  std::vector<Task> All() && {
    AddPorts();
    AddEntries();
    std::vector<Task> all;
    for (std::vector<Task>* part : {&sets_, &adds_, &costly_, &entries_, &entry_dels_, &dels_})
      std::move(part->begin(), part->end(), std::back_inserter(all));
    return all;
  }

 private:
  void AddPorts();
  void AddPort(uint32_t sfnum, const PortDescription& port);
  void AddEntries();
  void AddFdb(const FdbDescription& entry);
  void AddMdb(const MdbDescription& entry);
  bool WasRemoved(const std::optional<uint32_t>& sfnum) const {
    return sfnum && removed_.count(*sfnum);
  }

  const Present& present_;
  const Description& is_;
  const Description& wanted_;
  const bool prune_;
  absl::flat_hash_map<AddressClaim, std::optional<uint32_t>> fdb_;  // whose entry is there
  std::set<uint32_t> removed_;      // ports whose entries go with them
  std::set<FdbDescription> moved_;  // entries of others in place of which some are wanted
  std::vector<Task> sets_, adds_, costly_, entries_, entry_dels_, dels_;
};

void Tasks::AddPorts() {
  for (const auto& [sfnum, port] : wanted_.ports) AddPort(sfnum, port);
  if (!prune_) return;
  for (const auto& [sfnum, port] : is_.ports) {
    if (wanted_.ports.count(sfnum)) continue;
    dels_.push_back({.kind = Task::kDel, .sfnum = sfnum});
    removed_.insert(sfnum);
  }
  // Made anew in the opposite order, they get their indices back.
  std::sort(dels_.begin(), dels_.end(), [&](const Task& a, const Task& b) {
    return present_.ports.at(*a.sfnum).index > present_.ports.at(*b.sfnum).index;
  });
}

void Tasks::AddPort(uint32_t sfnum, const PortDescription& port) {
  auto there = is_.ports.find(sfnum);
  if (there == is_.ports.end())
    return adds_.push_back({.kind = Task::kAdd, .sfnum = sfnum, .port = port});
  const PortDescription from = WithAllSaid(present_, sfnum, there->second);
  const PortDescription to = WithAllSaid(present_, sfnum, port);
  if (IsEmpty(Between(from, to))) return;
  (IsCostly(from, to) ? costly_ : sets_)
      .push_back({.kind = Task::kSet, .sfnum = sfnum, .port = to});
}

void Tasks::AddFdb(const FdbDescription& entry) {
  auto there = fdb_.find({entry.mac, entry.vlan});
  if (there != fdb_.end() && !WasRemoved(there->second)) {
    if (there->second == entry.sfnum) return;
    moved_.insert({there->second, entry.mac, entry.vlan});
    entry_dels_.push_back(
        {.kind = Task::kFdbDel, .sfnum = there->second, .mac = entry.mac, .vlan = entry.vlan});
  }
  entries_.push_back(
      {.kind = Task::kFdbAdd, .sfnum = entry.sfnum, .mac = entry.mac, .vlan = entry.vlan});
}

void Tasks::AddMdb(const MdbDescription& entry) {
  if (is_.mdb.count(entry)) return;
  entries_.push_back(
      {.kind = Task::kMdbAdd, .sfnum = entry.sfnum, .mac = entry.group, .vlan = entry.vlan});
}

void Tasks::AddEntries() {
  for (const FdbDescription& entry : wanted_.fdb) AddFdb(entry);
  for (const MdbDescription& entry : wanted_.mdb) AddMdb(entry);
  if (!prune_) return;
  for (const FdbDescription& entry : is_.fdb) {
    if (wanted_.fdb.count(entry) || moved_.count(entry) || WasRemoved(entry.sfnum)) continue;
    entry_dels_.push_back(
        {.kind = Task::kFdbDel, .sfnum = entry.sfnum, .mac = entry.mac, .vlan = entry.vlan});
  }
  for (const MdbDescription& entry : is_.mdb) {
    if (wanted_.mdb.count(entry) || WasRemoved(entry.sfnum)) continue;
    entry_dels_.push_back(
        {.kind = Task::kMdbDel, .sfnum = entry.sfnum, .mac = entry.group, .vlan = entry.vlan});
  }
}

}  // namespace

StepPlan MakePlan(const Present& present, const Description& wanted, bool prune) {
  StepPlan plan;
  if (!present.exists) plan.add = Between(SettingsDescription{}, wanted.settings);
  plan.steps = Schedule(present, Tasks(present, wanted, prune).All()).Run();
  if (!present.exists) return plan;
  const SettingsDescription& from = present.description.settings;
  const EswitchSettings change = Between(from, wanted.settings);
  if (IsEmpty(change)) return plan;
  PlannedStep settings{std::make_unique<SettingsStep>(change, Between(wanted.settings, from))};
  // Nothing flows before all rules are as they are wanted.
  const bool last = from.mode == XSW_MODE_SWITCHDEV_INACTIVE;
  plan.steps.insert(last ? plan.steps.end() : plan.steps.begin(), std::move(settings));
  return plan;
}

std::vector<std::string> Texts(const StepPlan& plan, const std::string& uplink) {
  std::vector<std::string> texts;
  if (plan.add) texts.push_back(absl::StrCat("eswitch add ", uplink, Words(*plan.add)));
  for (const PlannedStep& planned : plan.steps) texts.push_back(planned.step->Text(uplink));
  return texts;
}

}  // namespace xsw
