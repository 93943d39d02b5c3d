// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"
#include "tests/veth/stream.h"

namespace xsw::test {
namespace {

// Lines "Udp6InCsumErrors    0".
uint64_t Snmp6(const std::string& name) {
  std::istringstream in(ReadFile("/proc/thread-self/net/snmp6"));
  std::string word;
  uint64_t value;
  while (in >> word >> value) {
    if (word == name) return value;
  }
  Die("no counter " + name + " in snmp6");
}

// Pairs of lines "Tcp: name name ..." and "Tcp: value value ...".
uint64_t FromPairs(const std::string& text, const std::string& group, const std::string& name) {
  std::istringstream in(text);
  std::string names, values;
  while (std::getline(in, names) && std::getline(in, values)) {
    if (!names.starts_with(group + ":")) continue;
    std::istringstream n(names), v(values);
    std::string key, value;
    while (n >> key && v >> value) {
      if (key == name) return std::stoull(value);
    }
  }
  Die("no counter " + group + " " + name);
}

}  // namespace

uint64_t StackCounter(const std::string& netns, const std::string& group, const std::string& name) {
  InNetns in(netns);
  if (group == "snmp6") return Snmp6(name);
  const std::string file = group == "TcpExt" ? "netstat" : "snmp";
  return FromPairs(ReadFile("/proc/thread-self/net/" + file), group, name);
}

uint64_t ChecksumErrors(const std::string& netns) {
  return StackCounter(netns, "Tcp", "InCsumErrors") + StackCounter(netns, "Udp", "InCsumErrors") +
         StackCounter(netns, "snmp6", "Udp6InCsumErrors");
}

void FlushNeighbours(const std::string& netns) {
  InNetns in(netns);
  MustRun("ip neigh flush all");
}

}  // namespace xsw::test
