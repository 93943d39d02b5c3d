// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/world.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace xsw::test {
namespace {

constexpr int kStable = 2;
constexpr int kLimitMs = 3000;

std::string PermanentNeighbours(const std::string& dev) {
  std::string lines;
  const auto add = [&](const std::string& ip, const Mac& mac) {
    lines += "neigh replace " + ip + " lladdr " + Text(mac) + " nud permanent dev " + dev + "\n";
  };
  add(kHostIp, kHostMac);
  add(kOutsideIp, kOutsideMac);
  for (int port = 1; port <= kStable; port++) add(IpOf(port), MacOf(port));
  return lines;
}

// The kernel frees late: what lived a moment longer in the run that is the measure is not missing.
std::string ChangesFrom(const Snapshot& wanted, const Snapshot& now) {
  Snapshot due = wanted;
  std::erase_if(due, [&](const std::string& fact) {
    return fact.starts_with(kAlive) && !now.contains(fact);
  });
  return Changes(due, now);
}

// Few enough to be read: what differs is mostly the same thing in several places.
std::string Shortened(const std::string& changes) {
  constexpr size_t kLines = 4, kLength = 220;
  std::istringstream in(changes);
  std::string text;
  size_t lines = 0;
  for (std::string line; std::getline(in, line); lines++) {
    if (lines < kLines) text += (lines ? " | " : "") + line.substr(0, kLength);
  }
  if (lines > kLines) text += " | and " + std::to_string(lines - kLines) + " more";
  return text;
}

// As a runtime calls it for the netdev eth0 of the container c3.
Argv CniArgv(const std::string& line) {
  const Argv words = Words(line);
  return {"env",
          "CNI_COMMAND=" + words[1],
          "CNI_CONTAINERID=c3",
          "CNI_NETNS=/run/netns/c3",
          "CNI_IFNAME=eth0",
          "CNI_PATH=/usr/lib/cni",
          "sh",
          "-c",
          "exec \"$0\" <\"$1\"",
          XSW_CNI_BINARY,
          words[2]};
}

}  // namespace

World::World() : topology_({.eswitch = false, .any_cpu = true}) {
  for (const char* netns : {"c1", "c2", "c3", "c4"}) topology_.sandbox().AddNetns(netns);
  {
    // As `xdp on` demands.
    InNetns in(kOutside);
    MustRun("ethtool -K eth0 tx off txvlan off");
  }
  Ip("", PermanentNeighbours(kUplink));
  Ip(kOutside, PermanentNeighbours(kContainerDev));
  Ip("", std::string("link add ") + kFullUplink + " up type vxlan id 7 dstport 4789\n");
  for (const DocumentFile& file : DocumentFiles()) std::ofstream(file.path) << file.text;
  // The top directories stay once they are there.
  const std::string failed = Run("eswitch add up0;eswitch del up0");
  if (!failed.empty()) Die(failed);
  nothing_ = Settled();
  flows_.emplace();
}

void World::ConfigurePorts() {
  for (int port = 1; port <= kStable; port++) {
    Ip(ContainerName(port), "link set eth0 up\naddr replace " + IpOf(port) + "/24 dev eth0\n" +
                                PermanentNeighbours("eth0"));
    Topology::WaitForCarrier({Representor(port)});
  }
}

std::string World::Go(Base base) {
  if (base == base_) return "";
  flows_->Let(kNoFlows);
  std::string lines = "eswitch del up0";
  if (base == Base::kSwitch) {
    lines = "eswitch add up0";
    for (int port = 1; port <= kStable; port++)
      lines += ";port add up0 sfnum " + std::to_string(port) + " hw_addr " + Text(MacOf(port)) +
               " netns " + ContainerName(port) + " ifname eth0 state active";
  }
  std::string failed = Run(lines);
  if (failed.empty() && base == Base::kSwitch) ConfigurePorts();
  base_ = base;
  return failed;
}

Trace World::Xsw(const std::string& line, const Accident& accident) {
  const bool cni = line.starts_with("cni ");
  Trace trace = RunTraced(cni ? CniArgv(line) : topology_.XswArgv(line), accident);
  made_.insert(made_.end(), trace.made.begin(), trace.made.end());
  return trace;
}

std::string World::Run(const std::string& lines) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line, ';');) {
    const Trace trace = Xsw(line);
    if (trace.result.status != 0)
      return line + ": status " + std::to_string(trace.result.status) + ": " + trace.result.err;
  }
  return "";
}

Snapshot World::State() {
  made_.erase(std::remove_if(made_.begin(), made_.end(),
                             [](const BpfObject& object) { return !IsAlive(object); }),
              made_.end());
  return TakeState(topology_, made_);
}

Snapshot World::Settled() {
  constexpr int kTimesTheSame = 4;
  Snapshot state = State();
  int same = 0;
  WaitFor([&] {
    const Snapshot before = std::exchange(state, State());
    same = before == state ? same + 1 : 0;
    return same == kTimesTheSame;
  });
  return state;
}

std::string World::Differs(const Snapshot& wanted) { return DiffersFromBoth(wanted, wanted); }

std::string World::DiffersFromBoth(const Snapshot& one, const Snapshot& other) {
  std::string changes;
  WaitFor(
      [&] {
        const Snapshot now = State();
        const std::string from_other = ChangesFrom(other, now);
        changes = ChangesFrom(one, now);
        if (from_other.size() < changes.size()) changes = from_other;
        return changes.empty();
      },
      kLimitMs);
  return Shortened(changes);
}

}  // namespace xsw::test
