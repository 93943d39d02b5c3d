// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/forms.h"

#include "tests/sweep/flows.h"
#include "tests/sweep/state.h"

namespace xsw::test {
namespace {

#define M3 "hw_addr 02:00:00:00:00:03 "
#define M4 "hw_addr 02:00:00:00:00:04 "
#define ACTIVE3 "port add up0 sfnum 3 " M3 "netns c3 ifname eth0 state active"
#define QUEUES3 "port add up0 sfnum 3 " M3 "class queues queues 2 state active"
#define HOLD                                   \
  ACTIVE3 ";port add up0 sfnum 4 " M4          \
          "class queues queues 2 state active" \
          ";fdb add up0 02:00:00:00:0a:01 port up0/1;mdb add up0 01:00:5e:01:01:01 port up0/1"

// In mode switchdev all that comes from ports rises, and no bridge is here to send it on.
constexpr unsigned kHost = kHostOutside;
// What a command says that finds its work done.
constexpr char kExists[] = "already exists";
constexpr char kInTable[] = "already there";
constexpr char kInGroup[] = "there already";
constexpr char kTaken[] = "in use";
constexpr char kGone[] = "does not exist";
constexpr char kNone[] = "no such entry";

std::vector<Form> Eswitches() {
  return {
      {Base::kBare, "", "eswitch add up0", "eswitch del up0", "", kHost, kExists},
      {Base::kBare, "", "eswitch add up0 mode switchdev xdp on miss drop", "eswitch del up0", "",
       kHost, kExists},
      {Base::kBare, "eswitch add up0;" HOLD, "eswitch del up0", "eswitch add up0;" HOLD,
       "eswitch del up0", kHost, kGone, true},
      {Base::kBare, "eswitch add up0 xdp on;" ACTIVE3, "eswitch del up0",
       "eswitch add up0 xdp on;" ACTIVE3, "eswitch del up0", kHost, kGone, true},
      {Base::kSwitch, "", "eswitch set up0 mode switchdev", "eswitch set up0 mode legacy", "",
       kHost, ""},
      {Base::kSwitch, "", "eswitch set up0 mode switchdev_inactive", "eswitch set up0 mode legacy",
       "", kHost, ""},
      {Base::kSwitch, "", "eswitch set up0 xdp on", "eswitch set up0 xdp auto", "", kAllFlows, ""},
      {Base::kSwitch, "eswitch set up0 xdp on", "eswitch set up0 xdp off", "eswitch set up0 xdp on",
       "eswitch set up0 xdp auto", kAllFlows, ""},
      {Base::kSwitch, "eswitch set up0 xdp on", "eswitch set up0 rx_path stack",
       "eswitch set up0 rx_path auto", "eswitch set up0 xdp auto", kAllFlows, ""},
      {Base::kSwitch, "", "eswitch set up0 host off", "eswitch set up0 host on", "",
       kPorts | kPortToOutside | kOutsideToPort, ""},
      {Base::kSwitch, ACTIVE3, "check up0 --repair", "", "port del up0/3", kAllFlows, ""},
      {Base::kSwitch, ACTIVE3, "health recover up0 reporter mending", "", "port del up0/3",
       kAllFlows, ""},
      {Base::kSwitch, "", "health recover up0 reporter lost_frames", "", "", kAllFlows, ""},
      // Programs of this very build: they are loaded, and found to be the same.
      {Base::kSwitch, "", "eswitch upgrade up0", "", "", kAllFlows, ""},
      // Its frame is one of the flows'. Where putting the programs back fails the next command does it.
      {Base::kSwitch, "", "capture up0 -c 1", "", "", kAllFlows, "", true},
      {Base::kSwitch, "", "eswitch set up0 miss drop mode switchdev",
       "eswitch set up0 miss auto mode legacy", "", kHost, ""},
  };
}

// On an uplink that becomes promiscuous and receives all multicast; no flow crosses it.
std::vector<Form> FullUplinks() {
  const std::string add = "eswitch add vx0", del = "eswitch del vx0";
  const std::string port = "port add vx0 sfnum 3 " M3 "netns c3 ifname eth0 state active";
  const std::string fdb = " vx0 02:00:00:00:0a:03 port vx0/1";
  std::vector<Form> forms = {
      {Base::kBare, "", add, del, "", kHost, kExists},
      {Base::kBare, add, port, "port del vx0/1;" + del + ";" + add, del, kHost, kTaken},
      {Base::kBare, add + ";" + port, "fdb add" + fdb, "fdb del" + fdb, del, kHost, kInTable},
      {Base::kBare, add + ";" + port, del, add + ";" + port, del, kHost, kGone, true},
  };
  for (Form& form : forms) form.uplink = kFullUplink;
  return forms;
}

// Two forms each: one adds, the other takes away again.
struct Pair {
  std::string once, add, del, end;
  std::string is_there, is_gone;  // what the second of two says
  bool takes_apart = false;       // `del` does
};

void AddForms(const Pair& pair, std::vector<Form>* forms) {
  const auto then = [](const std::string& first, const std::string& next) {
    return first + (first.empty() || next.empty() ? "" : ";") + next;
  };
  forms->push_back(
      {Base::kSwitch, pair.once, pair.add, pair.del, pair.end, kAllFlows, pair.is_there});
  forms->push_back({Base::kSwitch, then(pair.once, pair.add), pair.del, pair.add,
                    then(pair.del, pair.end), kAllFlows, pair.is_gone, pair.takes_apart});
}

std::vector<Form> Ports() {
  std::vector<Form> forms;
  for (const char* add : {
           "port add up0 sfnum 3 " M3,
           "port add up0 sfnum 3 " M3 "netns c3 ifname eth0",
           ACTIVE3,
           "port add up0 sfnum 3 " M3 "ifname here3 mtu 1400 state active",
           ACTIVE3 " vlan 10 qos 3 tx_max 100mbit rx_max 200mbit trust on promisc on isolated on",
           ACTIVE3 " vlans 10,20-22 spoofchk off link disable",
           QUEUES3,
           QUEUES3 " netns c3 owner nobody",
       })
    AddForms({"", add, "port del up0/3", "", kTaken, kGone, true}, &forms);
  return forms;
}

std::vector<Form> Tables() {
  const std::string mac = "02:00:00:00:0a:03 port up0/3", group = "01:00:5e:01:01:03 port up0/";
  const std::string del_port = "port del up0/3";
  const Pair pairs[] = {
      {ACTIVE3, "fdb add up0 " + mac, "fdb del up0 " + mac, del_port, kInTable, kNone},
      {ACTIVE3 ";port function set up0/3 vlans 10", "fdb add up0 " + mac + " vlan 10",
       "fdb del up0 " + mac + " vlan 10", del_port, kInTable, kNone},
      {ACTIVE3, "mdb add up0 " + group + "3", "mdb del up0 " + group + "3", del_port, kInGroup,
       kNone},
      {ACTIVE3 ";mdb add up0 " + group + "1", "mdb add up0 " + group + "3",
       "mdb del up0 " + group + "3", "mdb del up0 " + group + "1;" + del_port, kInGroup, kNone},
  };
  std::vector<Form> forms;
  for (const Pair& pair : pairs) AddForms(pair, &forms);
  return forms;
}

// `port function set`, on a port of one of these kinds.
std::vector<Form> Functions() {
  constexpr char kParked[] = "port add up0 sfnum 3 " M3 "netns c3 ifname eth0";
  const struct {
    const char *port, *words, *back;
  } rows[] = {
      {kParked, "state active", "state inactive"},
      {ACTIVE3, "state inactive", "state active"},
      {ACTIVE3, "netns c4", "netns c3"},
      {kParked, "netns c4 state active", "netns c3 state inactive"},
      {ACTIVE3, "ifname wan0", "ifname eth0"},
      {ACTIVE3, "hw_addr 02:00:00:00:00:33", "hw_addr 02:00:00:00:00:03"},
      {ACTIVE3, "mtu 1400", "mtu 1500"},
      {ACTIVE3, "vlan 10 qos 3", "novlan"},
      {ACTIVE3, "vlans 10,20-25 pvid 30", "novlan"},
      {ACTIVE3 ";port function set up0/3 vlan 10", "novlan", "vlan 10"},
      {ACTIVE3, "tx_max 100mbit rx_max 200mbit", "tx_max 0 rx_max 0"},
      {ACTIVE3, "spoofchk off trust on promisc on", "promisc off trust off spoofchk on"},
      {ACTIVE3 ";port function set up0/3 trust on", "allmulti on", "allmulti off"},
      {ACTIVE3, "isolated on", "isolated off"},
      {ACTIVE3, "link disable", "link enable"},
      {QUEUES3, "owner nobody", "owner root:root"},
      {QUEUES3, "hw_addr 02:00:00:00:00:33", "hw_addr 02:00:00:00:00:03"},
      {QUEUES3, "state inactive", "state active"},
      {"port add up0 sfnum 3 " M3, "class queues queues 2 owner nobody", "class netdev"},
      {"port add up0 sfnum 3 " M3 "class queues queues 2", "queues 4", "queues 2"},
      {kParked, "class queues queues 2 state active",
       "state inactive;port function set up0/3 class netdev"},
      {ACTIVE3, "mtu 1400 hw_addr 02:00:00:00:00:33 netns c4 ifname wan0 vlan 10",
       "mtu 1500 hw_addr 02:00:00:00:00:03 netns c3 ifname eth0 novlan"},
  };
  const std::string set = "port function set up0/3 ";
  std::vector<Form> forms;
  for (const auto& row : rows) {
    forms.push_back({Base::kSwitch, row.port, set + row.words, set + row.back, "port del up0/3",
                     kAllFlows, ""});
  }
  return forms;
}

#define MORE "/run/more.json"
#define LESS "/run/less.json"
#define ADD4 "port add up0 sfnum 4 " M4 "class queues queues 2"

// Several steps in one command: settings, a port that changes, one that comes, an entry; and one
// that goes.
std::vector<Form> Documents() {
  const std::string fdb3 = "fdb add up0 02:00:00:00:0a:03 port up0/3";
  return {
      {Base::kSwitch, ACTIVE3, "apply " MORE,
       "eswitch set up0 miss auto;port del up0/4;fdb del up0 02:00:00:00:0a:03 port up0/3;"
       "mdb del up0 01:00:5e:01:01:03 port up0/3;"
       "port function set up0/3 novlan mtu 0",
       "port del up0/3", kAllFlows, ""},
      {Base::kSwitch, ACTIVE3 ";" ADD4 ";" + fdb3, "apply " LESS " --prune",
       ADD4 ";" + fdb3 + ";port function set up0/3 tx_max 0", "port del up0/4;port del up0/3",
       kAllFlows, "", true},
  };
}

// Of a container runtime.
#define CNI "/run/cni.json"
#define CNI_QUEUES "/run/cni_queues.json"

std::vector<Form> Attachments() {
  const std::string add = "cni ADD " CNI, del = "cni DEL " CNI, queues = "cni ADD " CNI_QUEUES;
  return {
      {Base::kSwitch, "", add, del, "", kAllFlows, ""},
      {Base::kSwitch, add, del, add, del, kAllFlows, "", true},
      {Base::kSwitch, add, "cni GC " CNI, add, del, kAllFlows, "", true},
      {Base::kSwitch, "", queues, "cni DEL " CNI_QUEUES, "", kAllFlows, ""},
      // It makes the eswitch, which stays when the rest fails.
      {Base::kBare, "", add, del + ";eswitch del up0", "", kHost, "", true},
  };
}

}  // namespace

#define PORT3 \
  R"({"sfnum": 3, "hw_addr": "02:00:00:00:00:03", "netns": "c3", "ifname": "eth0", "state": "active")"
#define STABLE(n)                                                                  \
  R"({"sfnum": )" #n R"(, "hw_addr": "02:00:00:00:00:0)" #n R"(", "netns": "c)" #n \
  R"(", "ifname": "eth0", "state": "active"}, )"

