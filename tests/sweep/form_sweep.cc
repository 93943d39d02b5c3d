// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/form_sweep.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>
#include <utility>

namespace xsw::test {
namespace {

class FormSweep {
 public:
  FormSweep(std::unique_ptr<World>* world, const Form& form, Report* report)
      : world_(*world), form_(form), report_(report) {}

  void Run(const Selection& selection);

 private:
  // From whatever there is to the form's start, with what an undisturbed run does. Nothing: it does
  // not work.
  std::optional<Expected> Prepare();
  bool Undisturbed(Expected* expected);
  void Try(const Expected& expected, const Accident& accident);
  void End();
  bool Ok(const std::string& problem, const std::string& where) {
    if (!problem.empty()) report_->Defect(form_.command, where, problem);
    return problem.empty();
  }

  std::unique_ptr<World>& world_;
  const Form& form_;
  Report* report_;
  Snapshot base_;
};

// The points that are meant, in an order of their own, so that a sample is spread over all of them.
std::vector<Accident> Select(const Expected& expected, const Form& form,
                             const Selection& selection) {
  std::vector<Accident> all = AccidentsTo(expected.calls);
  const uint32_t seed =
      selection.seed ^ static_cast<uint32_t>(std::hash<std::string>()(form.command));
  std::shuffle(all.begin(), all.end(), std::mt19937(seed));
  std::vector<Accident> mine;
  for (size_t i = selection.share; i < all.size(); i += selection.shares) {
    if (mine.size() < selection.sample &&
        NameOf(all[i], expected.calls).find(selection.only) != std::string::npos)
      mine.push_back(all[i]);
  }
  return mine;
}

bool FormSweep::Undisturbed(Expected* expected) {
  const Trace first = world_->Xsw(form_.command);
  if (first.result.status != 0) return Ok(first.result.err, "undisturbed");
  expected->calls = first.calls;
  // What a command leaves to the kernel to free may still be there at once.
  WaitFor([&] {
    Snapshot before = std::exchange(expected->done, world_->State());
    return before == expected->done;
  });
  return Ok(world_->Run(form_.undo), "undo") && Ok(world_->Differs(expected->start), "undo");
}

std::optional<Expected> FormSweep::Prepare() {
  if (!world_) world_ = std::make_unique<World>();
  Expected expected;
  if (!Ok(world_->Go(form_.base), "base")) return std::nullopt;
  base_ = world_->State();
  if (!Ok(world_->Run(form_.once), "start")) return std::nullopt;
  // Some of what the first use of a port changes stays (a word that was a default is said, a
  // namespace is known).
  if (!Ok(world_->Run(form_.command), "undisturbed") || !Ok(world_->Run(form_.undo), "undo"))
    return std::nullopt;
  expected.start = world_->State();
  if (!Undisturbed(&expected)) return std::nullopt;
  world_->flows().Let(form_.flows);
  return expected;
}

void FormSweep::Try(const Expected& expected, const Accident& accident) {
  const Outcome outcome = TryPoint(*world_, form_, expected, accident);
  const bool kill = accident.how == How::kKillBefore || accident.how == How::kKillAfter;
  (kill ? report_->kills : report_->faults)++;
  if (!outcome.struck) report_->missed++;
  if (!outcome.defect.empty())
    report_->Defect(form_.command, NameOf(accident, expected.calls), outcome.defect);
  if (!outcome.clean) world_.reset();
}

void FormSweep::End() {
  if (!world_) return;
  const bool ended = Ok(world_->Run(form_.end), "end") && Ok(world_->Differs(base_), "end");
  if (!ended) world_.reset();
}

void FormSweep::Run(const Selection& selection) {
  std::optional<Expected> expected = Prepare();
  if (!expected) return world_.reset();
  const std::vector<Accident> points = Select(*expected, form_, selection);
  for (const Accident& point : points) {
    if (selection.list) {
      std::printf("%s | %s\n", form_.command.c_str(), NameOf(point, expected->calls).c_str());
      continue;
    }
    if (!world_ && !(expected = Prepare())) return world_.reset();
    Try(*expected, point);
  }
  End();
}

}  // namespace

void SweepForm(std::unique_ptr<World>* world, const Form& form, const Selection& selection,
               Report* report) {
  FormSweep(world, form, report).Run(selection);
}

}  // namespace xsw::test
