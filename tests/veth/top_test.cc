// SPDX-License-Identifier: Apache-2.0
// `xsw top` on a terminal: what its screen shows of traffic of known rates, its keys, its sizes,
// and the terminal afterwards.
//
//     up0   up0sf1 === c1   sends, some of it spoofed
//           up0sf2 === c2   sends half as much
//           up0sf3 === c3   is silent
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <thread>

#include "tests/veth/packet.h"
#include "tests/veth/tmux.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr double kPace = 400;  // frames a second
constexpr size_t kSize = 1000;

// A steady load until its end. spoofs: one to so many good frames; 0: none.
class Load {
 public:
  Load(int from, int to, double pace, int spoofs = 0)
      : socket_(ContainerName(from), kContainerDev, kTestType),
        good_((Eth{MacOf(to), MacOf(from)} / Payload(kSize - 14)).bytes),
        spoof_((Eth{MacOf(to), kOutsideMac} / Payload(kSize - 14)).bytes),
        thread_([=, this](const std::stop_token& stop) { Run(stop, pace, spoofs); }) {}

 private:
  void Run(const std::stop_token& stop, double pace, int spoofs) const {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; !stop.stop_requested(); i++) {
      std::this_thread::sleep_until(begin + std::chrono::duration<double>(i / pace));
      socket_.Send(good_);
      if (spoofs && i % spoofs == 0) socket_.Send(spoof_);
    }
  }

  PacketSocket socket_;
  Bytes good_, spoof_;
  std::jthread thread_;
};

// A row of the table, as numbers.
struct Row {
  double rx = 0, tx = 0, rx_frames = 0, tx_frames = 0;
  std::string lost, reason;
  int dropped = 0;
};

double Unscaled(const std::string& text) {
  static const std::string kUnits = "kMGTPE";
  double number = std::atof(text.c_str());
  const size_t unit = text.empty() ? std::string::npos : kUnits.find(text.back());
  for (size_t i = 0; unit != std::string::npos && i <= unit; i++) number *= 1000;
  return number;
}

Row Parse(const std::string& line) {
  std::istringstream words(line);
  std::string port, place, rx, tx, rx_frames, tx_frames;
  Row row;
  words >> port >> place >> rx >> tx >> rx_frames >> tx_frames >> row.lost >> row.reason >>
      row.dropped;
  row.rx = Unscaled(rx), row.tx = Unscaled(tx);
  row.rx_frames = Unscaled(rx_frames), row.tx_frames = Unscaled(tx_frames);
  return row;
}

bool IsNear(double got, double wanted) { return got > 0.8 * wanted && got < 1.2 * wanted; }

class Top : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<Topology>(TopologyOptions{.ports = 3, .any_cpu = true});
  }
  static void TearDownTestSuite() { world_.reset(); }

  static std::string Line(const std::string& words) {
    std::string line;
    for (const std::string& word : world_->XswArgv(words)) line += word + " ";
    return line;
  }
  static std::vector<std::string> PortsInOrder(const Tmux& tmux) {
    std::vector<std::string> ports;
    for (const std::string& line : tmux.Screen()) {
      const bool is_row = line.starts_with("up0/") && line.find("row ") == std::string::npos;
      if (is_row) ports.push_back(line.substr(0, 5));
    }
    return ports;
  }
  static bool WaitForOrder(const Tmux& tmux, const std::vector<std::string>& ports) {
    const bool seen = WaitFor([&] { return PortsInOrder(tmux) == ports; }, 20000);
    if (!seen) tmux.WaitForLine("", [](const std::string&) { return false; });
    return seen;
  }

  static std::unique_ptr<Topology> world_;
};
std::unique_ptr<Topology> Top::world_;

TEST_F(Top, ShowsTheRatesOfWhatIsSentAndItsDrops) {
  const Load load(1, 2, kPace, 4);
  const Tmux tmux(Line("top up0"));
  EXPECT_TRUE(tmux.WaitForLine("up0/1", [](const std::string& line) {
    const Row row = Parse(line);
    return IsNear(row.rx_frames, 1.25 * kPace) && IsNear(row.rx, 1.25 * kPace * kSize * 8) &&
           row.tx_frames < 10 && row.reason == "spoof" && IsNear(row.dropped, kPace / 4);
  }));
  EXPECT_TRUE(tmux.WaitForLine("up0/2", [](const std::string& line) {
    const Row row = Parse(line);
    return IsNear(row.tx_frames, kPace) && IsNear(row.tx, kPace * kSize * 8) && row.lost == "0" &&
           row.reason.empty();
  }));
  // The chosen port's drops add up, from one interval to the next.
  EXPECT_TRUE(tmux.WaitForLine("since the start: lost 0 drops spoof ", [](const std::string& line) {
    return std::atoi(line.substr(line.rfind(' ')).c_str()) > kPace / 2;
  }));
  EXPECT_NE(tmux.LineOf("functions: rx ").find("dropped 1"), std::string::npos);
}

TEST_F(Top, BytesAndBitsAreAKeyApart) {
  const Load load(1, 2, kPace);
  const Tmux tmux(Line("top up0"));
  ASSERT_TRUE(tmux.WaitForLine(
      "up0/1", [](const std::string& line) { return IsNear(Parse(line).rx, kPace * kSize * 8); }));
  EXPECT_NE(tmux.LineOf("PORT").find("RX bit/s TX bit/s"), std::string::npos);
  tmux.Press("b");
  EXPECT_TRUE(tmux.WaitForLine(
      "up0/1", [](const std::string& line) { return IsNear(Parse(line).rx, kPace * kSize); }));
  EXPECT_NE(tmux.LineOf("PORT").find("RX B/s   TX B/s"), std::string::npos);
  EXPECT_TRUE(tmux.LineOf("functions").find(" B/s, rx") != std::string::npos);
}

