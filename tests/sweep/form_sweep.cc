// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/form_sweep.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>

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
  // Each says what is wrong, or nothing. A round is the command and the way back; the first one is
  // the measure, and the next one has to be the same.
  std::string Round(Expected* expected);
  std::string SameRound(const Expected& expected);
  std::string Back(const Expected& expected);
  void Try(const Expected& expected, const Point& point);
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
std::vector<Point> Select(const Expected& expected, const Form& form, const Selection& selection) {
  std::vector<Point> all = PointsOf(form, expected.calls);
  const uint32_t seed =
      selection.seed ^ static_cast<uint32_t>(std::hash<std::string>()(form.command));
  std::shuffle(all.begin(), all.end(), std::mt19937(seed));
  std::vector<Point> mine;
  for (size_t i = selection.share; i < all.size(); i += selection.shares) {
    if (mine.size() < selection.sample &&
        NameOf(all[i], expected.calls).find(selection.only) != std::string::npos)
      mine.push_back(all[i]);
  }
  return mine;
}

std::string FormSweep::Round(Expected* expected) {
  expected->start = world_->Settled();
  const Trace run = world_->Xsw(form_.command);
  if (run.result.status != 0) return run.result.err;
  expected->calls = run.calls;
  expected->done = world_->Settled();
  return Back(*expected);
}

std::string FormSweep::SameRound(const Expected& expected) {
  const std::string failed = world_->Run(form_.command);
  if (!failed.empty()) return failed;
  const std::string changes = world_->Differs(expected.done);
  return changes.empty() ? Back(expected) : "another run ends differently: " + changes;
}

std::string FormSweep::Back(const Expected& expected) {
  const std::string failed = world_->Run(form_.undo);
  if (!failed.empty()) return failed;
  const std::string changes = world_->Differs(expected.start);
  return changes.empty() ? "" : "undone but left: " + changes;
}

std::optional<Expected> FormSweep::Prepare() {
  constexpr int kTries = 3;  // what the kernel frees very late is in one round's states alone
  if (!world_) world_ = std::make_unique<World>();
  if (!Ok(world_->Go(form_.base), "base")) return std::nullopt;
  base_ = world_->Settled();
  // Some of what the first use of a port changes stays (a default that is said, a namespace that is
  // known).
  if (!Ok(world_->Run(form_.once), "start")) return std::nullopt;
  world_->flows().Let(form_.flows);
  if (!Ok(world_->Run(form_.command), "undisturbed") || !Ok(world_->Run(form_.undo), "undo"))
    return std::nullopt;
  Expected expected;
  std::string problem;
  for (int i = 0; i < kTries; i++) {
    problem = Round(&expected);
    if (problem.empty()) problem = SameRound(expected);
    if (problem.empty()) break;
  }
  if (!Ok(problem, "undisturbed")) return std::nullopt;
  world_->flows().Let(form_.flows);
  return expected;
}

void FormSweep::Try(const Expected& expected, const Point& point) {
  const Outcome outcome = TryPoint(*world_, form_, expected, point);
  const How how = point.accident.how;
  (how == How::kKillBefore || how == How::kKillAfter ? report_->kills : report_->faults)++;
  if (point.next == Next::kAnother) report_->others++;
  if (point.next == Next::kDel) report_->dels++;
  if (!outcome.struck) report_->missed++;
  if (!outcome.defect.empty())
    report_->Defect(form_.command, NameOf(point, expected.calls), outcome.defect);
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
  const std::vector<Point> points = Select(*expected, form_, selection);
  for (const Point& point : points) {
    if (selection.list) {
      std::printf("%s | %s\n", form_.command.c_str(), NameOf(point, expected->calls).c_str());
      continue;
    }
    if (!world_ && !(expected = Prepare())) return world_.reset();
    if (selection.first && report_->defects) return world_.reset();
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
