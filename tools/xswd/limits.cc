// SPDX-License-Identifier: Apache-2.0
#include "tools/xswd/limits.h"

#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

template <typename Key>
int Count(const std::map<Key, int>& counts, const Key& key) {
  auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

template <typename Key>
void CountDown(std::map<Key, int>& counts, const Key& key) {
  if (--counts[key] == 0) counts.erase(key);
}

std::string TooMany(const std::string& whose, int limit) {
  return absl::StrCat("too many connections ", whose, " (", limit, "): try again");
}

}  // namespace

std::string Limits::Enter(const Who& who) {
  const int own = Count(by_uid_, who.uid);
  if (own >= kPerUid) return TooMany(absl::StrCat("of uid ", who.uid), kPerUid);
  if (!who.owner && Count(members_, who.port) >= kPerPort)
    return TooMany(absl::StrCat("of the group to port ", who.port), kPerPort);
  if (all_ >= kInAll && (!who.owner || own > 0)) return TooMany("in all", kInAll);
  by_uid_[who.uid]++;
  if (!who.owner) members_[who.port]++;
  all_++;
  return "";
}

void Limits::Leave(const Who& who) {
  CountDown(by_uid_, who.uid);
  if (!who.owner) CountDown(members_, who.port);
  all_--;
}

}  // namespace xsw
