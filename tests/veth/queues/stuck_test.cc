// SPDX-License-Identifier: Apache-2.0
// Clients that send file descriptors whose close does not return, and one that only wants its
// queue.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <memory>

#include "tests/veth/queues/attack.h"
#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"
#include "tests/veth/queues/snares.h"

namespace xsw::test {
namespace {

const User kBad = {.uid = 1001, .gid = 2000}, kGood = {.uid = 1002, .gid = 2000};

class Stuck : public testing::Test {
 protected:
  Stuck() : lab_({.ports = 0}) {
    lab_.AddBlock(1, "owner 1000:2000");
    lab_.AddBlock(2, "owner 1000:2000");
    Ip("", "link set lo up");
    std::ofstream("/run/snare") << "";  // what FUSE is mounted on
  }
  QueueLab lab_;
};

// As each message that brings a file descriptor, and as what comes where none is wanted.
void SendEverywhere(int fd) {
  Dialog open(1), busy(1), unasked(1);
  open.Say("/open,0,64,64,64,64,2048,0", {fd});
  busy.Say("/connect,host", {fd});
  busy.Say("/config_busy_poll,20,64", {fd});
  unasked.Say("/nonsense", {fd, fd, fd});
  for (int i = 0; i < 2; i++) busy.Say("/version", {fd});
}

void SendFuse(const std::function<void()>& begun) {
  const FuseFile file;
  SendEverywhere(file.fd());
  file.WaitForCatch();
  begun();
  pause();
}

// Each of many connections has sockets in its queue when it is accepted, and most of them are
// refused.
void SendLingering(const std::function<void()>& begun) {
  struct sigaction interrupt = {};
  interrupt.sa_handler = [](int) {};
  interrupt.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &interrupt, nullptr);
  const itimerval often = {{0, 5000}, {0, 5000}};  // so that we ourselves never linger
  setitimer(ITIMER_REAL, &often, nullptr);
  std::deque<LingeringSocket> sockets;
  for (int round = 0;; round++) {
    std::vector<std::unique_ptr<Dialog>> clients;
    for (int i = 0; i < 16; i++) {
      clients.push_back(std::make_unique<Dialog>(1));
      for (const char* text : {"/connect,host", "/nonsense"}) {
        LingeringSocket& socket = sockets.emplace_back();
        clients.back()->Say(text, {socket.fd()});
        socket.Close();
      }
    }
    // Their other ends must stay, or there is nothing to wait for.
    while (sockets.size() > 200) sockets.pop_front();
    if (round == 0) begun();
  }
}

TEST_F(Stuck, AFileOfFuse) {
  Attack attack(kBad, SendFuse);
  ExpectQuickOpens(kGood);
  ExpectEndsWithinASecond(lab_);
}

TEST_F(Stuck, ASocketThatLingers) {
  Attack attack(kBad, SendLingering);
  ExpectQuickOpens(kGood);
  ExpectEndsWithinASecond(lab_);
}

// What is in the queue of a listener that is closed, because its port is deleted, closes with it.
TEST_F(Stuck, ASocketThatLingersAtAPortThatGoes) {
  Attack attack(kBad, SendLingering);
  lab_.XswOk("port del up0/1");
  EXPECT_TRUE(lab_.Stops(1));
  ExpectQuickOpens(kGood, {2});
  ExpectEndsWithinASecond(lab_);
}

}  // namespace
}  // namespace xsw::test
