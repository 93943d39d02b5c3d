// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/commands.h"

#include <string_view>

namespace xsw::test {
namespace {

struct Form {
  int words;  // of the kind: what it is counted under
  bool may_be_refused;
  const char* line;
};

// Letters behind a $ are drawn: P port, S sfnum, N namespace, M address, G group, V VLAN, R rate,
// U mtu, O on or off.
constexpr Form kForms[] = {
    {2, true, "port add up0"},
    {2, true, "port add up0 sfnum $S netns $N state active"},
    {2, true, "port add up0 netns $N state active vlan $V tx_max $R"},
    {2, true, "port add up0 netns $N ifname eth0 state active mtu $U"},
    {2, true, "port add up0 hw_addr $M state active promisc off isolated $O"},
    {2, true, "port add up0 class queues queues 2 owner nobody state active"},
    {2, true, "port add up1 state active"},
    {2, true, "port del $P"},
    {2, true, "port del $P"},
    {2, true, "port del $P"},
    {2, true, "port del $P"},
    {3, true, "port function set $P state active"},
    {3, true, "port function set $P state inactive"},
    {3, true, "port function set $P netns $N"},
    {3, true, "port function set $P mtu $U"},
    {3, true, "port function set $P hw_addr $M"},
    {3, true, "port function set $P vlan $V"},
    {3, true, "port function set $P vlans 10-20 pvid $V"},
    {3, true, "port function set $P novlan link enable"},
    {3, true, "port function set $P tx_max $R rx_max $R"},
    {3, true, "port function set $P trust on promisc $O allmulti $O"},
    {3, true, "port function set $P spoofchk $O isolated $O"},
    {2, true, "fdb add up0 $M port $P"},
    {2, true, "fdb add up0 $M port $P"},
    {2, true, "fdb del up0 $M port $P"},
    {2, true, "mdb add up0 $G port $P"},
    {2, true, "mdb add up0 $G port $P"},
    {2, true, "mdb del up0 $G port $P"},
    {2, false, "eswitch set up0 host $O"},
    {2, false, "eswitch set up0 miss uplink rx_path stack"},
    {2, false, "eswitch set up0 miss auto rx_path auto"},
    {2, true, "eswitch add up1"},
    {2, true, "eswitch del up1"},
    {2, false, "eswitch show"},
    {2, false, "-j -s eswitch show up0"},
    {2, false, "port show"},
    {2, false, "-j -s port show"},
    {2, false, "-j port show up0/1"},
    {2, true, "-j -s port show $P"},
    {2, false, "-j fdb show"},
    {2, false, "mdb show up0"},
    {2, false, "vlan show"},
    {1, false, "stats"},
    {1, false, "-j stats up0"},
    {1, false, "explain up0/1 src 02:00:00:00:00:01 dst 02:00:00:00:00:02"},
    {1, true, "-j explain $P src 02:00:00:00:00:77 dst ff:ff:ff:ff:ff:ff"},
};

int Below(std::mt19937& random, int limit) { return static_cast<int>(random() % limit); }

// Few of each, so that workers meet.
std::string Draw(char what, std::mt19937& random) {
  switch (what) {
    case 'P':
      return "up0/" + std::to_string(3 + Below(random, 12));
    case 'S':
      return std::to_string(100 + Below(random, 8));
    case 'N':
      return ChurnName(Below(random, kChurnNamespaces));
    case 'M':
      return "02:00:00:00:0b:0" + std::to_string(Below(random, 5));
    case 'G':
      return "239.1.2." + std::to_string(1 + Below(random, 2));
    case 'V':
      return std::to_string(10 + Below(random, 5));
    case 'R':
      return Below(random, 3) ? std::to_string(1 + Below(random, 90)) + "mbit" : "0";
    case 'U':
      return std::to_string(1400 + Below(random, 101));
    case 'O':
      return Below(random, 2) ? "on" : "off";
  }
  return std::string("$") + what;
}

// "-j -s port show $P", 2 -> "port show"
std::string Kind(std::string_view line, int words) {
  while (line.starts_with("-")) line.remove_prefix(line.find(' ') + 1);
  size_t end = 0;
  for (int i = 0; i < words && end != line.npos; i++) end = line.find(' ', end ? end + 1 : 0);
  return std::string(line.substr(0, end));
}

}  // namespace

Command DrawCommand(std::mt19937& random) {
  const Form& form = kForms[random() % std::size(kForms)];
  Command command = {Kind(form.line, form.words), "", form.may_be_refused};
  for (const char* at = form.line; *at; at++) {
    if (*at == '$')
      command.line += Draw(*++at, random);
    else
      command.line += *at;
  }
  return command;
}

}  // namespace xsw::test
