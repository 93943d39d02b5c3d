// SPDX-License-Identifier: Apache-2.0
// `xsw top` while the world around it changes: ports and eswitches come and go, a shell stops it,
// containers give names that would steer a terminal.
#include <gtest/gtest.h>

#include <string>

#include "tests/veth/tmux.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

std::string Line(const Topology& t, const std::string& words) {
  std::string line;
  for (const std::string& word : t.XswArgv(words)) line += word + " ";
  return line;
}

bool WaitUntilGone(const Tmux& tmux, const std::string& begin) {
  return tmux.WaitForLine(begin, [](const std::string& line) { return line.empty(); });
}

TEST(TopChanges, PortsComeAndGo) {
  Topology t({.ports = 1});
  const Tmux tmux(Line(t, "top -d 0.2"));
  ASSERT_TRUE(tmux.WaitForText("up0/1"));
  t.AddPort(2);
  EXPECT_TRUE(tmux.WaitForText("up0/2    c2/eth0"));
  EXPECT_TRUE(tmux.WaitForText("row 1 of 3"));
  tmux.Press("End");
  EXPECT_TRUE(tmux.WaitForText("up0/2 up0sf2 class netdev"));
  t.XswOk("port del up0/2");
  EXPECT_TRUE(WaitUntilGone(tmux, "up0/2"));
  EXPECT_TRUE(tmux.WaitForText("row 2 of 2"));
}

TEST(TopChanges, AnEswitchGoesAndComes) {
  Topology t({.ports = 1});
  const Tmux tmux(Line(t, "top up0 -d 0.2"));
  ASSERT_TRUE(tmux.WaitForText("up0/1"));
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(WaitUntilGone(tmux, "up0/1"));
  EXPECT_TRUE(tmux.WaitForText("up0"));  // why there is nothing to see
  t.XswOk("eswitch add up0");
  EXPECT_TRUE(tmux.WaitForText("up0/0"));
  t.XswOk("port add up0 netns c1 ifname eth0 state active");
  EXPECT_TRUE(tmux.WaitForText("up0/1    c1/eth0"));
}

TEST(TopChanges, MoreRowsThanTheScreenHasAreScrolled) {
  constexpr int kPorts = 40;
  Topology t({.ports = 0});
  for (int i = 1; i <= kPorts; i++) t.XswOk("port add up0");
  const Tmux tmux(Line(t, "top"));
  ASSERT_TRUE(tmux.WaitForText("row 1 of 41"));
  EXPECT_EQ(tmux.LineOf("up0/15 "), "");
  tmux.Press("Down PageDown");
  EXPECT_TRUE(tmux.WaitForText("row 17 of 41"));
  EXPECT_EQ(tmux.LineOf("up0/1 "), "");
  EXPECT_NE(tmux.LineOf("up0/15 "), "");
  tmux.Press("End");
  EXPECT_TRUE(tmux.WaitForText("up0/40 up0sf40"));
  EXPECT_EQ(tmux.LineOf("up0/25 "), "");
  EXPECT_NE(tmux.LineOf("up0/26 "), "");
  tmux.Press("Down Up");
  EXPECT_TRUE(tmux.WaitForText("row 40 of 41"));
  tmux.Press("Home");
  EXPECT_TRUE(tmux.WaitForText("row 1 of 41"));
  EXPECT_NE(tmux.LineOf("up0/1 "), "");
}

// Ctrl-Z gives the terminal to the shell as it was, and fg takes it again.
TEST(TopChanges, AShellStopsAndContinuesIt) {
  Topology t({.ports = 1});
  const Tmux tmux("PS1='at the prompt ' bash --norc", {"TOP=" + Line(t, "top -d 0.2")});
  ASSERT_TRUE(tmux.WaitForText("at the prompt"));
  tmux.Type("stty -g >/run/before && $TOP");
  ASSERT_TRUE(tmux.WaitForText("up0/1"));
  tmux.Press("C-z");
  ASSERT_TRUE(tmux.WaitForText("Stopped"));
  EXPECT_EQ(tmux.Ask("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "0 1 1");
  tmux.Type("stty -g >/run/after && echo typed$((1+1))");
  ASSERT_TRUE(tmux.WaitForText("typed2"));
  EXPECT_EQ(ReadFile("/run/after"), ReadFile("/run/before"));
  tmux.Type("fg");
  ASSERT_TRUE(tmux.WaitForText("up0/1"));
  EXPECT_EQ(tmux.Ask("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "1 0 0");
  tmux.Press("b");
  EXPECT_TRUE(tmux.WaitForText("RX B/s"));
  tmux.Press("q");
  EXPECT_TRUE(tmux.WaitForText("at the prompt"));
}

// Names with control sequences and letters that are no ASCII: a title, a colour, C1, a wide letter.
TEST(TopChanges, NamesDoNotSteerTheTerminal) {
  Topology t({.ports = 2});
  const std::string title = "\033]2;owned\a", wide =
                                                  "\xe5\xae\xbd\xc2\x9b"
                                                  "31mx";
  for (const auto& [netns, name] : {std::pair("c1", title), std::pair("c2", wide)}) {
    const Result renamed =
        RunCommand(Argv{"ip", "-n", netns, "link", "set", kContainerDev, "down", "name", name});
    ASSERT_EQ(renamed.status, 0) << renamed.err;
  }
  const Tmux tmux(Line(t, "top -d 0.2"), {"LC_ALL=C.UTF-8"});
  EXPECT_TRUE(tmux.WaitForText("up0/1    c1/?]2;owned?"));
  EXPECT_TRUE(tmux.WaitForText("up0/2    c2/?????31mx"));
  EXPECT_NE(tmux.Ask("#{pane_title}"), "owned");
  EXPECT_EQ(tmux.LineOf("up0/1 ").find(" 0 "), tmux.LineOf("up0/2 ").find(" 0 "));
}

}  // namespace
}  // namespace xsw::test
