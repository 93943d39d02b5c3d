// SPDX-License-Identifier: Apache-2.0
// `xsw stats --watch SECONDS`: the rates it prints are those of what was sent.
//
//     up0   up0sf1 === c1   sends, half of it spoofed
//           up0sf2 === c2
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

constexpr int kInterval =
    2;  // of --watch: not 1, or what is per interval passes for what is per second
constexpr size_t kSize = 100;
const Bytes kGood = (Eth{kMac2, kMac1} / Payload(kSize - 14)).bytes;
const Bytes kSpoof = (Eth{kMac2, kMac3} / Payload(kSize - 14)).bytes;

// What one print says of ports 1 and 2, per second.
struct Rates {
  double seconds = 0;  // of the interval, as it says itself; the text does not
  double rx_frames = 0, rx_bytes = 0, tx_frames = 0, tx_bytes = 0, spoofs = 0;

  Rates& operator+=(const Rates& r) {
    seconds += r.seconds;
    rx_frames += r.rx_frames * r.seconds;
    rx_bytes += r.rx_bytes * r.seconds;
    tx_frames += r.tx_frames * r.seconds;
    tx_bytes += r.tx_bytes * r.seconds;
    spoofs += r.spoofs * r.seconds;
    return *this;
  }
};

std::vector<Rates> ParseJson(const std::string& out) {
  std::vector<Rates> prints;
  std::istringstream lines(out.substr(0, out.rfind('\n') + 1));
  for (std::string line; std::getline(lines, line);) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_discarded()) Die("not JSON: " + line);
    const Json &one = json["per_second"]["up0/1"], &two = json["per_second"]["up0/2"];
    prints.push_back({json["seconds"], one["rx"]["frames"], one["rx"]["bytes"], two["tx"]["frames"],
                      two["tx"]["bytes"], one["drops"].value("spoof", 0.0)});
  }
  return prints;
}

// "up0/1   RX FRAMES  RX BYTES  TX FRAMES  TX BYTES  spoof N" of each port below a header.
std::vector<Rates> ParseText(const std::string& out) {
  std::vector<Rates> prints;
  std::istringstream lines(out.substr(0, out.rfind('\n') + 1));
  double unused;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string port, reason;
    words >> port;
    if (port == "PORT") prints.push_back({.seconds = kInterval});
    Rates& r = prints.back();
    if (port == "up0/1")
      words >> r.rx_frames >> r.rx_bytes >> unused >> unused >> unused >> reason >> r.spoofs;
    if (port == "up0/2") words >> unused >> unused >> r.tx_frames >> r.tx_bytes;
  }
  // The last may not be whole yet.
  if (!prints.empty()) prints.pop_back();
  return prints;
}

class Watch {
 public:
  Watch(const Topology& t, bool json)
      : json_(json),
        process_(t.XswArgv(std::string(json ? "-j " : "") + "stats up0 --watch " +
                           std::to_string(kInterval))) {}
  std::vector<Rates> Prints() {
    if (process_.Done()) Die("xsw stats --watch has ended");
    return json_ ? ParseJson(process_.OutSoFar()) : ParseText(process_.OutSoFar());
  }
  bool WaitForPrints(size_t n) {
    return WaitFor([&] { return Prints().size() >= n; }, 30000);
  }

 private:
  bool json_;
  Process process_;
};

class StatsWatch : public testing::TestWithParam<bool> {};

// Between two prints a known number of frames: what the prints after it say adds up to that, to one
// frame a print (rates are whole numbers), and to the interval's own length, which the text does
// not have.
TEST_P(StatsWatch, AddsUpToWhatWasSent) {
  constexpr int kN = 2000;
  Topology t({.ports = 2});
  const PacketSocket port1("c1", kContainerDev, kTestType);
  Watch watch(t, GetParam());
  ASSERT_TRUE(watch.WaitForPrints(1));
  const size_t before = watch.Prints().size();
  for (int i = 0; i < kN / 2; i++) port1.Send(kGood), port1.Send(kSpoof);
  ASSERT_TRUE(watch.WaitForPrints(before + 2));
  const std::vector<Rates> prints = watch.Prints();
  Rates sum;
  for (size_t i = before; i < prints.size(); i++) sum += prints[i];
  const double margin = GetParam() ? 0.01 : 0.3;
  EXPECT_NEAR(sum.rx_frames, kN, kN * margin);
  EXPECT_NEAR(sum.rx_bytes, kN * kSize, kN * kSize * margin);
  EXPECT_NEAR(sum.tx_frames, kN / 2, kN / 2 * margin);
  EXPECT_NEAR(sum.tx_bytes, kN / 2 * kSize, kN / 2 * kSize * margin);
  EXPECT_NEAR(sum.spoofs, kN / 2, kN / 2 * margin);
}

// At a steady pace each print says that pace.
TEST_P(StatsWatch, SaysThePaceInEachPrint) {
  using Clock = std::chrono::steady_clock;
  constexpr double kPace = 400;
  constexpr size_t kPrints = 2;
  Topology t({.ports = 2});
  const PacketSocket port1("c1", kContainerDev, kTestType);
  Watch watch(t, GetParam());
  const auto begin = Clock::now();
  double sent = 0, late = 0;
  while (watch.Prints().size() <= kPrints) {
    const double now = std::chrono::duration<double>(Clock::now() - begin).count();
    late = std::max(late, now - sent / kPace);
    for (; sent < now * kPace; sent++) port1.Send(kGood);
  }
  // Kept from sending for that long, the load was not steady; then only the mean is told.
  const bool steady = late < 0.1;
  const std::vector<Rates> prints = watch.Prints();
  double mean = 0;
  // The first interval began before the load.
  for (size_t i = 1; i <= kPrints; i++) {
    if (steady) {
      EXPECT_NEAR(prints[i].tx_frames, kPace, 0.2 * kPace) << i;
    }
    mean += prints[i].tx_frames / kPrints;
  }
  EXPECT_NEAR(mean, kPace, 0.3 * kPace);
}

INSTANTIATE_TEST_SUITE_P(, StatsWatch, testing::Values(false, true), [](const auto& info) {
  return std::string(info.param ? "Json" : "Text");
});

}  // namespace
}  // namespace xsw::test
