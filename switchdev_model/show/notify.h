// SPDX-License-Identifier: Apache-2.0
// News of changes, for `xsw monitor`: what has changed, not how it is now.
#ifndef XSW_SWITCHDEV_MODEL_SHOW_NOTIFY_H_
#define XSW_SWITCHDEV_MODEL_SHOW_NOTIFY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "userspace/mac.h"

namespace xsw {

enum class Action { kNew, kSet, kDel };

struct News {
  std::string object;  // eswitch, port, fdb, mdb
  Action action = Action::kSet;
  std::string uplink;
  uint32_t port = 0;  // but for an eswitch
  Mac mac{};          // fdb, mdb: the address or group
  uint16_t vlan = 0;  // fdb, mdb
};

// To the listeners in the calling thread's network namespace, if there are any.
void Notify(const News& news);

// The same of a change of this eswitch, which notes when it was; news needs no uplink.
void Notify(const Eswitch& eswitch, News news);

void NotifyPort(const Eswitch& eswitch, Action action, uint32_t port);

// InvalidArgument: not something that Notify sends.
absl::StatusOr<News> ParseNews(const std::string& text);

const char* ActionWord(Action action);  // "new"

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_SHOW_NOTIFY_H_
