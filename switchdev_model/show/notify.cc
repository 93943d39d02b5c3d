// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/show/notify.h"

#include <iterator>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "userspace/event.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kMagic[] = "xsw1";  // and the format's version
constexpr const char* kActions[] = {"new", "set", "del"};

}  // namespace

const char* ActionWord(Action action) { return kActions[static_cast<int>(action)]; }

void Notify(const News& news) {
  SendEvent(absl::StrCat(kMagic, " ", news.object, " ", ActionWord(news.action), " ", news.uplink,
                         " ", news.port, " ", FormatMac(news.mac), " ", news.vlan));
}

void Notify(const Eswitch& eswitch, News news) {
  eswitch.NoteChange();
  news.uplink = eswitch.uplink().name;
  Notify(news);
}

void NotifyPort(const Eswitch& eswitch, Action action, uint32_t port) {
  Notify(eswitch, {.object = "port", .action = action, .port = port});
}

absl::StatusOr<News> ParseNews(const std::string& text) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ');
  const absl::Status bad = absl::InvalidArgumentError("not an event of xsw");
  if (words.size() != 7 || words[0] != kMagic) return bad;
  News news{.object = words[1], .uplink = words[3]};
  uint32_t action = 0, vlan = 0;
  while (action < std::size(kActions) && words[2] != kActions[action]) action++;
  XSW_ASSIGN_OR_RETURN(news.mac, ParseMac(words[5]));
  if (action == std::size(kActions) || !absl::SimpleAtoi(words[4], &news.port) ||
      !absl::SimpleAtoi(words[6], &vlan))
    return bad;
  news.action = static_cast<Action>(action);
  news.vlan = static_cast<uint16_t>(vlan);
  return news;
}

}  // namespace xsw
