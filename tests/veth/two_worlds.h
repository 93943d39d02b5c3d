// SPDX-License-Identifier: Apache-2.0
// The same netdevs twice: of an eswitch in mode switchdev, and plain veth pairs of the same names
// in a namespace of their own. The same commands and frames for both must have the same results.
//
//     out     ==wire== up0                      ref_out ====== up0
//     c1, ... ======== up0sf1, ...  in ""       ref_c1, ... == up0sf1, ...  in "ref"
#ifndef XSW_TESTS_VETH_TWO_WORLDS_H_
#define XSW_TESTS_VETH_TWO_WORLDS_H_

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {

inline constexpr int kEnds = 4;  // the wire's, and three functions

struct Sent {
  int from;  // an end
  Bytes frame;
};
// By a frame's number: where it came, and as what.
using Got = std::multimap<uint32_t, std::pair<int, Bytes>>;

class World {
 public:
  // host: where the near ends are; ends: the far ones' namespaces.
  World(std::string host, const std::vector<std::string>& ends);

  // In its host namespace. Whether it succeeded.
  bool Do(const std::string& command) const;
  // All of them, and what came of it.
  Got Send(const std::vector<Sent>& frames) const;
  // From now on a frame of each of these at a time, again and again, beside what is sent: nobody
  // asks where these come, but each change meets some on their way.
  void Chat(std::vector<Sent> frames);

 private:
  std::string host_;
  std::vector<std::string> netns_;  // of the ends
  std::vector<std::unique_ptr<PacketSocket>> ends_;
  std::jthread chat_;
};

// Plain veth pairs beside the topology.
World MakeReference(Topology& topology);

std::string Difference(const Got& one, const Got& two);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_TWO_WORLDS_H_
