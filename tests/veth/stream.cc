// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/stream.h"

#include <arpa/inet.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <sstream>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

// Content by offset: a prime length, so that no shift by a frame's or buffer's size goes unnoticed.
constexpr size_t kPatternSize = 65521;
constexpr size_t kChunk = 65536;
const std::string& Pattern() {
  static const std::string pattern = [] {
    std::mt19937 random(1);
    std::string text;
    for (size_t i = 0; i < kPatternSize + kChunk; i++)
      text.push_back(static_cast<char>(i < kPatternSize ? random() : text[i - kPatternSize]));
    return text;
  }();
  return pattern;
}
const char* PatternAt(uint64_t offset) { return Pattern().data() + offset % kPatternSize; }

struct Address {
  sockaddr_storage storage = {};
  socklen_t len = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address AddressOf(const std::string& ip) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, ip.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    address.len = sizeof(*v4);
  } else {
    Must(inet_pton(AF_INET6, ip.c_str(), &v6->sin6_addr) == 1, "parse " + ip);
    v6->sin6_family = AF_INET6;
    address.len = sizeof(*v6);
  }
  return address;
}

Fd BoundSocket(const Endpoint& at, int type) {
  InNetns in(at.netns);
  Address address = AddressOf(at.ip);
  Fd fd(socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  Must(static_cast<bool>(fd), "socket");
  Must(bind(fd.get(), address.get(), address.len) == 0, "bind to " + at.ip);
  return fd;
}

Address NameOf(const Fd& fd) {
  Address address;
  address.len = sizeof(address.storage);
  Must(getsockname(fd.get(), address.get(), &address.len) == 0, "getsockname");
  return address;
}

bool WaitReadable(const Fd& fd, int limit_ms) {
  pollfd readable = {.fd = fd.get(), .events = POLLIN, .revents = 0};
  return poll(&readable, 1, limit_ms * Patience()) == 1;
}

// All of `bytes` in order, in datagrams of any size.
bool ReceiveDatagrams(const Fd& fd, const char* want, size_t bytes, Address* from) {
  std::string got;
  std::string buffer(kChunk, '\0');
  while (got.size() < bytes && WaitReadable(fd, 2000)) {
    from->len = sizeof(from->storage);
    ssize_t n = recvfrom(fd.get(), buffer.data(), buffer.size(), 0, from->get(), &from->len);
    if (n > 0) got.append(buffer, 0, n);
  }
  return got.size() == bytes && std::memcmp(got.data(), want, bytes) == 0;
}

}  // namespace

TcpStream::TcpStream(const Endpoint& from, const Endpoint& to, int window) {
  Fd listener = BoundSocket(to, SOCK_STREAM);
  if (window) setsockopt(listener.get(), SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
  Must(listen(listener.get(), 1) == 0, "listen");
  Address address = NameOf(listener);
  sender_ = BoundSocket(from, SOCK_STREAM);
  connect(sender_.get(), address.get(), address.len);
  if (WaitReadable(listener, 5000))
    receiver_ = Fd(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  ResetGap();
}

void TcpStream::SendSome() {
  while (sent_ < send_limit_) {
    const size_t size = std::min<uint64_t>(kChunk, send_limit_ - sent_);
    ssize_t n = send(sender_.get(), PatternAt(sent_), size, MSG_NOSIGNAL);
    if (n <= 0) return;
    sent_ += n;
  }
}

void TcpStream::ReceiveSome() {
  char buffer[kChunk];
  ssize_t n = recv(receiver_.get(), buffer, sizeof(buffer), 0);
  Watch(n > 0);
  if (n <= 0) return;
  intact_ = intact_ && std::memcmp(buffer, PatternAt(received_), n) == 0;
  received_ += n;
}

void TcpStream::Watch(bool arrived) {
  constexpr double kLongestStepMs = 5;  // Transfer waits 1 ms between two looks, others not at all
  const auto now = Clock::now();
  const std::chrono::duration<double, std::milli> step = now - last_pump_;
  last_pump_ = now;
  gap_ms_ += std::min(step.count(), kLongestStepMs);
  longest_gap_ms_ = std::max(longest_gap_ms_, gap_ms_);
  if (arrived) gap_ms_ = 0;
}

void TcpStream::Pump() {
  SendSome();
  ReceiveSome();
}

bool TcpStream::Transfer(uint64_t bytes, int limit_ms) {
  if (!connected()) return false;
  const uint64_t goal = received_ + bytes;
  const auto end = Clock::now() + std::chrono::milliseconds(limit_ms) * Patience();
  send_limit_ = std::max(goal, sent_);
  while (received_ < goal && Clock::now() < end) {
    Pump();
    if (received_ < goal) WaitReadable(receiver_, 1);
  }
  send_limit_ = UINT64_MAX;
  return received_ >= goal;
}

void TcpStream::ResetGap() {
  gap_ms_ = longest_gap_ms_ = 0;
  last_pump_ = Clock::now();
}

int UdpExchange(const Endpoint& from, const Endpoint& to, const std::vector<size_t>& sizes,
                int segment) {
  Fd client = BoundSocket(from, SOCK_DGRAM), server = BoundSocket(to, SOCK_DGRAM);
  Address there = NameOf(server), back;
  for (const Fd* fd : {&client, &server})
    Must(setsockopt(fd->get(), SOL_UDP, UDP_SEGMENT, &segment, sizeof(segment)) == 0,
         "UDP_SEGMENT");
  int intact = 0;
  for (size_t size : sizes) {
    const char* content = PatternAt(size);
    sendto(client.get(), content, size, 0, there.get(), there.len);
    if (!ReceiveDatagrams(server, content, size, &back)) continue;
    sendto(server.get(), content, size, 0, back.get(), back.len);
    Address from_server;
    intact += ReceiveDatagrams(client, content, size, &from_server);
  }
  return intact;
}

bool RefusesUdpSegments(const Endpoint& from, const Endpoint& to) {
  constexpr int kSegment = 1400;
  const Fd socket = BoundSocket(from, SOCK_DGRAM), target = BoundSocket(to, SOCK_DGRAM);
  Address there = NameOf(target);
  Must(setsockopt(socket.get(), SOL_UDP, UDP_SEGMENT, &kSegment, sizeof(kSegment)) == 0,
       "UDP_SEGMENT");
  return sendto(socket.get(), PatternAt(0), 2 * kSegment, 0, there.get(), there.len) < 0 &&
         errno == EIO;
}

bool Ping(const Endpoint& from, const Endpoint& to) {
  InNetns in(from.netns);
  return RunCommand("ping -c 1 -W 2 -I " + from.ip + " " + to.ip).status == 0;
}

}  // namespace xsw::test
