// SPDX-License-Identifier: Apache-2.0
// Real stacks talk to an application that has nothing but its queue block: from the host, from a
// container behind a netdev port and from outside. Checksums are verified on both sides: the responder
// computes them over the bytes, the kernel drops and counts what is wrong.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <numeric>
#include <tuple>

#include "tests/veth/queues/responder.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

constexpr char kIp[] = "10.9.0.50";

class Echo : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  Echo() : lab_({.xdp = std::get<0>(GetParam()), .ports = 1}) {
    lab_.AddBlock(2, "queues 2");
    responder_ = std::make_unique<Responder>("up0/2", 2, kMac2, kIp);
    const std::string from = std::get<1>(GetParam());
    if (from == "container") from_ = {ContainerName(1), IpOf(1)};
    if (from == "outside") from_ = {kOutside, kOutsideIp};
    if (from == "host") from_ = {"", kHostIp};
  }
  void ExpectChecksums() {
    EXPECT_EQ(responder_->wrong(), 0) << "wrong checksums came to the application";
    EXPECT_EQ(ChecksumErrors(from_.netns), 0u);
    EXPECT_GT(responder_->answered(), 0);
  }
  // A socket of the real stack, connected (TCP: perhaps not) to the responder.
  Fd Connect(int type, uint16_t port, int* error = nullptr) {
    InNetns in(from_.netns);
    Fd fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
    const timeval patience = {.tv_sec = 3, .tv_usec = 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, kIp, &to.sin_addr);
    const int failed = connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to));
    if (error) *error = failed ? errno : 0;
    return fd;
  }
  QueueLab lab_;
  std::unique_ptr<Responder> responder_;
  Endpoint from_;
};

Bytes Pattern(size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; i++) bytes[i] = static_cast<uint8_t>(i * 7 + i / 251);
  return bytes;
}

TEST_P(Echo, Icmp) {
  for (int i = 0; i < 5; i++) EXPECT_TRUE(Ping(from_, {"", kIp}));
  ExpectChecksums();
}

TEST_P(Echo, Udp) {
  Fd udp = Connect(SOCK_DGRAM, 7);
  for (size_t size : {1, 17, 18, 19, 100, 1471, 1472}) {
    const Bytes sent = Pattern(size);
    Bytes got(2000);
    send(udp.get(), sent.data(), sent.size(), 0);
    const ssize_t length = recv(udp.get(), got.data(), got.size(), 0);
    got.resize(length > 0 ? length : 0);
    EXPECT_EQ(got, sent) << size;
  }
  ExpectChecksums();
}

TEST_P(Echo, TcpRefused) {
  int error = 0;
  Connect(SOCK_STREAM, 9, &error);
  EXPECT_EQ(error, ECONNREFUSED) << "no RST that the stack accepts";
  ExpectChecksums();
}

// The sender's stack makes large segments and unfinished checksums of it (GSO); the application sees
// neither.
TEST_P(Echo, Tcp) {
  int error = 0;
  Fd tcp = Connect(SOCK_STREAM, 7777, &error);
  ASSERT_EQ(error, 0);
  const Bytes sent = Pattern(8000);
  for (int round = 0; round < 20; round++) {
    Bytes got(sent.size());
    ASSERT_EQ(send(tcp.get(), sent.data(), sent.size(), 0), static_cast<ssize_t>(sent.size()));
    ASSERT_EQ(recv(tcp.get(), got.data(), got.size(), MSG_WAITALL),
              static_cast<ssize_t>(sent.size()));
    ASSERT_EQ(got, sent) << round;
  }
  shutdown(tcp.get(), SHUT_WR);
  char rest;
  EXPECT_EQ(recv(tcp.get(), &rest, 1, 0), 0) << "no FIN";
  ExpectChecksums();
}

INSTANTIATE_TEST_SUITE_P(, Echo,
                         testing::Combine(testing::Values("off", "on"),
                                          testing::Values("host", "container", "outside")),
                         [](const auto& info) {
                           return std::string("xdp_") + std::get<0>(info.param) + "_from_" +
                                  std::get<1>(info.param);
                         });

}  // namespace
}  // namespace xsw::test
