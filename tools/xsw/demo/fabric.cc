// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/fabric.h"

#include <unistd.h>

#include <chrono>
#include <regex>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tools/xsw/demo/fabric_lab.h"
#include "tools/xsw/demo/fabric_page.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr int kConvergeMs = 30000;

constexpr char kPicture[] =
    "  xsw-demo-h1                        xsw-demo-spine                        xsw-demo-h2\n"
    " c11 = eth0sf1 -+- br100 - vxlan100 - eth0 ---+--- eth0 - vxlan100 - br100 - eth0sf1 = c21\n"
    " c12 = eth0sf2 -+  FRR     10.0.1.2           |    10.0.2.2          FRR\n"
    "                                              |                        xsw-demo-h3\n"
    "                                              +--- eth0 - vxlan100 - br100 -+- eth0sf1 = c31\n"
    "                                                   10.0.3.2          FRR    +- eth0sf2 = "
    "c32\n";

void Progress(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

struct FabricPing {
  std::string to, address, where, answer;  // answer: ping's time in ms; empty: none came
};

// Until the first host floods to both others: BGP has come up.
absl::Status AwaitRoutes(const HeldSignals& signals) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kConvergeMs);
  while (std::chrono::steady_clock::now() < end) {
    XSW_ASSIGN_OR_RETURN(const std::string fdb,
                         OnFabricHost(1, "bridge fdb show dev vxlan100", signals));
    if (absl::StrContains(fdb, "00:00:00:00:00:00 dst 10.0.2.2") &&
        absl::StrContains(fdb, "00:00:00:00:00:00 dst 10.0.3.2"))
      return absl::OkStatus();
    usleep(50000);
  }
  return absl::DeadlineExceededError("demo: BGP has not come up between the hosts");
}

// The first one resolves the address and has the place told; the time is that of the last.
absl::StatusOr<FabricPing> TryPing(FabricPing ping, const HeldSignals& signals) {
  const std::string line =
      absl::StrCat("ip netns exec c11 ping -c 5 -i 0.1 -w 5 ", ping.address, " || true");
  XSW_ASSIGN_OR_RETURN(const std::string said, OnFabricHost(1, line, signals));
  static const std::regex kTime("icmp_seq=5 .*time=([0-9.]+) ms");
  std::smatch time;
  if (std::regex_search(said, time, kTime)) ping.answer = time[1];
  return ping;
}

absl::StatusOr<std::vector<FabricPing>> TryPings(const HeldSignals& signals) {
  std::vector<FabricPing> pings;
  for (const FabricPing& ping :
       {FabricPing{"gateway", "172.16.0.1", "the bridge", ""},
        FabricPing{"c12", "172.16.0.12", "the same host", ""},
        FabricPing{"c21", "172.16.0.21", "host 2", ""}, FabricPing{"c31", "fd16::31", "host 3", ""},
        FabricPing{"c32", "172.16.0.32", "host 3", ""}}) {
    XSW_ASSIGN_OR_RETURN(pings.emplace_back(), TryPing(ping, signals));
  }
  Progress("c32 moves from host 3 to host 2 ...");
  XSW_RETURN_IF_ERROR(OnFabricHost(3, FabricBlock("sh leave"), signals).status());
  XSW_RETURN_IF_ERROR(OnFabricHost(2, FabricBlock("sh arrive"), signals).status());
  XSW_ASSIGN_OR_RETURN(pings.emplace_back(),
                       TryPing({"c32", "172.16.0.32", "moved to host 2", ""}, signals));
  return pings;
}

void PrintBlock(const Output& output, const std::string& title, const std::string& block) {
  output.Line("\n" + title);
  for (const absl::string_view line : absl::StrSplit(block, '\n', absl::SkipEmpty()))
    output.Line(absl::StrCat("  ", line));
}

// Commands of host 1, and what they say.
absl::Status PrintLooks(const Output& output, const HeldSignals& signals) {
  for (const char* command :
       {"bridge fdb show br br100 | grep 02:00:00:00:0 | sort", "xsw bridge show",
        "xsw -s port show eth0/1 | grep slow_path", "vtysh -c 'show bgp l2vpn evpn summary'",
        "vtysh -c 'show evpn mac vni 100'"}) {
    XSW_ASSIGN_OR_RETURN(const std::string said, OnFabricHost(1, command, signals));
    PrintBlock(output, absl::StrCat("h1$ ", command), said);
  }
  return absl::OkStatus();
}

bool Report(Call& call, const std::vector<FabricPing>& pings) {
  bool all = true;
  Json rows = Json::array();
  PrintBlock(call.output, "On each host (docs/fabric.md):", FabricBlock("sh host"));
  PrintBlock(call.output, "For each container:", FabricBlock("sh container"));
  PrintBlock(call.output, "/etc/frr/frr.conf of host 1:", FabricBlock("frr"));
  call.output.Line("\nping from c11 on host 1:");
  for (const FabricPing& ping : pings) {
    all = all && !ping.answer.empty();
    call.output.Line(absl::StrFormat("  to %-8s %-12s %-16s %s", ping.to, ping.address, ping.where,
                                     ping.answer.empty() ? "FAIL" : ping.answer + " ms"));
    rows.push_back({{"to", ping.to},
                    {"address", ping.address},
                    {"where", ping.where},
                    {"works", !ping.answer.empty()}});
  }
  call.output.doc()["demo"]["fabric"]["pings"] = rows;
  return all;
}

absl::Status PrintHowToPlay(Call& call) {
  XSW_ASSIGN_OR_RETURN(const pid_t init, FabricInit(1));
  const std::string at = absl::StrCat("nsenter -a -t ", init, " ");
  const std::vector<std::string> commands = {
      at + "ip netns exec c11 ping -c 3 172.16.0.32", at + "vtysh -c 'show bgp l2vpn evpn'",
      absl::StrCat(at, program_invocation_name, " --bpffs /run/bpffs -s port show"),
      "ip netns exec xsw-demo-h1 bridge fdb show br br100"};
  call.output.doc()["demo"]["commands"] = commands;
  call.output.doc()["demo"]["remove"] = FabricRemoveCommand();
  call.output.Line("\nIt stands. To play with it:");
  for (const std::string& command : commands) call.output.Line("  " + command);
  call.output.Line("To remove it:\n  " + FabricRemoveCommand());
  return absl::OkStatus();
}

}  // namespace

absl::Status RunFabricDemo(Call& call, bool keep, const HeldSignals& signals) {
  XSW_RETURN_IF_ERROR(CheckFabric());
  XSW_RETURN_IF_ERROR(RemoveFabric());
  absl::Cleanup remove = [] {
    const absl::Status status = RemoveFabric();
    if (!status.ok()) Progress(absl::StrCat("not all is removed: ", status.message()));
  };
  Progress("three hosts, an eswitch, a bridge and FRR on each, five containers ...");
  XSW_RETURN_IF_ERROR(MakeFabric(keep, signals));
  Progress("BGP comes up ...");
  XSW_RETURN_IF_ERROR(AwaitRoutes(signals));
  Progress("pings ...");
  XSW_ASSIGN_OR_RETURN(const std::vector<FabricPing> pings, TryPings(signals));
  call.output.Line(kPicture);
  const bool all = Report(call, pings);
  if (!call.output.json()) XSW_RETURN_IF_ERROR(PrintLooks(call.output, signals));
  if (keep) XSW_RETURN_IF_ERROR(PrintHowToPlay(call));
  if (keep) std::move(remove).Cancel();
  if (all) return absl::OkStatus();
  call.output.Finish();
  return absl::InternalError("demo: not all containers reach each other");
}

}  // namespace xsw
