// SPDX-License-Identifier: Apache-2.0
// Queue blocks in a topology: ports of class queues, xswd, and applications over libxswq.
//
//   QueueLab lab({.xdp = "off", .ports = 1});       // netdev ports first: up0/1
//   lab.AddBlock(2, "queues 2 owner nobody");       // up0/2, kMac2
//   Application app("up0/2", 2);
//   EXPECT_TRUE(app.Gets(frame));
#ifndef XSW_TESTS_VETH_QUEUES_LAB_H_
#define XSW_TESTS_VETH_QUEUES_LAB_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"
#include "userspace/xswq/xswq.hpp"

namespace xsw::test {

// Programs under test.
extern const char kXswd[], kXswPerf[], kXswqEcho[];
// What is installed beside them.
extern const char kXswdUnit[], kCompletion[];

class QueueLab : public Topology {
 public:
  explicit QueueLab(const TopologyOptions& options);

  // An active port of class queues, and its socket.
  void AddBlock(int port, const std::string& more = "");
  // Whether the socket of a port appears, or goes.
  bool Serves(int port) const;
  bool Stops(int port) const;

  // A counter of `port show`: Drops(2, "spoof").
  uint64_t Drops(int port, const std::string& reason) const;
  uint64_t Stat(int port, const std::string& name) const;

  Process& xswd() { return *xswd_; }
  // A new one in place of the old; `before` are words that start it: env, setpriv, ...; `more` are
  // options.
  void StartXswd(Argv before = {}, const Argv& more = {});

 private:
  std::unique_ptr<Process> xswd_;
};

std::string SocketPath(int port);

// An application that has some queues of a port, in this thread. Dies if it cannot open them.
class Application {
 public:
  explicit Application(const std::string& port, int queues = 1, const xswq_attr& attr = {});

  // Sends and waits until the switch has it. A negative errno, or 0.
  int Send(const Bytes& frame, int queue = 0);
  // The frame up to so many times, without waiting for the switch; how often there was room.
  uint64_t Post(const Bytes& frame, uint64_t times);
  // The next frame on any queue.
  std::optional<Bytes> Receive(int limit_ms);
  // Whether this very frame comes; others are skipped.
  bool Gets(const Bytes& frame, int limit_ms = 5000);

  xswq_qp* qp(int queue = 0) const { return queues_[queue].qp.get(); }
  xswq_stats stats(int queue = 0) const { return queues_[queue].qp.stats(); }

 private:
  struct Queue {
    xswq::QueuePair qp;
    std::vector<void*> free;
    Bytes partial;
  };
  void Poll(Queue& queue);
  // The frame in free buffers, the last ones, which it leaves where they are.
  static void Cut(const Bytes& frame, const Queue& queue, std::vector<xswq_sge>* pieces);
  std::vector<Queue> queues_;
  std::deque<Bytes> received_;
};

// The same for a netdev's socket.
bool Gets(const PacketSocket& socket, const Bytes& frame, int limit_ms = 5000);

// A frame each way between the wire and an application whose port has that address.
void ExpectTraffic(const PacketSocket& wire, Application& app, const Mac& mac);

struct User {
  unsigned uid = 65534, gid = 65534;
  std::vector<unsigned> groups;
  uint64_t memlock = 8 << 20;  // bytes, the kernel's default
};
// body in a process of this user's, without any capability. What body returns, "" is well; or how
// the process ended.
std::string As(const User& user, const std::function<std::string()>& body);

// Whether a process comes to have this many queues open and waits for frames: it has their rings in
// its memory, and sleeps.
bool HasQueues(const Process& process, int queues = 1);

// Open file descriptors of a process; and those that xswd has between two looks at the eswitches.
size_t CountFds(pid_t pid);
size_t IdleFds(pid_t pid);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_LAB_H_
