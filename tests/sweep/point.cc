// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/point.h"

#include <signal.h>

#include <cstring>

#include "tests/sweep/sequel.h"

namespace xsw::test {
namespace {

constexpr int kKilled = 128 + SIGKILL;

bool IsKill(const Accident& accident) {
  return accident.how == How::kKillBefore || accident.how == How::kKillAfter;
}

std::string Said(const Result& result) {
  std::string text = "status " + std::to_string(result.status) + ": " + result.err;
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

std::string NameOf(const Accident& accident, const std::vector<Call>& calls) {
  const std::string call =
      std::to_string(accident.call) +
      (accident.call < calls.size() ? " (" + calls[accident.call].what + ")" : "");
  switch (accident.how) {
    case How::kNothing:
      return "undisturbed";
    case How::kKillBefore:
      return "killed before " + call;
    case How::kKillAfter:
      return "killed after " + call;
    case How::kFail:
      return strerrorname_np(accident.error) + std::string(" from ") + call;
    case How::kRefuse:
      return strerrorname_np(accident.error) + std::string(" answered to ") + call;
  }
  return "";
}

class Trial {
 public:
  Trial(World& world, const Form& form, const Expected& expected)
      : world_(world), form_(form), expected_(expected) {}

  Outcome Try(const Point& point);

 private:
  // Each returns what is wrong, or nothing. An error is honest: it says something, and nothing has
  // changed. A success is one.
  std::string JudgeFault(const Result& result);
  std::string JudgeKill(const Trace& trace);
  std::string GoOn(const Point& point);
  std::string Repeat();
  std::string Undo();

  World& world_;
  const Form& form_;
  const Expected& expected_;
};

std::string Trial::JudgeFault(const Result& result) {
  if (result.status >= 128) return "crashed: " + Said(result);
  const bool failed = result.status != 0;
  if (failed && result.err.empty()) return "failed without a word";
  if (failed && form_.takes_apart) return "";
  const std::string changes = world_.Differs(failed ? expected_.start : expected_.done);
  if (changes.empty()) return "";
  return failed ? "said \"" + Said(result) + "\" but changed: " + changes
                : "said nothing but its effect is not whole: " + changes;
}

std::string Trial::JudgeKill(const Trace& trace) {
  return trace.struck && trace.result.status != kKilled ? "was not killed: " + Said(trace.result)
                                                        : "";
}

std::string Trial::Repeat() {
  const Result again = world_.Xsw(form_.command).result;
  const bool done_already =
      !form_.done_already.empty() && again.err.find(form_.done_already) != std::string::npos;
  if (again.status != 0 && !done_already) return "the repeat says " + Said(again);
  const std::string changes = world_.Differs(expected_.done);
  return changes.empty() ? "" : "after the repeat (" + Said(again) + ") differs: " + changes;
}

std::string Trial::Undo() {
  const std::string failed = world_.Run(form_.undo);
  if (!failed.empty()) return "undo: " + failed;
  const std::string changes = world_.Differs(expected_.start);
  return changes.empty() ? "" : "left after undo: " + changes;
}

std::string Trial::GoOn(const Point& point) {
  if (point.next == Next::kDel) return TryDel(world_, form_, expected_);
  std::string defect;
  if (point.next == Next::kAnother)
    defect = TryAnother(world_, form_, expected_, point.accident.call);
  if (defect.empty()) defect = Repeat();
  if (defect.empty()) defect = Undo();
  return defect;
}

Outcome Trial::Try(const Point& point) {
  const Trace trace = world_.Xsw(form_.command, point.accident);
  std::string defect = IsKill(point.accident) ? JudgeKill(trace) : JudgeFault(trace.result);
  if (defect.empty()) defect = GoOn(point);
  const bool clean = defect.empty();
  const std::string losses = world_.flows().Losses();
  if (!losses.empty()) defect += (clean ? "" : "; ") + ("frames: " + losses);
  return {.defect = defect, .clean = clean, .struck = trace.struck};
}

}  // namespace

std::vector<Point> PointsOf(const Form& form, const std::vector<Call>& calls) {
  const bool dels_itself = form.command.starts_with("eswitch del");
  std::vector<Point> all;
  for (size_t i = 0; i < calls.size(); i++) {
    all.push_back({{How::kKillBefore, i}});
    all.push_back({{How::kKillAfter, i}});
    all.push_back({{How::kKillAfter, i}, Next::kAnother});
    if (i % 2 == 0 && !dels_itself) all.push_back({{How::kKillAfter, i}, Next::kDel});
    for (int error : calls[i].errnos) all.push_back({{How::kFail, i, error}});
    for (int error : calls[i].refusals) all.push_back({{How::kRefuse, i, error}});
  }
  return all;
}

std::string NameOf(const Point& point, const std::vector<Call>& calls) {
  const std::string accident = NameOf(point.accident, calls);
  switch (point.next) {
    case Next::kRepeat:
      return accident;
    case Next::kAnother:
      return accident + ", then another command";
    case Next::kDel:
      return accident + ", then eswitch del";
  }
  return accident;
}

Outcome TryPoint(World& world, const Form& form, const Expected& expected, const Point& point) {
  return Trial(world, form, expected).Try(point);
}

}  // namespace xsw::test
