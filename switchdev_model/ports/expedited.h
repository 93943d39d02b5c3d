// SPDX-License-Identifier: Apache-2.0
// A port's programs go on its representor's hooks, and off, without a wait of 10 to 20 ms for each
// (userspace/grace_period.h): that is most of the time that a port takes to come and to go.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_EXPEDITED_H_
#define XSW_SWITCHDEV_MODEL_PORTS_EXPEDITED_H_

#include "absl/status/status.h"
#include "switchdev_model/eswitch/eswitch.h"

namespace xsw {

// While it lives the machine's grace periods are expedited, if they can be: for the milliseconds of
// a change, noted in the state before (XSW_ESWITCH_EXPEDITED).
class Expedited {
 public:
  explicit Expedited(Eswitch& eswitch);
  ~Expedited();
  Expedited(const Expedited&) = delete;
  Expedited& operator=(const Expedited&) = delete;

 private:
  Eswitch& eswitch_;
  bool ours_;
};

// What a killed command may have left of it.
void EndExpedited(Eswitch& eswitch);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_EXPEDITED_H_
