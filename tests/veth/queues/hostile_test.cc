// SPDX-License-Identifier: Apache-2.0
// Clients that mean no good, and one that does beside them.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "tests/veth/queues/attack.h"
#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

const User kBad = {.uid = 1001, .gid = 2000}, kGood = {.uid = 1002, .gid = 2000};
constexpr char kOpen[] = "/open,0,64,64,64,64,2048,0";

// The group 2000 has the ports; 1001 and 1002 are members of it.
class Hostile : public testing::Test {
 protected:
  Hostile() : lab_({.ports = 0}) {
    lab_.AddBlock(1, "owner 1000:2000");
    lab_.AddBlock(2, "owner 1000:2000");
    fds_ = IdleFds(lab_.xswd().pid());
  }
  // All that a client made xswd open is closed again, and it serves.
  void ExpectWell() {
    EXPECT_TRUE(WaitFor([&] { return CountFds(lab_.xswd().pid()) == fds_; }))
        << CountFds(lab_.xswd().pid()) << " file descriptors, before " << fds_;
    Application app("up0/2");
  }
  QueueLab lab_;
  size_t fds_;
};

TEST_F(Hostile, Garbage) {
  for (const std::string& text :
       {std::string("\0\0\0\0", 4), std::string(64, '/'), std::string(65, 'a'),
        std::string(60000, 'a'), std::string(64, ','), std::string("/open"), std::string("/open,"),
        std::string("/open,,,,,,,"), std::string("/open,-1,64,64,64,64,2048,0"),
        std::string("/open,0x0,64,64,64,64,2048,0"), std::string("/open,1e9,64,64,64,64,2048,0"),
        std::string("/open,99999999999,64,64,64,64,2048,0"),
        std::string("/open,0,64,64,64,64,2048"), std::string("/open,0,64,64,64,64,2048,0,0")}) {
    Dialog client(1);
    client.Say(text);
    const std::string answer = client.Hear();
    EXPECT_TRUE(answer == kClosed || answer == "/nak" || answer.starts_with("/open_nak,22,"))
        << text.substr(0, 70) << " -> " << answer;
    if (answer != kClosed) {
      EXPECT_EQ(client.Hear(), kClosed);
    }
  }
  ExpectWell();
}

TEST_F(Hostile, AFloodOfFileDescriptors) {
  Fd memory = MakeMemfd(1 << 20);
  std::vector<int> many(253, memory.get());
  for (int i = 0; i < 100; i++) {
    Dialog client(1);
    client.Say("/connect,host", many);
    client.Say("/version", many);
  }
  // The first of many is the one that counts.
  std::string answer;
  EXPECT_TRUE(WaitFor([&] {
    return (answer = Dialog(1).Ask(kOpen, many)).starts_with("/open_ok,");
  })) << answer;
  ExpectWell();
}

TEST_F(Hostile, AtMostEightConnectionsAUser) {
  EXPECT_EQ(As({.uid = 1001, .gid = 2000},
               []() -> std::string {
                 std::vector<std::unique_ptr<Dialog>> eight;
                 for (int i = 0; i < 8; i++) {
                   eight.push_back(std::make_unique<Dialog>(1 + i % 2));
                   if (eight.back()->Ask("/connect,host") != "/host_ok") return "fewer than eight";
                 }
                 const std::string ninth = Dialog(1).Hear();
                 return ninth.starts_with("/open_nak,11,too many") ? "" : ninth;
               }),
            "");
  ExpectWell();
}

TEST_F(Hostile, SilenceEndsAfterTwoSeconds) {
  Dialog silent(1);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(silent.Hear(), kClosed);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_GT(took.count(), 1.5);
  EXPECT_LT(took.count(), 3);
  ExpectWell();
}

// 1,000 connections that say nothing, and new ones for those that are refused.
void Flood(const std::function<void()>& begun) {
  sockaddr_un address = {.sun_family = AF_UNIX};
  std::copy_n(SocketPath(1).c_str(), SocketPath(1).size() + 1, address.sun_path);
  std::vector<Fd> silent(1000);
  for (int i = 0;; i++) {
    Fd fd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0));
    connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address));
    silent[i % 1000] = std::move(fd);
    if (i < 1000) continue;
    if (i == 1000) begun();
    usleep(500);  // from then on 2,000 a second: an attacker, not a busy loop
  }
}

