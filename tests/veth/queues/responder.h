// SPDX-License-Identifier: Apache-2.0
// A network stack of one page over a queue block: ARP, ICMP echo, UDP echo, TCP echo of one connection.
//
// Every checksum that comes in is verified over the bytes, and a wrong one is counted and not answered.
// What it sends is verified by the real stack at the other end.
#ifndef XSW_TESTS_VETH_QUEUES_RESPONDER_H_
#define XSW_TESTS_VETH_QUEUES_RESPONDER_H_

#include <atomic>
#include <string>
#include <thread>

#include "tests/veth/queues/lab.h"

namespace xsw::test {

class Responder {
 public:
  // In a thread of its own, until destruction. TCP ports below 1000 are refused with a RST.
  Responder(const std::string& port, int queues, const Mac& mac, const std::string& ip);
  ~Responder();

  int wrong() const { return wrong_; }      // checksums
  int answered() const { return answered_; }

 private:
  void Run();
  bool Answer(Bytes& frame);
  bool AnswerArp(Bytes& frame);
  bool AnswerIp(Bytes& frame);
  bool AnswerIcmp(Bytes& frame);
  bool AnswerUdp(Bytes& frame);
  bool AnswerTcp(Bytes& frame);
  bool Wrong();

  Application app_;
  Mac mac_;
  uint32_t ip_;    // network byte order
  uint32_t next_ = 0;  // TCP: our next sequence number
  std::atomic<int> wrong_ = 0, answered_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_RESPONDER_H_
