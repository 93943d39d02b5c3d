// SPDX-License-Identifier: Apache-2.0
// Every writing command, killed before and after each of its state-changing system calls, and with
// each of them failing once.
//
//   sweep                        all of it
//   sweep --sample 6             six points of each form, drawn with a seed that is printed
//   sweep --form 'fdb add'       commands with these words in them
//   sweep --point 'before 3'     points with these words in their names
//   sweep --list                 which points there are
//   sweep --first                as far as the first defect
//   sweep --sample 3 --seconds 60   three of each form, form after form in a drawn order, as many
//                                as come to their turn in that time
//   --seed N, --jobs N
// Exit status: 1 with defects; 2 if a process died, or there was no point to try.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

#include "tests/sweep/form_sweep.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

struct Options {
  Selection selection;
  std::string form;
  unsigned jobs = 2 * std::thread::hardware_concurrency();
  unsigned seconds = 0;  // 0: as long as it takes
};

using Clock = std::chrono::steady_clock;

struct Task {
  const Form* form;
  Selection selection;
};

Options Parse(int argc, char** argv) {
  Options options;
  options.selection.seed = std::random_device()();
  for (int i = 1; i < argc; i++) {
    const std::string word = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    const auto number = [&] { return static_cast<uint32_t>(std::strtoul(value, nullptr, 10)); };
    if (word == "--list" || word == "--first") {
      (word == "--list" ? options.selection.list : options.selection.first) = true;
      continue;
    }
    i++;
    if (word == "--form")
      options.form = value;
    else if (word == "--point")
      options.selection.only = value;
    else if (word == "--sample")
      options.selection.sample = number();
    else if (word == "--seed")
      options.selection.seed = number();
    else if (word == "--seconds")
      options.seconds = number();
    else if (word == "--jobs")
      options.jobs = number();
    else
      Die("unknown word " + word);
  }
  return options;
}

// A whole sweep shares the points of each form out, so that no process has a long one left at the
// end.
std::vector<Task> TasksOf(const Options& options) {
  const bool whole = options.selection.sample == SIZE_MAX && !options.selection.list;
  std::vector<Task> tasks;
  for (const Form& form : Forms()) {
    if (form.command.find(options.form) == std::string::npos) continue;
    Task task = {&form, options.selection};
    // A base without an eswitch costs most for each point.
    if (whole) task.selection.shares = form.base == Base::kBare ? 8 : 2;
    for (; task.selection.share < task.selection.shares; task.selection.share++)
      tasks.push_back(task);
  }
  if (options.seconds)
    std::shuffle(tasks.begin(), tasks.end(), std::mt19937(options.selection.seed));
  return tasks;
}

void Work(const std::vector<Task>& tasks, Clock::time_point end, Report* report) {
  std::unique_ptr<World> world;
  for (uint32_t i; Clock::now() < end && (i = report->next++) < tasks.size();) {
    SweepForm(&world, *tasks[i].form, tasks[i].selection, report);
    if (tasks[i].selection.share == 0) report->forms++;
  }
}

// How many processes did not come to their end.
int WorkInProcesses(const std::vector<Task>& tasks, const Options& options, Report* report) {
  const Clock::time_point end = options.seconds
                                    ? Clock::now() + std::chrono::seconds(options.seconds)
                                    : Clock::time_point::max();
  for (unsigned i = 0; i < options.jobs && i < tasks.size(); i++) {
    if (fork()) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Work(tasks, end, report);
    std::fflush(stdout);
    _exit(0);
  }
  int bad = 0, status = 0;
  while (wait(&status) > 0) bad += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  return bad;
}

int Main(int argc, char** argv) {
  if (geteuid() != 0) Die("root is needed, for network namespaces and BPF");
  const Options options = Parse(argc, argv);
  const Clock::time_point start = Clock::now();
  Report& report = Report::Shared();
  const std::vector<Task> tasks = TasksOf(options);
  const int dead = WorkInProcesses(tasks, options, &report);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (options.selection.list) return dead;
  std::printf(
      "sweep: %u kills and %u faults (%u not reached; %u kills followed by another command, %u by "
      "eswitch del) over %u forms in %.0f s, seed %u: %u defects, %d processes died\n",
      report.kills.load(), report.faults.load(), report.missed.load(), report.others.load(),
      report.dels.load(), report.forms.load(), seconds, options.selection.seed,
      report.defects.load(), dead);
  if (report.defects) return 1;
  return dead || !(report.kills + report.faults) ? 2 : 0;
}

}  // namespace
}  // namespace xsw::test

int main(int argc, char** argv) { return xsw::test::Main(argc, argv); }