TEST_F(Hostile, AnotherUsersOpenStaysQuickBesideAThousandSilentConnections) {
  Attack attack(kBad, Flood);
  ExpectQuickOpens(kGood);
  ExpectEndsWithinASecond(lab_);
}

// Each has as many connections as it may; together they want more than there are.
TEST_F(Hostile, TheOwnerAndOtherPortsAreServedBesideSeventyUsersOfTheGroup) {
  lab_.AddBlock(3, "owner 1003");
  std::vector<std::unique_ptr<Attack>> attacks;
  for (unsigned i = 0; i < 70; i++)
    attacks.push_back(
        std::make_unique<Attack>(User{.uid = 3000 + i, .gid = 2000}, [](const auto& begun) {
          std::vector<std::unique_ptr<Dialog>> mine;
          for (int i = 0; i < 8; i++) {
            mine.push_back(std::make_unique<Dialog>(1 + i % 2));
            mine.back()->Say("/connect,host");
          }
          // Each is let in, or has been sent away.
          for (auto& client : mine) client->Hear();
          begun();
          pause();
        }));
  ExpectQuickOpens({.uid = 1003, .gid = 1003}, {3});
  ExpectQuickOpens({.uid = 1000, .gid = 1000});
  ExpectEndsWithinASecond(lab_);
}

// All with the same 256 MiB, which are there.
TEST_F(Hostile, AnotherUsersOpenStaysQuickBesideEightOpensOfATakenQueue) {
  Application taken("up0/1");
  Attack attack(kBad, [](const auto& begun) {
    Fd memory = MakeMemfd(256 << 20);
    for (bool first = true;; first = false) {
      std::vector<std::unique_ptr<Dialog>> eight;
      for (int i = 0; i < 8; i++) eight.push_back(std::make_unique<Dialog>(1));
      for (auto& client : eight) client->Say(kOpen, {memory.get()});
      if (first) begun();
      for (auto& client : eight) client->Hear();
    }
  });
  ExpectQuickOpens(kGood, {2});
  ExpectEndsWithinASecond(lab_);
}

// The owner of a port in a namespace of its own gets its XSKMAP, and freezes it: none of it is
// anybody else's.
TEST_F(Hostile, AnotherUsersOpenStaysQuickBesideMapsThatAreFrozen) {
  lab_.sandbox().AddNetns("pod");
  lab_.AddBlock(3, "netns pod ifname eth0 owner 1001:1001");
  Attack attack(kBad, [](const auto& begun) {
    for (bool first = true;; first = false) {
      Dialog client(3);
      client.Ask("/connect,host");
      client.Ask("/xsk_map_fd,eth0");
      // Frozen already, from the second time on.
      if (bpf_map_freeze(client.fd()) && first) return;
      Dialog(3).Ask(kOpen, {MakeMemfd(1 << 20).get()});
      if (first) begun();
    }
  });
  ExpectQuickOpens(kGood);
  ExpectEndsWithinASecond(lab_);
}

// A client that asks and never reads cannot stop the loop.
TEST_F(Hostile, AClientThatDoesNotReadIsDropped) {
  Attack attack(kBad, [](const auto& begun) {
    Dialog deaf(1);
    deaf.Say("/connect,host");
    for (int i = 0; i < 5000 && deaf.Say("/version"); i++) {
    }
    begun();
    pause();
  });
  ExpectQuickOpens(kGood);
  ExpectEndsWithinASecond(lab_);
}

TEST_F(Hostile, MemoryThatIsNone) {
  Fd null(open("/dev/null", O_RDWR)), file(open("/tmp", O_RDWR | O_TMPFILE, 0600));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Fd read_end(ends[0]), write_end(ends[1]);
  Fd memory = MakeMemfd(1 << 20);
  Fd read_only(open(("/proc/self/fd/" + std::to_string(memory.get())).c_str(), O_RDONLY));
  for (int fd : {null.get(), file.get(), read_end.get(), write_end.get(), read_only.get()}) {
    Dialog client(1);
    EXPECT_TRUE(client.Ask(kOpen, {fd}).starts_with("/open_nak,22,"));
  }
  EXPECT_TRUE(Dialog(1).Ask(kOpen).starts_with("/open_nak,22,")) << "none at all";
  ExpectWell();
}

}  // namespace
}  // namespace xsw::test
