// SPDX-License-Identifier: Apache-2.0
// What changes, as the words of a command line.
#include <algorithm>
#include <cctype>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "switchdev_model/configuration/change.h"
#include "switchdev_model/ports/owner.h"
#include "switchdev_model/units.h"
#include "switchdev_model/words.h"

namespace xsw {
namespace {

// As a shell takes it.
std::string Quoted(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || std::strchr("_-.:@+%", c);
  });
  if (plain) return name;
  return absl::StrCat("'", absl::StrReplaceAll(name, {{"'", "'\\''"}}), "'");
}

class Line {
 public:
  template <typename T, typename Format>
  void Add(const char* word, const std::optional<T>& value, Format format) {
    if (value) absl::StrAppend(&text_, " ", word, " ", format(*value));
  }
  void Add(const char* word, const std::optional<uint32_t>& value) {
    Add(word, value, [](uint32_t number) { return absl::StrCat(number); });
  }
  void Add(const char* word, const std::optional<bool>& value) {
    Add(word, value, [](bool on) { return on ? "on" : "off"; });
  }
  void Add(const char* word, bool said) {
    if (said) absl::StrAppend(&text_, " ", word);
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

void AddFunction(const FunctionChange& change, Line* line) {
  line->Add("class", change.port_class, ClassWord);
  line->Add("queues", change.queues);
  line->Add("program", change.program, ProgramWord);
  line->Add("hw_addr", change.hw_addr, FormatMac);
  if (change.netns && change.netns->empty())
    line->Add("nonetns", true);
  else
    line->Add("netns", change.netns, Quoted);
  line->Add("ifname", change.ifname, Quoted);
  line->Add("state", change.active, StateWord);
  line->Add("mtu", change.mtu);
  line->Add("owner", change.owner, FormatOwner);
  line->Add("memory_max", change.memory_max, FormatSize);
}

void AddPolicy(const PolicyChange& change, Line* line) {
  line->Add("novlan", change.vlan.novlan);
  line->Add("vlan", change.vlan.vlan);
  line->Add("vlans", change.vlan.vlans, FormatVlanSet);
  line->Add("pvid", change.vlan.pvid);
  line->Add("qos", change.vlan.qos);
  line->Add("spoofchk", change.spoofchk);
  line->Add("trust", change.trust);
  line->Add("promisc", change.promisc);
  line->Add("allmulti", change.allmulti);
  line->Add("isolated", change.isolated);
  line->Add("link", change.link, LinkWord);
  line->Add("tx_max", change.tx_max, FormatRate);
  line->Add("rx_max", change.rx_max, FormatRate);
  line->Add("burst", change.burst, FormatSize);
}

}  // namespace

std::string Words(const EswitchSettings& settings) {
  Line line;
  line.Add("mode", settings.mode, ModeWord);
  line.Add("xdp", settings.xdp, XdpWord);
  line.Add("rx_path", settings.rx_path, RxPathWord);
  line.Add("host", settings.host);
  line.Add("miss", settings.miss, MissWord);
  return std::move(line).text();
}

std::string Words(const FunctionChange& change) {
  Line line;
  AddFunction(change, &line);
  AddPolicy(change.policy, &line);
  return std::move(line).text();
}

std::string Words(const PortSpec& spec) {
  Line line;
  line.Add("sfnum", spec.sfnum);
  AddFunction(spec.function, &line);
  AddPolicy(spec.function.policy, &line);
  return std::move(line).text();
}

}  // namespace xsw
