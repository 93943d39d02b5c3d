// SPDX-License-Identifier: Apache-2.0
// The handshake of the afxdp-plugins for Kubernetes, with the bytes that its clients send: DPDK
// (drivers/net/af_xdp), CNDP (lib/common/uds_connect, lib/core/xskdev) and the plugins' own Go client
// (test/e2e/udsTest.go).
#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

// The function is eth0 in the namespace "pod", as for a container.
class Handshake : public testing::Test {
 protected:
  Handshake() : lab_({.ports = 0}) {
    lab_.sandbox().AddNetns("pod");
    lab_.AddBlock(1, "queues 2 netns pod ifname eth0 owner nobody");
  }
  QueueLab lab_;
};

bpf_map_info InfoOf(int fd) {
  bpf_map_info info = {};
  __u32 size = sizeof(info);
  EXPECT_EQ(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
  return info;
}

TEST_F(Handshake, DpdkOpensOneConnectionAQueue) {
  for (int queue = 0; queue < 2; queue++) {
    Dialog dpdk(1);
    EXPECT_EQ(dpdk.Ask("/connect,pod-7c9f"), "/host_ok");
    EXPECT_EQ(dpdk.Ask("/version"), "0.1");
    EXPECT_EQ(dpdk.Ask("/xsk_map_fd,eth0"), "/fd_ack");
    ASSERT_GE(dpdk.fd(), 0);
    EXPECT_EQ(InfoOf(dpdk.fd()).type, BPF_MAP_TYPE_XSKMAP);
    EXPECT_EQ(dpdk.Ask("/fin"), "/fin_ack");
    EXPECT_EQ(dpdk.Hear(), kClosed);
  }
}

// No version, and a pause between its steps that is longer than the idle limit (2 s), which must
// not cut it short: the sleep is what is tested.
TEST_F(Handshake, CndpTakesItsTime) {
  Dialog cndp(1);
  EXPECT_EQ(cndp.Ask("/connect,cndp-pod"), "/host_ok");
  sleep(3);
  EXPECT_EQ(cndp.Ask("/xsk_map_fd,eth0"), "/fd_ack");
  EXPECT_EQ(cndp.Ask("/xsk_map_fd,eth0"), "/fd_ack") << "once for each of its lports";
  InNetns in("pod");
  Fd xsk(socket(AF_XDP, SOCK_RAW, 0));
  EXPECT_EQ(cndp.Ask("/config_busy_poll,20,64", {xsk.get()}), "/config_busy_poll_ack");
  int busy = 0;
  socklen_t size = sizeof(busy);
  getsockopt(xsk.get(), SOL_SOCKET, SO_BUSY_POLL, &busy, &size);
  EXPECT_EQ(busy, 20);
  EXPECT_EQ(cndp.Ask("/fin"), "/fin_ack");
}

TEST_F(Handshake, GoClientPutsASpaceBehindTheComma) {
  Dialog go(1);
  EXPECT_EQ(go.Ask("/connect, afxdp-e2e-test"), "/host_ok");
  EXPECT_EQ(go.Ask("/version"), "0.1");
  EXPECT_EQ(go.Ask("/xsk_map_fd, eth0"), "/fd_ack");
  EXPECT_GE(go.fd(), 0);
  EXPECT_EQ(go.Ask("/xsk_map_fd, bad-device"), "/fd_nak");
  EXPECT_LT(go.fd(), 0);
  EXPECT_EQ(go.Hear(), kClosed) << "DPDK does not notice a nak";
}

TEST_F(Handshake, WhatComesBeforeConnectIsNotAnswered) {
  for (const char* text : {"/version", "/xsk_map_fd,eth0", "/fin", "/config_busy_poll,20,64", "x",
                           "/connected,host", "connect,host"})
    EXPECT_EQ(Dialog(1).Ask(text), kClosed) << text;
}

TEST_F(Handshake, EveryNakEndsTheConnection) {
  EXPECT_EQ(Dialog(1).Ask("/connect"), "/host_nak");
  EXPECT_EQ(Dialog(1).Ask("/connect,a,b"), "/host_nak");
  const std::pair<const char*, const char*> rows[] = {
      {"/bad-request", "/nak"},
      {"/xsk_map_fd", "/nak"},
      {"/xsk_map_fd,eth0,eth1", "/nak"},
      {"/xsk_map_fd,eth1", "/fd_nak"},
      {"/xsk_map_fd,", "/fd_nak"},
      {"/config_busy_poll", "/nak"},
      {"/config_busy_poll,20", "/nak"},
      {"/config_busy_poll,20,64", "/config_busy_poll_nak"},
      {"/config_busy_poll,x,64", "/config_busy_poll_nak"},
      {"/connect,again", "/nak"},
      {"/version,1", "/nak"},
      {"/fin,1", "/nak"},
  };
  for (const auto& [request, answer] : rows) {
    Dialog client(1);
    EXPECT_EQ(client.Ask("/connect,host"), "/host_ok");
    EXPECT_EQ(client.Ask(request), answer) << request;
    EXPECT_EQ(client.Hear(), kClosed) << request;
  }
}

// The privileged setsockopt is made on AF_XDP sockets of the port's own namespace, on nothing else.
TEST_F(Handshake, BusyPollIsForTheFunctionsSocketsOnly) {
  const auto ask = [](const char* request, int fd) {
    Dialog client(1);
    client.Ask("/connect,host");
    return client.Ask(request, {fd});
  };
  Fd elsewhere(socket(AF_XDP, SOCK_RAW, 0));
  EXPECT_EQ(ask("/config_busy_poll,20,64", elsewhere.get()), "/config_busy_poll_nak");
  InNetns in("pod");
  Fd udp(socket(AF_INET, SOCK_DGRAM, 0)), xsk(socket(AF_XDP, SOCK_RAW, 0));
  EXPECT_EQ(ask("/config_busy_poll,20,64", udp.get()), "/config_busy_poll_nak");
  EXPECT_EQ(ask("/config_busy_poll,20,64", 0), "/config_busy_poll_nak");
  EXPECT_EQ(ask("/config_busy_poll,99999999,64", xsk.get()), "/config_busy_poll_nak");
  EXPECT_EQ(ask("/config_busy_poll,20,99999", xsk.get()), "/config_busy_poll_nak");
  EXPECT_EQ(ask("/config_busy_poll, 20, 64", xsk.get()), "/config_busy_poll_ack");
}

// The map is the port's own, not its neighbour's.
TEST_F(Handshake, TheMapIsThePortsOwn) {
  lab_.sandbox().AddNetns("pod2");
  lab_.AddBlock(2, "netns pod2 ifname eth0");
  Dialog first(1), second(2);
  first.Ask("/connect,a");
  second.Ask("/connect,b");
  EXPECT_EQ(first.Ask("/xsk_map_fd,eth0"), "/fd_ack");
  EXPECT_EQ(second.Ask("/xsk_map_fd,eth0"), "/fd_ack");
  EXPECT_NE(InfoOf(first.fd()).id, InfoOf(second.fd()).id);
}

// What DPDK then does with the map: its socket, made by itself in the namespace, gets frames.
TEST_F(Handshake, ASocketInTheMapReceives) {
  // A single queue: which of several a frame comes to is not known.
  lab_.AddBlock(2, "netns pod ifname eth1 owner nobody");
  Dialog client(2);
  client.Ask("/connect,host");
  ASSERT_EQ(client.Ask("/xsk_map_fd,eth1"), "/fd_ack");
  const size_t size = 1 << 20;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Fd xsk;
  unsigned ifindex;
  {
    InNetns in("pod");
    xsk = Fd(socket(AF_XDP, SOCK_RAW, 0));
    ifindex = if_nametoindex("eth1");
  }
  xdp_umem_reg umem = {};
  umem.addr = reinterpret_cast<uint64_t>(memory);
  umem.len = size;
  umem.chunk_size = 2048;
  const int entries = 64;
  setsockopt(xsk.get(), SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem));
  for (int ring : {XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING})
    setsockopt(xsk.get(), SOL_XDP, ring, &entries, sizeof(entries));
  sockaddr_xdp where = {.sxdp_family = AF_XDP,
                        .sxdp_flags = XDP_COPY,
                        .sxdp_ifindex = ifindex};
  ASSERT_EQ(bind(xsk.get(), reinterpret_cast<sockaddr*>(&where), sizeof(where)), 0);
  const __u32 queue = 0;
  const int fd = xsk.get();
  ASSERT_EQ(bpf_map_update_elem(client.fd(), &queue, &fd, BPF_ANY), 0);
  const uint64_t before = lab_.Drops(2, "no_socket");
  PacketSocket(kOutside, kContainerDev, kTestType)
      .Send(Numbered(Eth{.dst = kMac2, .src = kOutsideMac} / Payload(46), 1));
  // It has no buffer in its fill ring, and the kernel says so.
  xdp_statistics stats = {};
  EXPECT_TRUE(WaitFor([&] {
    socklen_t length = sizeof(stats);
    getsockopt(fd, SOL_XDP, XDP_STATISTICS, &stats, &length);
    return stats.rx_dropped > 0;
  }));
  EXPECT_EQ(lab_.Drops(2, "no_socket"), before);
  munmap(memory, size);
}

}  // namespace
}  // namespace xsw::test
