// SPDX-License-Identifier: Apache-2.0
// A long mixed run: 32 writers and readers, ports and namespaces that come and go, xswd killed and
// started, and traffic of two stable ports that must not notice.
//
//   soak          ten minutes
//   soak 30       so many
//   soak 60s      seconds
//   soak 60s 7    with that seed
//
//    out ==wire== up0, the host      eth0 in c1, c2: stable      n0, n1, ...: for all others
//    far1 ======= up1, an eswitch that comes and goes as a whole
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/soak/agreement.h"
#include "tests/soak/disturbance.h"
#include "tests/soak/traffic.h"
#include "tests/soak/worker.h"
#include "tests/sweep/state.h"

namespace xsw::test {
namespace {

constexpr int kWorkers = 32;
constexpr unsigned kCommandsBetween = 16;  // two disturbances
constexpr int kLimitMs = 20'000;
using Clock = std::chrono::steady_clock;

std::chrono::seconds DurationOf(const std::string& text) {
  char* unit = nullptr;
  const long number = std::strtol(text.c_str(), &unit, 10);
  const bool seconds = unit == std::string("s");
  if (number <= 0 || (*unit && !seconds)) Die("soak [MINUTES|SECONDSs] [SEED]");
  return std::chrono::seconds(seconds ? number : number * 60);
}

// Of no eswitch, when xswd has seen that: the top directories stay once they are there.
Snapshot BareState(const Topology& topology) {
  if (!WaitFor([] { return access("/run/xsw/up0", F_OK) != 0; }, kLimitMs))
    Die("xswd does not remove its directory");
  return TakeState(topology, {});
}

void AddStablePorts(Topology* topology) {
  topology->XswOk("eswitch add up0");
  for (int port = 1; port <= 2; port++) {
    topology->XswOk("port add up0 sfnum " + std::to_string(port) + " hw_addr " + Text(MacOf(port)) +
                    " netns " + ContainerName(port) + " ifname eth0 state active");
    topology->ConfigureFunction(port);
  }
}

void Disturb(Disturbance* disturbance, std::chrono::seconds duration, Tally* tally) {
  for (const auto end = Clock::now() + duration; Clock::now() < end;) {
    const unsigned next = tally->Commands() + kCommandsBetween;
    if (!WaitFor([&] { return tally->Commands() >= next || Clock::now() > end; }, 200'000))
      tally->AddDefect("no command comes to its end");
    disturbance->Next();
  }
}

// A writing command mends what namespaces took with them; the kernel frees those a moment later.
void ExpectAgreement(const Topology& topology, Tally* tally) {
  std::string text;
  const bool agree = WaitFor(
      [&] {
        topology.XswOk("eswitch set up0 host on");
        text = Disagreements(topology);
        return text.empty();
      },
      kLimitMs);
  if (!agree) tally->AddDefect(text);
}

void ExpectNothingLeft(const Topology& topology, const Snapshot& bare, Tally* tally) {
  topology.XswOk("eswitch del up0");
  topology.Xsw("eswitch del up1");  // it may be there
  std::string changes;
  const bool same = WaitFor(
      [&] {
        changes = Changes(bare, TakeState(topology, {}));
        return changes.empty();
      },
      kLimitMs);
  if (!same) tally->AddDefect("left after eswitch del:\n" + changes);
}

size_t Soak(std::chrono::seconds duration, unsigned seed) {
  Tally tally;
  Topology topology({.eswitch = false, .any_cpu = true});
  MustRun("ip link add up1 type veth peer name far1");
  for (int port = 1; port <= 2; port++) topology.sandbox().AddNetns(ContainerName(port));
  Disturbance disturbance(&topology, seed, &tally);
  topology.XswOk("eswitch add up0");
  topology.XswOk("eswitch del up0");
  const Snapshot bare = BareState(topology);
  AddStablePorts(&topology);
  {
    Traffic traffic;
    {
      Workers workers(topology, kWorkers, seed, &tally);
      Disturb(&disturbance, duration, &tally);
    }
    disturbance.End();
    const std::string losses = traffic.Losses();
    if (!losses.empty()) tally.AddDefect("stable ports: " + losses);
    std::printf("soak: %llu datagrams and %llu MB of TCP between stable ports\n",
                static_cast<unsigned long long>(traffic.Datagrams()),
                static_cast<unsigned long long>(traffic.TcpBytes() >> 20));
  }
  ExpectAgreement(topology, &tally);
  ExpectNothingLeft(topology, bare, &tally);
  // What Topology finds wrong is googletest's to say.
  const size_t defects = tally.Report() + testing::UnitTest::GetInstance()->Failed();
  std::printf("soak: %u commands in %lld s, seed %u: %zu defects\n", tally.Commands(),
              static_cast<long long>(duration.count()), seed, defects);
  return defects;
}

}  // namespace
}  // namespace xsw::test

int main(int argc, char** argv) {
  if (geteuid() != 0) xsw::test::Die("root is needed, for network namespaces and BPF");
  const unsigned seed =
      argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : std::random_device()();
  return xsw::test::Soak(xsw::test::DurationOf(argc > 1 ? argv[1] : "10"), seed) != 0;
}
