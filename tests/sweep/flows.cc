// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/flows.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr uint16_t kPort = 7777;
// Between two rounds: a frame that is lost at any moment is one of them.
// Between two datagrams of each flow: the rate.
constexpr auto kPause = std::chrono::milliseconds(5);
constexpr int kLimitMs = 2000;

enum Endpoint : size_t { kHost, kOut, kC1, kC2 };
struct Place {
  const char* name;
  const char* netns;
  const char* ip;
};
constexpr Place kPlaces[] = {{"host", "", "10.9.0.1"},
                             {"out", "out", "10.9.0.9"},
                             {"c1", "c1", "10.9.0.11"},
                             {"c2", "c2", "10.9.0.12"}};
constexpr char kBroadcastIp[] = "10.9.0.255";

struct Flow {
  FlowKind kind;
  Endpoint from;
  std::vector<Endpoint> to;  // several: broadcast
};
const std::vector<Flow>& All() {
  static const std::vector<Flow> flows = {
      {kHostOutside, kHost, {kOut}},
      {kHostOutside, kOut, {kHost}},
      {kPorts, kC1, {kC2}},
      {kPorts, kC2, {kC1}},
      {kPortToOutside, kC1, {kOut}},
      {kOutsideToPort, kOut, {kC1}},
      {kPortToHost, kC1, {kHost}},
      {kHostToPort, kHost, {kC1}},
      {kPortBroadcast, kC1, {kC2, kHost, kOut}},
      {kOutsideBroadcast, kOut, {kC1, kC2, kHost}},
  };
  return flows;
}

struct Datagram {
  uint32_t epoch;
  uint32_t flow;
};

sockaddr_in Address(const char* ip) {
  sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(kPort)};
  inet_pton(AF_INET, ip, &address.sin_addr);
  return address;
}

Fd Open(const Place& place) {
  InNetns in(place.netns);
  Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const sockaddr_in any = Address("0.0.0.0");
  int on = 1;
  Must(fd && setsockopt(fd.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0 &&
           bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof(any)) == 0,
       "open a socket for datagrams");
  return fd;
}

}  // namespace

Flows::Flows() {
  for (size_t i = 0; i < kEndpoints; i++) sockets_[i] = Open(kPlaces[i]);
  thread_ = std::thread([this] { Run(); });
}

Flows::~Flows() {
  end_ = true;
  thread_.join();
}

void Flows::Run() {
  while (!end_) {
    {
      std::lock_guard lock(mutex_);
      SendAll();
      TakeAll();
    }
    std::this_thread::sleep_for(kPause);
  }
}

void Flows::SendAll() {
  for (size_t i = 0; i < All().size(); i++) {
    const Flow& flow = All()[i];
    if (!(flow.kind & kinds_)) continue;
    const sockaddr_in to = Address(flow.to.size() > 1 ? kBroadcastIp : kPlaces[flow.to.front()].ip);
    const Datagram datagram = {epoch_, static_cast<uint32_t>(i)};
    if (sendto(sockets_[flow.from].get(), &datagram, sizeof(datagram), 0,
               reinterpret_cast<const sockaddr*>(&to), sizeof(to)) < 0)
      failed_ = std::string(kPlaces[flow.from].name) + " cannot send: " + std::strerror(errno);
    sent_[i]++;
    all_sent_++;
  }
}

void Flows::TakeAll() {
  for (size_t i = 0; i < kEndpoints; i++) {
    Datagram datagram;
    while (recv(sockets_[i].get(), &datagram, sizeof(datagram), 0) == sizeof(datagram)) {
      if (datagram.epoch == epoch_ && datagram.flow < kFlows) received_[datagram.flow][i]++;
    }
  }
}

bool Flows::Complete() const { return Describe().empty(); }

std::string Flows::Describe() const {
  std::string text = failed_;
  for (size_t i = 0; i < All().size(); i++) {
    for (Endpoint to : All()[i].to) {
      const uint64_t got = received_[i][to], sent = sent_[i];
      if (got == sent) continue;
      text += std::string(text.empty() ? "" : ", ") + kPlaces[All()[i].from].name +
              (All()[i].to.size() > 1 ? "=>" : "->") + kPlaces[to].name +
              (got < sent ? " lost " + std::to_string(sent - got)
                          : " got twice " + std::to_string(got - sent)) +
              " of " + std::to_string(sent);
    }
  }
  return text;
}

void Flows::Reset() {
  epoch_++;
  sent_ = {};
  received_ = {};
  failed_.clear();
}

void Flows::Let(unsigned kinds) {
  std::lock_guard lock(mutex_);
  kinds_ = kinds;
  Reset();
}

uint64_t Flows::Sent() {
  std::lock_guard lock(mutex_);
  return all_sent_;
}

std::string Flows::Losses() {
  std::lock_guard lock(mutex_);
  WaitFor(
      [this] {
        TakeAll();
        return Complete();
      },
      kLimitMs);
  const std::string losses = Describe();
  Reset();
  return losses;
}

}  // namespace xsw::test