TEST_F(Top, SortsByTheColumnThatIsChosen) {
  const Load one(1, 3, kPace), two(2, 3, kPace / 4);
  const Tmux tmux(Line("top up0"));
  EXPECT_TRUE(WaitForOrder(tmux, {"up0/1", "up0/2", "up0/0", "up0/3"}));  // RX
  tmux.Press("r");
  EXPECT_TRUE(WaitForOrder(tmux, {"up0/0", "up0/3", "up0/2", "up0/1"}));
  EXPECT_TRUE(tmux.WaitForText("by RX bit/s, reversed"));
  tmux.Press("r Right");
  EXPECT_TRUE(WaitForOrder(tmux, {"up0/3", "up0/0", "up0/1", "up0/2"}));  // TX
  EXPECT_TRUE(tmux.WaitForText("by TX bit/s"));
  tmux.Press("< Left Left");
  EXPECT_TRUE(WaitForOrder(tmux, {"up0/0", "up0/1", "up0/2", "up0/3"}));  // PORT
  tmux.Press("i");
  EXPECT_TRUE(WaitForOrder(tmux, {"up0/1", "up0/2", "up0/3"}));
}

TEST_F(Top, TheChosenPortHasAHistory) {
  auto load = std::make_unique<Load>(1, 2, kPace);
  const Tmux tmux(Line("top up0 -d 0.2"), {"LC_ALL=C.UTF-8"});
  ASSERT_TRUE(
      tmux.WaitForText("up0/1 up0sf1 class netdev state active opstate attached in c1/eth0"));
  EXPECT_TRUE(tmux.WaitForLine("rx ", [](const std::string& line) {
    return line.find("▇") != std::string::npos || line.find("█") != std::string::npos;
  }));
  tmux.Press("Down Down");
  EXPECT_TRUE(tmux.WaitForText("up0/2 up0sf2"));
  // Of the time before it was chosen too.
  EXPECT_NE(tmux.LineOf("tx ").find("█"), std::string::npos);
  EXPECT_EQ(tmux.LineOf("rx ").find("█"), std::string::npos);
  load.reset();
  EXPECT_TRUE(tmux.WaitForLine("tx ", [](const std::string& line) {
    return line.find("█") != std::string::npos && line.find("   0 of 3.") != std::string::npos;
  }));
  // A port that stays chosen while the order changes.
  tmux.Press("r");
  EXPECT_TRUE(tmux.WaitForText("reversed"));
  EXPECT_NE(tmux.LineOf("up0/2 up0sf2"), "");
}

TEST_F(Top, TheHistoryIsAsciiWhereTheLocaleIs) {
  const Load load(1, 2, kPace);
  const Tmux tmux(Line("top up0 -d 0.2"), {"LC_ALL=C"});
  EXPECT_TRUE(tmux.WaitForLine(
      "rx ", [](const std::string& line) { return line.find('@') != std::string::npos; }));
}

TEST_F(Top, FitsTheTerminalsSizeAndSaysWhichIsTooSmall) {
  const Tmux tmux(Line("top"));
  ASSERT_TRUE(tmux.WaitForText("up0/3"));
  EXPECT_EQ(tmux.LineOf("xsw top: ").size(), 80u);
  tmux.Resize(79, 24);
  EXPECT_TRUE(tmux.WaitForText("xsw top needs 80x24, not 79x24"));
  EXPECT_EQ(tmux.LineOf("up0/3"), "");
  tmux.Resize(9, 2);
  EXPECT_TRUE(tmux.WaitForText("xsw top ~"));
  tmux.Resize(120, 40);
  ASSERT_TRUE(tmux.WaitForText("up0/3"));
  EXPECT_EQ(tmux.LineOf("xsw top: ").size(), 120u);
  EXPECT_TRUE(tmux.Screen()[39].starts_with("q quit"));
  tmux.Press("h");
  EXPECT_TRUE(tmux.WaitForText("choose a port"));
  EXPECT_EQ(tmux.LineOf("up0/3"), "");
  tmux.Press("?");
  EXPECT_TRUE(tmux.WaitForText("up0/3"));
}

struct Ending {
  const char* name;
  int signal;  // 0: the key q
  int status;
};

class TopEnds : public Top, public testing::WithParamInterface<Ending> {};

TEST_P(TopEnds, AndTheTerminalIsAsItWas) {
  std::remove("/run/after");
  // No shell that would put it right.
  const Tmux tmux("stty -g >/run/before; sh -c 'echo $$ >/run/pid; exec " + Line("top") +
                  "'; status=$?; stty -g >/run/after; (exit $status)");
  ASSERT_TRUE(tmux.WaitForText("up0/3"));
  EXPECT_EQ(tmux.Ask("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "1 0 0");
  if (GetParam().signal)
    kill(std::atoi(ReadFile("/run/pid").c_str()), GetParam().signal);
  else
    tmux.Press("q");
  EXPECT_TRUE(tmux.WaitForText("ended " + std::to_string(GetParam().status)));
  EXPECT_TRUE(WaitFor([] {
    return access("/run/after", F_OK) == 0 && ReadFile("/run/after") == ReadFile("/run/before");
  }));
  EXPECT_EQ(tmux.Ask("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "0 1 1");
}

INSTANTIATE_TEST_SUITE_P(, TopEnds,
                         testing::ValuesIn<Ending>({{"Quit", 0, 0},
                                                    {"Sigint", SIGINT, 128 + SIGINT},
                                                    {"Sigterm", SIGTERM, 128 + SIGTERM},
                                                    {"Crash", SIGSEGV, 128 + SIGSEGV},
                                                    {"Abort", SIGABRT, 128 + SIGABRT}}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace xsw::test
