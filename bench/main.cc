// SPDX-License-Identifier: Apache-2.0
// xsw_bench: measures xsw side by side with what a user would pick instead. Started by bench/run.
#include <fstream>
#include <iostream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "bench/control.h"
#include "bench/machine.h"
#include "bench/report.h"
#include "bench/sandbox.h"
#include "bench/steering.h"
#include "bench/target.h"
#include "bench/tcp_bulk.h"
#include "bench/wire_to_port.h"
#include "bench/workload.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::ordered_json;

// How much is measured. Many short rounds rather than few long ones: the speed of a virtual machine
// drifts within seconds.
struct Plan {
  bool quick;
  int frame_rounds;
  double frame_seconds;
  int tcp_rounds;
  double tcp_seconds;
  int steering_rounds;
  int ports;
};
constexpr Plan kFull = {false, 11, 0.25, 13, 0.35, 9, 20};
constexpr Plan kQuick = {true, 3, 0.2, 3, 0.35, 5, 6};

void Append(std::vector<Workload>* to, std::vector<Workload> more) {
  for (Workload& workload : more) to->push_back(std::move(workload));
}

struct Lab {
  std::unique_ptr<WireToPort> frames;
  std::unique_ptr<TcpBulk> tcp;
  std::unique_ptr<Steering> steering;
  std::unique_ptr<Control> control;
};

absl::StatusOr<Lab> Build() {
  Lab lab;
  XSW_ASSIGN_OR_RETURN(lab.frames, WireToPort::Make());
  XSW_ASSIGN_OR_RETURN(lab.tcp, TcpBulk::Make());
  XSW_ASSIGN_OR_RETURN(lab.steering,
                       Steering::Make(*lab.frames->Find(kXswStack), *lab.frames->Find(kXswXdp)));
  XSW_ASSIGN_OR_RETURN(lab.control, Control::Make());
  return lab;
}

std::vector<Workload> All(Lab& lab, const Plan& plan) {
  const int rounds = plan.frame_rounds;
  std::vector<Workload> all = {lab.frames->Frames(64, /*limits=*/true, rounds, plan.frame_seconds)};
  if (!plan.quick) {
    for (size_t size : {512, 1500})
      all.push_back(lab.frames->Frames(size, /*limits=*/false, rounds, plan.frame_seconds));
    all.push_back(lab.frames->Udp(64, rounds, plan.frame_seconds));
  }
  Append(&all, lab.tcp->Flows(plan.tcp_rounds, plan.tcp_seconds));
  Append(&all, lab.steering->Programs(plan.steering_rounds));
  Append(&all, lab.control->Commands(plan.ports, plan.steering_rounds));
  return all;
}

absl::Status Write(const std::string& path, const Json& json) {
  std::ofstream file(path);
  file << json.dump(1) << "\n";
  file.close();
  if (!file) return absl::InternalError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

// What the command line says.
struct Options {
  bool quick = false;
  std::string only;  // workloads whose id starts so
  std::string results;
};

absl::Status Measure(const Options& options) {
  Json json = {{"machine", DescribeMachine()}, {"quick", options.quick}};
  if (json["machine"]["load"] > 0.7)
    std::cerr << "Other work is running (load " << json["machine"]["load"]
              << "): these figures will not count.\n";
  XSW_RETURN_IF_ERROR(EnterSandbox());
  std::cerr << "building the contenders and checking where their frames arrive\n";
  XSW_ASSIGN_OR_RETURN(Lab lab, Build());
  std::vector<Workload> workloads = All(lab, options.quick ? kQuick : kFull);
  std::erase_if(workloads, [&](const Workload& w) { return !w.id.starts_with(options.only); });
  XSW_ASSIGN_OR_RETURN(std::vector<Row> rows, MeasureAll(workloads));
  const std::vector<Verdict> verdicts = Judge(rows);
  for (const Row& row : rows) PrintRow(row);
  PrintVerdicts(verdicts);
  json.update(ToJson(rows, verdicts));
  return Write(options.results, json);
}

std::optional<Options> Parse(const std::vector<std::string>& words) {
  Options options;
  for (size_t i = 0; i < words.size(); i++) {
    if (words[i] == "--quick") {
      options.quick = true;
    } else if (words[i] == "--only" && i + 1 < words.size()) {
      options.only = words[++i];
    } else if (options.results.empty() && !words[i].starts_with("-")) {
      options.results = words[i];
    } else {
      return std::nullopt;
    }
  }
  if (options.results.empty()) return std::nullopt;
  return options;
}

int Main(int argc, char** argv) {
  std::optional<Options> options = Parse({argv + 1, argv + argc});
  if (!options) {
    std::cerr << "usage: bench/run [--quick] [--only WORKLOAD]\n"
                 "  --only wire, tcp_port, steering, port_add: workloads whose id starts so\n";
    return 2;
  }
  absl::Status status = Measure(*options);
  if (status.ok()) return 0;
  std::cerr << "Error: bench: " << status.message() << ".\n";
  return 1;
}

}  // namespace
}  // namespace xsw::bench

int main(int argc, char** argv) { return xsw::bench::Main(argc, argv); }
