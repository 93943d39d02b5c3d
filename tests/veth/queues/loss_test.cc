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

// What one application sends another at a quarter of what the path carries just now, while the wire keeps
// sending to a dead one: nothing is lost.
TEST(Rate, NoFrameIsLostBesideADeadApplication) {
  QueueLab lab({.ports = 0, .any_cpu = true});
  for (int port = 1; port <= 3; port++) lab.AddBlock(port);
  const std::string perf = kXswPerf, to = " -d " + Text(kMac2);
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  Process probe(Words(perf + " recv up0/2 -t 2"));
  const Result fast = RunCommand(perf + " send up0/1 -j -t 1" + to);
  ASSERT_EQ(fast.status, 0) << fast.err;
  probe.Wait();
  const double capacity = Json::parse(fast.out)["frames_per_second"].get<double>();

  Application dead("up0/3", 1, kSmall);
  const std::string count = " -n 20000";
  Process receiver(Words(perf + " recv up0/2 -j --depth 16384 -t 30" + count));
  ASSERT_TRUE(HasQueues(receiver));
  Process sender(Words(perf + " send up0/1 -j -r " +
                       std::to_string(static_cast<int>(capacity / 4)) + count + to));
  for (uint32_t id = 0; !sender.Done(); id++) {
    wire.Send(Numbered(Eth{.dst = kMac3, .src = kOutsideMac} / Payload(46), id));
    if (id % 16 == 0) usleep(1000);
  }
  const Result sent = sender.Wait(40000), got = receiver.Wait(40000);
  ASSERT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(got.status, 0) << got.err << got.out << sent.out;
  EXPECT_EQ(Json::parse(got.out)["missing"], 0) << got.out << sent.out;
  EXPECT_GT(lab.Stat(3, "lost_at_socket"), 0u);
}

}  // namespace
}  // namespace xsw::test
