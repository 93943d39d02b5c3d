// SPDX-License-Identifier: Apache-2.0
// Many ports: what each of them costs does not depend on how many there are, and their end is that
// of all. XSW_TEST_PORTS=4096, the limit, instead of 300: the figures of docs/performance.md.
//
//    netns "small"                 the host, "big"                            netns c1
//    up0, an eswitch to compare    up0, with up0sf1, up0sf2, ...  ==========  e1, e2, ...
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/sweep/injector.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr char kExpedited[] = "/sys/kernel/rcu_expedited";
constexpr int kLimit = 4096, kFewSamples = 7, kSamples = 21, kPortsAtOnce = 50;

// The full size, on a machine of its own.
bool Measures() { return std::getenv("XSW_TEST_PORTS"); }

int Ports() { return Measures() ? std::atoi(std::getenv("XSW_TEST_PORTS")) : 300; }

// A quarter are less: what other work on the machine adds is in the upper half.
double Quartile(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 4);
}

double SecondsOf(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of the commands that have been run so far, in seconds.
double CpuTime() {
  rusage used = {};
  getrusage(RUSAGE_CHILDREN, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

// What a command takes, how often it is run.
struct Cost {
  void Of(const std::function<void()>& command) {
    const double before = CpuTime();
    wall.push_back(SecondsOf(command));
    cpu.push_back(CpuTime() - before);
  }
  std::vector<double> wall, cpu;
};

// What netdevs and their programs are made of, in KiB. The whole machine's: no figure to test for.
double KernelMemory() {
  std::istringstream lines(ReadFile("/proc/meminfo"));
  double sum = 0;
  for (std::string name, line; lines >> name && std::getline(lines, line);) {
    if (name == "Slab:" || name == "Percpu:" || name == "VmallocUsed:") sum += std::stod(line);
  }
  return sum;
}

// One number of it in its first line.
std::string Load() { return ReadFile("/proc/loadavg").substr(0, 4); }

// What a container runtime is told.
std::string CniStatus() {
  std::ofstream("/run/cni.json") << R"({"cniVersion": "1.1.0", "name": "net", "type": "xsw",
                                        "master": "up0", "bpffs": "/run/bpffs"})";
  return RunCommand(Argv{"env", "CNI_COMMAND=STATUS", "sh", "-c", "exec \"$0\" </run/cni.json",
                         XSW_CNI_BINARY})
      .out;
}

class Scale : public testing::Test {
 protected:
  Scale() : t({.eswitch = false, .any_cpu = true}) {
    for (const char* netns : {"c1", "c2", "small"}) t.sandbox().AddNetns(netns);
    Ip("small", "link add up0 type veth peer name wire0\nlink set up0 up\nlink set wire0 up");
    t.XswOk("-n small eswitch add up0");
    t.XswOk("eswitch add up0");
  }
  static std::string AddLine(int port, const std::string& netns = "c1") {
    const std::string number = std::to_string(port);
    return "port add up0 sfnum " + number + " netns " + netns + " ifname e" + number +
           " state active";
  }
  // Not all in one command, for which a test waits only so long.
  void AddPorts(int first, int last) {
    for (int next = first; next <= last; next += kPortsAtOnce) {
      std::ofstream batch("/run/ports");
      for (int port = next; port <= std::min(last, next + kPortsAtOnce - 1); port++)
        batch << AddLine(port) << "\n";
      batch.close();
      const Result result = t.Xsw("-b /run/ports");
      Must(result.status == 0, "add ports: " + result.err);
    }
  }
  size_t Netdevs() {
    const std::string lines = MustRun("ip -o link show");
    return static_cast<size_t>(std::count(lines.begin(), lines.end(), '\n'));
  }
  void AddingTakesNotLongerThanTheFirst(int there);
  void RemovingAllIsOneStep(int there);
  Topology t;
};

// In turn, so that whatever else the machine does is the same for both. Beside other work the time
// is that of the waits for it: what more there is to do is then told by the CPU time.
void Scale::AddingTakesNotLongerThanTheFirst(int there) {
  const std::string port = std::to_string(there + 1);
  Cost many, first;
  for (int i = 0; i < kSamples; i++) {
    many.Of([&] { t.XswOk(AddLine(there + 1)); });
    first.Of([&] { t.XswOk("-n small " + AddLine(there + 1, "c2")); });
    t.XswOk("port del up0/" + port);
    t.XswOk("-n small port del up0/1");
  }
  const double wall = Quartile(first.wall), ratio = Quartile(many.wall) / wall;
  const double more = (Quartile(many.cpu) - Quartile(first.cpu)) / wall;
  std::printf("add port %s: %.1f ms, the first %.1f ms: ratio %.2f; %.0f %% more CPU time\n",
              port.c_str(), Quartile(many.wall) * 1e3, wall * 1e3, ratio, more * 100);
  EXPECT_LE(more, 0.25);
  if (Measures()) {
    EXPECT_LE(ratio, 1.25);
  }
}

void Scale::RemovingAllIsOneStep(int there) {
  const std::string before = ReadFile(kExpedited);
  std::vector<double> single;
  int left = there;
  for (; left > there - kFewSamples; left--)
    single.push_back(SecondsOf([&] { t.XswOk("port del up0/" + std::to_string(left)); }));
  const double all = SecondsOf([&] { t.XswOk("eswitch del up0"); });
  std::printf("eswitch del of %d ports: %.2f s; port del: %.1f ms\n", left, all,
              Quartile(single) * 1e3);
  EXPECT_LT(all / left, Quartile(single) / 4);
  EXPECT_EQ(Netdevs(), 2u) << "up0 and lo";
  EXPECT_EQ(ReadFile(kExpedited), before);
}

TEST_F(Scale, OfPortsCostsEachTheSame) {
  const int ports = Ports();
  const double before = KernelMemory();
  const double seconds = SecondsOf([&] { AddPorts(1, ports); });
  std::printf("load %s: %d ports in %.1f s, %.0f KiB of kernel memory each\n", Load().c_str(),
              ports, seconds, (KernelMemory() - before) / ports);
  const Json use = Json::parse(t.XswOk("-j -s eswitch show up0"))["eswitch"]["up0"]["use"];
  EXPECT_EQ(use["ports"], (Json{{"used", ports}, {"limit", kLimit}}));
  std::printf("port show: %.2f s\n", SecondsOf([&] { t.XswOk("-s port show"); }));
  if (ports < kLimit) {
    AddingTakesNotLongerThanTheFirst(ports);
  } else {
    const Result result = t.Xsw("port add up0");
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err, "Error: xsw: eswitch up0: all 4096 ports are in use.\n");
    EXPECT_NE(CniStatus().find("\"code\": 50"), std::string::npos);
  }
  RemovingAllIsOneStep(ports);
  t.XswOk("eswitch add up0");
  AddPorts(1, 1);
}

