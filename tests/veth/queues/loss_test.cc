// SPDX-License-Identifier: Apache-2.0
// An application that is slow or dead loses its own frames, all of them counted, and nobody else's.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class Loss : public testing::TestWithParam<const char*> {
 protected:
  Loss() : lab_({.xdp = GetParam(), .ports = 0}), wire_(kOutside, kContainerDev, kTestType) {
    lab_.AddBlock(1);
    lab_.AddBlock(2);
  }
  void Send(Mac dst) {
    wire_.Send(Numbered(Eth{.dst = dst, .src = kOutsideMac} / Payload(46), ++id_));
  }
  uint32_t id_ = 0;
  QueueLab lab_;
  PacketSocket wire_;
};

constexpr xswq_attr kSmall = {.recv_depth = 64, .send_depth = 64, .memory = 1 << 20};

// Neither reads its frames nor gives buffers back: it has 64 of them, then the fill ring is dry.
TEST_P(Loss, AFillRingThatRunsDryIsCounted) {
  Application slow("up0/1", 1, kSmall), well("up0/2");
  int got = 0;
  for (int i = 0; i < 200; i++) {
    Send(kMac1);
    Send(kMac2);
    got += well.Gets(Numbered(Eth{.dst = kMac2, .src = kOutsideMac} / Payload(46), id_));
  }
  EXPECT_EQ(got, 200) << "the other one lost frames";
  EXPECT_TRUE(WaitFor([&] { return slow.stats().no_recv == 200 - 64; })) << slow.stats().no_recv;
  EXPECT_EQ(lab_.Stat(1, "lost_at_socket"), 200 - 64u);
  EXPECT_EQ(lab_.Stat(2, "lost_at_socket"), 0u);
  EXPECT_EQ(lab_.Stat(1, "lost_at_function") + lab_.Stat(2, "lost_at_function"), 0u);
  EXPECT_EQ(slow.stats().too_long + slow.stats().recv_full, 0u);
  const std::string health = lab_.XswOk("health show up0 reporter lost_frames");
  EXPECT_NE(health.find("up0/1: 136 frames lost at its sockets, which had no room\n"),
            std::string::npos)
      << health;
}

// Gives buffers, but more than its completions have room: the rx ring is full.
TEST_P(Loss, ARingThatIsNotReadIsCounted) {
  Application slow("up0/1", 1, kSmall);
  void* buffer = xswq_buffer(slow.qp(), 0);
  for (int i = 0; i < 200; i++) {
    Send(kMac1);
    // One buffer posted again and again: what comes is of no interest here.
    EXPECT_TRUE(WaitFor([&] {
      return slow.stats().recv_full || xswq_post_recv(slow.qp(), &buffer, 1) == 1 || i < 64;
    }));
  }
  EXPECT_TRUE(WaitFor([&] { return slow.stats().no_recv + slow.stats().recv_full == 200 - 64; }))
      << slow.stats().no_recv << " " << slow.stats().recv_full;
  EXPECT_EQ(lab_.Stat(1, "lost_at_socket"), 200 - 64u);
}

// A client that is stopped, and then killed: its queue counts, then has no socket at all.
TEST_P(Loss, ADeadApplicationHarmsNobody) {
  Process dead({kXswPerf, "recv", "up0/1"});
  Application well("up0/2");
  ASSERT_TRUE(HasQueues(dead));
  for (int signal : {SIGSTOP, SIGKILL}) {
    kill(dead.pid(), signal);
    int got = 0;
    for (int i = 0; i < 3000; i++) {
      Send(kMac1);
      if (i % 10) continue;
      Send(kMac2);
      got += well.Gets(Numbered(Eth{.dst = kMac2, .src = kOutsideMac} / Payload(46), id_));
    }
    EXPECT_EQ(got, 300);
  }
  EXPECT_GT(lab_.Stat(1, "lost_at_socket"), 0u);
  EXPECT_GT(lab_.Drops(1, "no_socket"), 0u);
  EXPECT_EQ(lab_.Stat(2, "lost_at_socket"), 0u);
  // Every frame to it is somewhere.
  const Json stats = lab_.ShowPort(1)["statistics"];
  EXPECT_EQ(stats["lost_at_function"], 0);
}

INSTANTIATE_TEST_SUITE_P(, Loss, testing::Values("off", "on"));

// One application sends to another while the wire keeps sending to a third, dead one.
class Rate : public testing::Test {
 protected:
  Rate() : lab_({.ports = 0, .any_cpu = true}), wire_(kOutside, kContainerDev, kTestType) {
    // What rings of 16384 take.
    for (int port = 1; port <= 3; port++) lab_.AddBlock(port, "memory_max 67108864");
  }
  // Frames a second that arrive of as many as can be sent.
  double Capacity() {
    Process probe(Words(std::string(kXswPerf) + " recv up0/2 -j -t 1.5"));
    if (!HasQueues(probe)) return 0;
    RunCommand(kSend + "-t 1");
    const Result got = probe.Wait();
    return got.status == 0 ? Json::parse(got.out)["frames_per_second"].get<double>() : 0;
  }
  // How many are missing of 20,000 at that rate.
  uint64_t Missing(double rate) {
    const std::string count = " -n 20000";
    Process receiver(Words(std::string(kXswPerf) + " recv up0/2 -j --depth 16384 -t 30" + count));
    if (!HasQueues(receiver)) return UINT64_MAX;
    Process sender(Words(kSend + "-r " + std::to_string(static_cast<int>(rate)) + count));
    for (uint32_t id = 0; !sender.Done(); id++) {
      wire_.Send(Numbered(Eth{.dst = kMac3, .src = kOutsideMac} / Payload(46), id));
      if (id % 16 == 0) usleep(1000);  // a rate: the CPUs are for those whose frames are counted
    }
    const Result sent = sender.Wait(40000), got = receiver.Wait(40000);
    if (sent.status != 0 || got.out.empty()) return UINT64_MAX;
    return 20000 - Json::parse(got.out)["frames"].get<uint64_t>();
  }
  const std::string kSend = std::string(kXswPerf) + " send up0/1 -j -d " + Text(kMac2) + " ";
  QueueLab lab_;
  PacketSocket wire_;
};

// What the path carries changes with what else the machine does, so it is measured just before, and
// a loss counts only if it is there each time.
TEST_F(Rate, AtHalfTheCapacityNoFrameIsLostBesideADeadApplication) {
  Application dead("up0/3", 1, kSmall);
  uint64_t missing = UINT64_MAX;
  for (int attempt = 0; attempt < 3 && missing; attempt++) {
    const double capacity = Capacity();
    ASSERT_GT(capacity, 0);
    missing = Missing(capacity / 2);
    std::printf("%.0f frames a second of %.0f: %lu missing\n", capacity / 2, capacity, missing);
  }
  EXPECT_EQ(missing, 0u);
  EXPECT_GT(lab_.Stat(3, "lost_at_socket"), 0u);
}

}  // namespace
}  // namespace xsw::test
