// SPDX-License-Identifier: Apache-2.0
// A listener for events is not at the mercy of who sends them.
#include "userspace/event.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

void SendAsNobody(int events) {
  const pid_t nobody = fork();
  if (nobody == 0) {
    if (setuid(65534)) _exit(1);
    for (int i = 0; i < events; i++) SendEvent("forged");
    _exit(0);
  }
  int status = -1;
  Must(waitpid(nobody, &status, 0) == nobody, "waitpid");
  ASSERT_EQ(status, 0);
}

TEST(Event, AFloodOfOthersLeavesTheListenersCallerItsTurn) {
  Sandbox sandbox({});
  EventListener listener = EventListener::Open().value();
  constexpr int kAtOnce = 1000;  // fewer than the queue holds
  int sent = 0;
  for (bool told = true; told && sent < 2 * kMostEventsAtOnce; sent += kAtOnce) {
    SendAsNobody(kAtOnce);
    SendEvent("ours");
    const absl::StatusOr<std::optional<std::string>> text = listener.Next();
    ASSERT_TRUE(text.ok()) << text.status();
    told = text->has_value();
  }
  EXPECT_LE(sent, kMostEventsAtOnce + kAtOnce) << "it goes on reading as long as any come";
  EXPECT_FALSE(listener.drained());
  EXPECT_EQ(*listener.Next(), "ours") << "what comes behind a flood is not lost";
  EXPECT_EQ(*listener.Next(), std::nullopt);
  EXPECT_TRUE(listener.drained());
}

}  // namespace
}  // namespace xsw::test
