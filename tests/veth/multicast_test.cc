// SPDX-License-Identifier: Apache-2.0
// Multicast between real stacks: sockets that have joined a group at every party get each datagram
// once, whoever sends, the sender's own stack among them (by its own loop, not back from the
// switch).
//
//     out ==wire== up0   up0sf1 === c1
//                        up0sf2 === c2
//
// With the uplink's `xdp off` and `xdp on` (the far end's tx and txvlan offloads off).
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include <vector>

#include "tests/veth/topology.h"
#include "userspace/fd.h"

namespace xsw::test {
namespace {

constexpr int kN = 20;
constexpr char kEnd[] = "end";

struct Party {
  const char* netns;
  const char* dev;
};
const Party kParties[] = {
    {kOutside, kContainerDev}, {"", kUplink}, {"c1", kContainerDev}, {"c2", kContainerDev}};

// A group's member that also sends to it, on one netdev.
class Member {
 public:
  Member(const Party& party, bool v6) : v6_(v6) {
    InNetns in(party.netns);
    const int ifindex = static_cast<int>(if_nametoindex(party.dev));
    fd_ = Fd(socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (v6) {
      Join6(ifindex);
    } else {
      Join4(ifindex);
    }
  }
  void Send(const std::string& text) const {
    Must(sendto(fd_.get(), text.data(), text.size(), 0, group(), group_len()) > 0, "send");
  }
  // Datagrams that came before the end.
  std::vector<std::string> ReceiveUntilEnd() const {
    std::vector<std::string> got;
    pollfd readable = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
    while (poll(&readable, 1, 5000) == 1) {
      char text[64];
      const ssize_t n = recv(fd_.get(), text, sizeof(text), 0);
      got.emplace_back(text, n > 0 ? n : 0);
      if (got.back() != kEnd) continue;
      got.pop_back();
      return got;
    }
    got.push_back("the end is missing");
    return got;
  }

 private:
  void Join4(int ifindex) {
    ip_mreqn join = {};
    inet_pton(AF_INET, "239.1.2.3", &join.imr_multiaddr);
    join.imr_ifindex = ifindex;
    group4_.sin_family = AF_INET;
    group4_.sin_port = htons(7777);
    group4_.sin_addr = join.imr_multiaddr;
    Set(IPPROTO_IP, IP_ADD_MEMBERSHIP, join);
    Set(IPPROTO_IP, IP_MULTICAST_IF, join);
    Must(bind(fd_.get(), group(), group_len()) == 0, "bind to a group");
  }
  void Join6(int ifindex) {
    ipv6_mreq join = {};
    inet_pton(AF_INET6, "ff05::1:3", &join.ipv6mr_multiaddr);
    join.ipv6mr_interface = ifindex;
    group6_.sin6_family = AF_INET6;
    group6_.sin6_port = htons(7777);
    group6_.sin6_addr = join.ipv6mr_multiaddr;
    group6_.sin6_scope_id = ifindex;
    Set(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, join);
    Set(IPPROTO_IPV6, IPV6_MULTICAST_IF, ifindex);
    Must(bind(fd_.get(), group(), group_len()) == 0, "bind to a group");
  }
  template <typename T>
  void Set(int level, int option, const T& value) const {
    Must(setsockopt(fd_.get(), level, option, &value, sizeof(value)) == 0, "join a group");
  }
  const sockaddr* group() const {
    return v6_ ? reinterpret_cast<const sockaddr*>(&group6_)
               : reinterpret_cast<const sockaddr*>(&group4_);
  }
  socklen_t group_len() const { return v6_ ? sizeof(group6_) : sizeof(group4_); }

  bool v6_;
  Fd fd_;
  sockaddr_in group4_ = {};
  sockaddr_in6 group6_ = {};
};

class Multicast : public testing::TestWithParam<std::tuple<std::string, bool>> {};

TEST_P(Multicast, ReachesEachMemberOnceWhoeverSends) {
  const auto& [xdp, v6] = GetParam();
  Topology topology({.xdp = xdp, .ports = 2, .ipv6 = v6});
  std::vector<Member> members;
  for (const Party& party : kParties) members.emplace_back(party, v6);
  for (size_t sender = 0; sender < members.size(); sender++) {
    std::vector<std::string> sent;
    for (int i = 0; i < kN; i++) sent.push_back(std::to_string(sender) + "-" + std::to_string(i));
    for (const std::string& text : sent) members[sender].Send(text);
    members[sender].Send(kEnd);
    for (size_t i = 0; i < members.size(); i++)
      EXPECT_EQ(members[i].ReceiveUntilEnd(), sent)
          << "from \"" << kParties[sender].netns << "\" to \"" << kParties[i].netns << "\"";
  }
}

INSTANTIATE_TEST_SUITE_P(Xdp, Multicast,
                         testing::Combine(testing::Values("off", "on"), testing::Bool()),
                         [](const auto& info) {
                           return std::get<0>(info.param) +
                                  (std::get<1>(info.param) ? "_Ipv6" : "_Ipv4");
                         });

}  // namespace
}  // namespace xsw::test