const std::vector<DocumentFile>& DocumentFiles() {
  static const std::vector<DocumentFile> files = {
      {MORE, R"({"eswitch": {"up0": {"miss": "uplink", "ports": [)" PORT3
             R"(, "vlan": 10, "mtu": 1400},
          {"sfnum": 4, "hw_addr": "02:00:00:00:00:04", "class": "queues", "queues": 2}],
          "fdb": [{"mac": "02:00:00:00:0a:03", "port": 3}],
          "mdb": [{"group": "01:00:5e:01:01:03", "port": 3}]}}})"},
      {LESS, R"({"eswitch": {"up0": {"ports": [)" STABLE(1) STABLE(2) PORT3
       R"(, "tx_max": "100mbit"}]}}})"},
      {CNI,
       R"({"cniVersion": "1.1.0", "name": "net", "type": "xsw", "master": "up0", "bpffs": "/run/bpffs",
          "eswitch": {}, "mac": "02:00:00:00:00:03", "vlan": 10, "cni.dev/valid-attachments": [],
          "ipam": {"type": "static", "addresses": [{"address": "10.9.0.13/24"}]}})"},
      {CNI_QUEUES,
       R"({"cniVersion": "1.1.0", "name": "net", "type": "xsw", "master": "up0", "bpffs": "/run/bpffs",
          "mac": "02:00:00:00:00:03", "class": "queues", "queues": 2})"},
  };
  return files;
}

const std::vector<Form>& Forms() {
  static const std::vector<Form> forms = [] {
    std::vector<Form> all = Eswitches();
    for (const std::vector<Form>& more :
         {FullUplinks(), Ports(), Functions(), Tables(), Documents(), Attachments()})
      all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return forms;
}

}  // namespace xsw::test
