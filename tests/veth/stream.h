// SPDX-License-Identifier: Apache-2.0
// Traffic of real stacks: TCP, UDP and ICMP between two namespaces, all from one thread.
#ifndef XSW_TESTS_VETH_STREAM_H_
#define XSW_TESTS_VETH_STREAM_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "userspace/fd.h"

namespace xsw::test {

// Where a socket is made ("" is the host), and its address, IPv4 or IPv6.
struct Endpoint {
  std::string netns;
  std::string ip;
};

// A TCP connection over which bytes of known content go one way.
class TcpStream {
 public:
  // Connects; see connected(). window: at most about so many bytes are on their way, so that no
  // queue overflows and what gets lost was lost by what is tested; 0: as the stacks like it.
  TcpStream(const Endpoint& from, const Endpoint& to, int window = 0);

  bool connected() const { return static_cast<bool>(receiver_); }

  // One step without blocking: sends what fits, takes what has arrived. Call it in a loop.
  void Pump();
  // Pumps until this many more bytes have arrived. False: not within limit_ms.
  bool Transfer(uint64_t bytes, int limit_ms = 10000);

  uint64_t received() const { return received_; }
  bool intact() const { return intact_; }  // all that was received is what was sent
  // The longest time that passed between two arrivals since the last ResetGap, by Pump's own watch:
  // it stands still while the test itself gets no CPU, so that a busy machine is no stall.
  double LongestGapMs() const { return longest_gap_ms_; }
  void ResetGap();

 private:
  using Clock = std::chrono::steady_clock;
  void SendSome();
  void ReceiveSome();
  void Watch(bool arrived);

  Fd sender_, receiver_;
  uint64_t sent_ = 0, received_ = 0, send_limit_ = UINT64_MAX;
  bool intact_ = true;
  Clock::time_point last_pump_ = Clock::now();
  double gap_ms_ = 0, longest_gap_ms_ = 0;
};

// Datagrams of these sizes there and back, one after the other. How many came back as they were
// sent. segment > 0: the sender's stack cuts each into datagrams of this size (UDP GSO).
int UdpExchange(const Endpoint& from, const Endpoint& to, const std::vector<size_t>& sizes,
                int segment = 0);

// Before Linux 6.11 a stack does not segment where its netdev makes no checksums.
bool RefusesUdpSegments(const Endpoint& from, const Endpoint& to);

// One echo request is answered within 2 s.
bool Ping(const Endpoint& from, const Endpoint& to);

// A counter of /proc/net/snmp, /proc/net/netstat or /proc/net/snmp6 in a namespace:
// StackCounter("c1", "Tcp", "InCsumErrors"), ("c1", "TcpExt", "TCPTimeouts"),
// ("c1", "snmp6", "Udp6InCsumErrors"). Dies for one that is not there.
uint64_t StackCounter(const std::string& netns, const std::string& group, const std::string& name);

// Frames with a wrong checksum that this namespace's TCP and UDP have seen.
uint64_t ChecksumErrors(const std::string& netns);

// So that the next connection starts with ARP or neighbour discovery.
void FlushNeighbours(const std::string& netns);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_STREAM_H_
