// SPDX-License-Identifier: Apache-2.0
// Changes of settings under load: what is sent meanwhile, and where it may and must arrive. For
// live_change_test.cc (netdev ports) and queues/live_change_test.cc (queue blocks among them).
//
// Port 1 is what changes, port 2 is an access port of VLAN 7, port 3 has no VLAN.
#ifndef XSW_TESTS_VETH_LIVE_CHANGE_H_
#define XSW_TESTS_VETH_LIVE_CHANGE_H_

#include <functional>
#include <ostream>
#include <utility>
#include <vector>

#include "tests/veth/observers.h"

namespace xsw::test {

// A kind of frame that is sent all the time: where it may arrive, and how.
struct Flow {
  const char* name;
  Place from;
  Frame frame;
  std::vector<std::pair<Place, Frame>> may;
  std::vector<Place> must = {};
};

struct Change {
  const char* name;
  const char *there, *back;
  std::vector<Flow> flows;
  const char* first = nullptr;
};
inline std::ostream& operator<<(std::ostream& out, const Change& change) {
  return out << change.name;
}

const std::vector<Change>& Changes();

// Goes to and fro while the flows are sent in turn, frame N being of flow N % flows, until both
// have been done often enough. How many were sent.
uint32_t ChangeUnderLoad(const Topology& t, const Change& change,
                         const std::function<void(Place from, const Bytes& frame)>& send);

// Each frame at most once, where and as the old or the new setting has it.
void ExpectNoStray(const Arrivals& arrived, const std::vector<Flow>& flows);
void ExpectNoLoss(const Arrivals& arrived, const std::vector<Flow>& flows, uint32_t sent);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_LIVE_CHANGE_H_
