// SPDX-License-Identifier: Apache-2.0
// xsw-perf, the example of docs/ and the C++ header, as their users run them.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class Tools : public testing::Test {
 protected:
  Tools() : lab_({.ports = 0, .any_cpu = true}) {
    lab_.AddBlock(1);
    lab_.AddBlock(2, "queues 2");
  }
  static Result Perf(const std::string& words) { return RunCommand(kXswPerf + (" " + words)); }
  QueueLab lab_;
  const std::string to_ = " -d " + Text(kMac2);
};

TEST_F(Tools, SendAndRecv) {
  Process recv(Words(std::string(kXswPerf) + " recv up0/2 -q 0-1 -j -n 5000 -t 20"));
  ASSERT_TRUE(HasQueues(recv, 2));
  const Result sent = Perf("send up0/1 -j -n 5000 -r 20000" + to_);
  EXPECT_EQ(sent.status, 0) << sent.err;
  const Result got = recv.Wait();
  EXPECT_EQ(got.status, 0) << got.err;
  const Json s = Json::parse(sent.out), r = Json::parse(got.out);
  EXPECT_EQ(s["frames"], 5000);
  EXPECT_EQ(s["bytes"], 300000);
  EXPECT_EQ(r["frames"], 5000);
  EXPECT_EQ(r["missing"], 0);
  EXPECT_EQ(r["queue"]["no_recv"], 0);
  EXPECT_GT(r["frames_per_second"], 0);
}

TEST_F(Tools, EchoAndLat) {
  Process echo(Words(std::string(kXswPerf) + " echo up0/2 -q 0-1"));
  ASSERT_TRUE(HasQueues(echo, 2));
  const Result lat = Perf("lat up0/1 -j -n 500 -l 200" + to_);
  ASSERT_EQ(lat.status, 0) << lat.err;
  const Json json = Json::parse(lat.out);
  EXPECT_EQ(json["frames"], 500);
  EXPECT_EQ(json["lost"], 0);
  EXPECT_GT(json["round_trip_us"]["p50"], 0);
  EXPECT_GE(json["round_trip_us"]["p99"], json["round_trip_us"]["p50"]);
  kill(echo.pid(), SIGTERM);
  const Result end = echo.Wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_NE(end.out.find("echo up0/2: 500 frames"), std::string::npos) << end.out;
}

// As fast as it goes: what was posted comes to the switch, all of it; there nobody takes it.
TEST_F(Tools, NothingIsLostBeforeTheSwitch) {
  const Result sent = Perf("send up0/1 -j -n 100000" + to_);
  ASSERT_EQ(sent.status, 0) << sent.err;
  const auto arrived = [&] {
    return lab_.ShowPort(1)["statistics"]["rx"]["unicast"]["frames"].get<uint64_t>();
  };
  EXPECT_TRUE(WaitFor([&] { return arrived() == 100000; }, 2000)) << arrived();
}

// A count that does not come is a failure to scripts, and is said in numbers.
TEST_F(Tools, ACountThatIsNotReached) {
  const Result got = Perf("recv up0/2 -j -n 10 -t 0.5");
  EXPECT_EQ(got.status, 3);
  EXPECT_EQ(Json::parse(got.out)["frames"], 0);
}

TEST_F(Tools, SpoofedAndTooLongFrames) {
  EXPECT_EQ(Perf("send up0/1 -n 100 -s 02:00:00:00:00:77" + to_).status, 0);
  EXPECT_TRUE(WaitFor([&] { return lab_.Drops(1, "spoof") == 100; })) << lab_.Drops(1, "spoof");
  const Result longer = Perf("send up0/1 -n 1 -l 1519" + to_);
  EXPECT_EQ(longer.status, 1);
  EXPECT_NE(longer.err.find("MTU"), std::string::npos) << longer.err;
}

TEST_F(Tools, HelpAndVersion) {
  EXPECT_EQ(Perf("--help").status, 0);
  EXPECT_EQ(Perf("-V").status, 0);
  EXPECT_EQ(RunCommand(kXswd + std::string(" --help")).status, 0);
  EXPECT_EQ(RunCommand(kXswd + std::string(" -V")).status, 0);
}

// docs/xswq-echo.c, a C program over the public header alone.
TEST_F(Tools, TheExampleEchoes) {
  Process echo({kXswqEcho, "up0/2", "0"});
  Process other({kXswqEcho, "up0/2", "1"});
  ASSERT_TRUE(HasQueues(echo) && HasQueues(other));
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  for (size_t size : {60, 1514}) {
    const Bytes frame = Numbered(Eth{.dst = kMac2, .src = kOutsideMac} / Payload(size - 14), 1);
    Bytes back = frame;
    std::swap_ranges(back.begin(), back.begin() + 6, back.begin() + 6);
    wire.Send(frame);
    EXPECT_TRUE(Gets(wire, back)) << size;
  }
  EXPECT_FALSE(echo.Done());
}

TEST_F(Tools, TheCppHeader) {
  int error = 0;
  xswq::QueuePair first = xswq::QueuePair::Open("up0/1", {.recv_depth = 128}, &error);
  ASSERT_TRUE(first) << xswq_error();
  EXPECT_EQ(error, 0);
  const xswq_info info = first.info();
  EXPECT_EQ(info.recv_depth, 128u);
  EXPECT_EQ(info.mtu, 1500u);
  EXPECT_EQ(Bytes(info.hw_addr, info.hw_addr + 6), Bytes(kMac1.begin(), kMac1.end()));
  EXPECT_FALSE(xswq::QueuePair::Open("up0/1", {}, &error));
  EXPECT_EQ(error, -EBUSY);
  first.reset();
  EXPECT_TRUE(xswq::QueuePair::Open("up0/1"));
}

}  // namespace
}  // namespace xsw::test
