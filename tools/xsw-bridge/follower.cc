// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-bridge/follower.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "switchdev_model/bridge/permits.h"
#include "switchdev_model/eswitch/eswitch_dir.h"
#include "userspace/attach.h"
#include "userspace/log.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// So long permits outlive whoever writes them.
constexpr std::chrono::seconds kLease(1);
constexpr int kTries = 3;
// So many netdevs are asked for their programs at once: of 4,096 that is all of them in 400 ms.
constexpr size_t kAskedAtOnce = 256;

// The kernel lists in pieces: what changes meanwhile is listed again.
template <typename Read>
auto ReadWhole(const Read& read) -> decltype(read()) {
  decltype(read()) answer = absl::AbortedError("");
  for (int i = 0; i < kTries && absl::IsAborted(answer.status()); i++) answer = read();
  return answer;
}

}  // namespace

void Follower::Sync(bool addresses) {
  addresses_are_old_ |= addresses;
  const std::vector<std::string> uplinks = EswitchDir::List(bpffs_);
  const std::set<std::string> there(uplinks.begin(), uplinks.end());
  // Gone, or renamed.
  for (auto it = followed_.begin(); it != followed_.end();) {
    const bool gone = !there.contains(it->first);
    if (gone) it->second.table.Revoke();
    it = gone ? followed_.erase(it) : std::next(it);
  }
  for (const std::string& uplink : uplinks) {
    const absl::Status status = SyncOne(uplink);
    if (!status.ok()) Say(uplink, absl::StrCat("nothing is offloaded: ", status.message()));
    if (status.ok()) continue;
    if (const auto followed = followed_.find(uplink); followed != followed_.end()) {
      followed->second.table.Revoke();
      followed->second.is_current = false;
    }
  }
}

absl::StatusOr<Follower::Followed*> Follower::Open(const std::string& uplink, Eswitch& eswitch) {
  const std::string state = eswitch.datapath().dir();
  const auto found = followed_.find(uplink);
  if (found != followed_.end() && found->second.table.IsIn(state)) return &found->second;
  if (found != followed_.end()) {
    found->second.table.Revoke();
    followed_.erase(found);
  }
  XSW_ASSIGN_OR_RETURN(PermitTable table, PermitTable::OpenToWrite(state));
  return &followed_.try_emplace(uplink, Followed{.table = std::move(table), .tc = eswitch.tc()})
              .first->second;
}

absl::Status Follower::SyncOne(const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs_, uplink));
  XSW_RETURN_IF_ERROR(eswitch.CheckVersion());
  if (eswitch.config().mode != XSW_MODE_SWITCHDEV) {
    if (const auto found = followed_.find(uplink); found != followed_.end()) {
      found->second.table.Revoke();
      followed_.erase(found);
    }
    said_.erase(uplink);
    return absl::OkStatus();
  }
  XSW_ASSIGN_OR_RETURN(Followed * followed, Open(uplink, eswitch));
  XSW_ASSIGN_OR_RETURN(const BridgeFacts facts, ReadWhole([&] { return ReadFacts(eswitch); }));
  XSW_RETURN_IF_ERROR(ReadAddresses(eswitch.nl()));
  followed->programs.clear();
  followed->ours = facts.programs;
  for (const Member& member : facts.members)
    if (facts.bridges.ports.contains(member.ifindex))
      followed->programs[member.ifindex] = {member.port == XSW_UPLINK, member.has_program};
  followed->is_current = true;
  const absl::Status written = followed->table.Write(DerivePermits(facts, addresses_));
  // The others stand.
  const bool full = absl::IsResourceExhausted(written);
  if (full || written.ok())
    Say(uplink, full ? absl::StrCat("not every address is offloaded: ", written.message()) : "");
  return full ? absl::OkStatus() : written;
}

absl::Status Follower::ReadAddresses(Netlink& nl) {
  if (!addresses_are_old_) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(addresses_, ReadWhole([&] { return ReadBridgeAddresses(nl); }));
  addresses_are_old_ = false;
  return absl::OkStatus();
}

void Follower::Renew() {
  for (auto& [uplink, followed] : followed_)
    if (followed.is_current) followed.table.Grant(kLease);
}

void Follower::Revoke() {
  for (auto& [uplink, followed] : followed_) followed.table.Revoke();
}

bool Follower::ProgramsChanged() {
  for (auto& [uplink, followed] : followed_) {
    const size_t asked = std::min(kAskedAtOnce, followed.programs.size());
    auto it = followed.programs.lower_bound(followed.ask_next);
    for (size_t i = 0; i < asked; i++) {
      if (it == followed.programs.end()) it = followed.programs.begin();
      const auto& [ifindex, seen] = *it++;
      const absl::StatusOr<bool> has = HasForeignTcx(
          followed.tc, ifindex, seen.is_uplink ? followed.ours.uplink : followed.ours.port);
      if (!has.ok() || *has != seen.foreign) return true;
    }
    followed.ask_next = it == followed.programs.end() ? 0 : it->first;
  }
  return false;
}

void Follower::Say(const std::string& uplink, const std::string& problem) {
  std::string& last = said_[uplink];
  if (problem != last)
    Log(problem.empty() ? Severity::kInfo : Severity::kWarning,
        absl::StrCat(uplink, ": ", problem.empty() ? "offloads everything again" : problem));
  last = problem;
}

}  // namespace xsw
