// SPDX-License-Identifier: Apache-2.0
// xsw_bench: measures xsw side by side with what a user would pick instead. Started by bench/run.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "bench/machine.h"
#include "bench/markdown.h"
#include "bench/plot.h"
#include "bench/progress.h"
#include "bench/report.h"
#include "bench/sandbox.h"
#include "bench/suite.h"
#include "bench/target.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

using Json = nlohmann::ordered_json;

// The kernel ends namespaces in the background, tells nobody when it is done, and the next suite
// must not be measured beside that.
constexpr useconds_t kTeardownUs = 1'000'000;

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
  std::string only;       // workloads whose id starts so
  std::string contender;  // only those whose name has this in it
  std::string results;
  std::string document;  // --report: write the results into it instead of measuring
};

// Of one suite, in namespaces that end with it.
absl::Status MeasureSuite(const Suite& suite, const Options& options, Progress& progress,
                          std::vector<Row>* rows) {
  progress.Show(absl::StrCat("building the contenders of ", suite.what,
                             " and checking where their frames arrive"));
  XSW_ASSIGN_OR_RETURN(Suite::Built built, suite.build(options.quick));
  for (Workload& workload : built.workloads) {
    std::erase_if(workload.cells, [&](const Cell& cell) {
      return cell.contender.find(options.contender) == std::string::npos;
    });
    if (!workload.id.starts_with(options.only) || workload.cells.empty()) continue;
    XSW_ASSIGN_OR_RETURN(Row row, MeasureRow(workload, progress));
    PrintRow(row);
    rows->push_back(std::move(row));
  }
  built = {};
  EmptySandbox();
  usleep(kTeardownUs);
  return absl::OkStatus();
}

// A suite whose ids may begin so.
bool MayHave(const Suite& suite, const std::string& only) {
  for (const std::string& id : suite.ids)
    if (id.starts_with(only) || only.starts_with(id)) return true;
  return false;
}

absl::Status Measure(const Options& options) {
  Json json = {{"machine", DescribeMachine()}, {"quick", options.quick}};
  if (json["machine"]["load"] > 0.7)
    std::cerr << "Other work is running (load " << json["machine"]["load"]
              << "): these figures will not count.\n";
  XSW_RETURN_IF_ERROR(EnterSandbox());
  std::vector<Suite> suites = Suites();
  std::erase_if(suites, [&](const Suite& s) {
    return !MayHave(s, options.only) || (options.only.empty() && s.Seconds(options.quick) == 0);
  });
  double expected = 0;
  for (const Suite& suite : suites) expected += suite.Seconds(options.quick);
  std::vector<Row> rows;
  {
    Progress progress(expected);
    double done = 0;
    for (const Suite& suite : suites) {
      XSW_RETURN_IF_ERROR(MeasureSuite(suite, options, progress, &rows));
      progress.SetDone(done += suite.Seconds(options.quick));
    }
  }
  const std::vector<Verdict> verdicts = Judge(rows);
  PrintVerdicts(verdicts);
  json.update(ToJson(rows, verdicts));
  XSW_RETURN_IF_ERROR(Write(options.results, json));
  return DrawPlots(json, std::filesystem::path(options.results).replace_extension());
}

// Results that are there already, into the document and its plots.
absl::Status Report(const Options& options) {
  std::ifstream file(options.results);
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return absl::InvalidArgumentError(absl::StrCat(options.results, " holds no results"));
  const std::filesystem::path docs = std::filesystem::path(options.document).parent_path();
  XSW_RETURN_IF_ERROR(DrawPlots(json, docs / "plots"));
  return WriteSection(json, options.document, "plots");
}

std::optional<Options> Parse(const std::vector<std::string>& words) {
  Options options;
  for (size_t i = 0; i < words.size(); i++) {
    if (words[i] == "--quick") {
      options.quick = true;
    } else if (words[i] == "--only" && i + 1 < words.size()) {
      options.only = words[++i];
    } else if (words[i] == "--contender" && i + 1 < words.size()) {
      options.contender = words[++i];
    } else if (words[i] == "--report" && i + 2 < words.size()) {
      options.document = words[++i];
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
    std::cerr << "usage: bench/run [--quick] [--only WORKLOAD] [--contender TEXT]\n"
                 "       bench/run --report RESULTS.json\n"
                 "  --only wire, queue_queue, tcp_port, steering: workloads whose id starts so\n"
                 "  --contender: only those whose name has this in it, for a profile, say\n"
                 "  --report: write the results of a run into docs/performance.md\n";
    return 2;
  }
  absl::Status status = options->document.empty() ? Measure(*options) : Report(*options);
  if (status.ok()) return 0;
  std::cerr << "Error: bench: " << status.message() << ".\n";
  return 1;
}

}  // namespace
}  // namespace xsw::bench

int main(int argc, char** argv) { return xsw::bench::Main(argc, argv); }