// The machine's setting, which commands change while a port comes or goes, and many do.
class GracePeriods : public Scale {
 protected:
  GracePeriods() : before_(ReadFile(kExpedited)) { WriteFile(kExpedited, "0"); }
  ~GracePeriods() override { WriteFile(kExpedited, before_); }
  bool IsExpedited() { return ReadFile(kExpedited) == "1\n"; }
  void AddManyPorts() {
    WriteFile(kExpedited, "1");  // takes a third of the time
    AddPorts(1, 64);
    WriteFile(kExpedited, "0");
  }
  // `eswitch del` killed while it removes the representors: the kernel finishes that call.
  void KillDel() {
    AddManyPorts();
    Process del(t.XswArgv("eswitch del up0"));
    ASSERT_TRUE(WaitFor([&] { return IsExpedited() || del.Done(); }));
    ASSERT_FALSE(del.Done()) << "it has not been seen at work";
    del.Kill();
    EXPECT_TRUE(IsExpedited());
  }

 private:
  std::string before_;
};

TEST_F(GracePeriods, AKilledDelIsFinishedByTheNext) {
  KillDel();
  t.XswOk("eswitch del up0");
  EXPECT_FALSE(IsExpedited());
  EXPECT_EQ(Netdevs(), 2u);
}

TEST_F(GracePeriods, AKilledDelIsFinishedByTheNextAdd) {
  KillDel();
  t.XswOk("eswitch add up0");
  EXPECT_FALSE(IsExpedited());
  AddPorts(1, 1);
}

// Of a killed command the next one of whatever kind puts it back.
TEST_F(GracePeriods, SoItIsWithOnePort) {
  const Argv add = t.XswArgv("port add up0 netns c1 ifname e1 state active");
  const auto is_attached = [](const Call& call) { return call.what == "bpf link_create"; };
  const std::vector<Call> calls = RunTraced(add).calls;
  EXPECT_FALSE(IsExpedited());
  t.XswOk("port del up0/1");
  EXPECT_FALSE(IsExpedited());
  const auto attached = std::find_if(calls.begin(), calls.end(), is_attached);
  ASSERT_NE(attached, calls.end());
  RunTraced(add, {How::kKillAfter, static_cast<size_t>(attached - calls.begin())});
  EXPECT_TRUE(IsExpedited());
  t.XswOk("eswitch set up0 rx_path auto");
  EXPECT_FALSE(IsExpedited());
}

TEST_F(GracePeriods, WhatTheAdministratorHasSetStays) {
  AddManyPorts();
  WriteFile(kExpedited, "1");
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(IsExpedited());
}

}  // namespace
}  // namespace xsw::test
