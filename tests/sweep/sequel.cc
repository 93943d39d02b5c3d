// SPDX-License-Identifier: Apache-2.0
#include "tests/sweep/sequel.h"

#include <vector>

namespace xsw::test {
namespace {

bool Says(const Result& result, const char* words) {
  return result.err.find(words) != std::string::npos;
}

std::string Failed(const std::string& line, const Result& result) {
  return line + ": status " + std::to_string(result.status) + ": " + result.err;
}

// There is no eswitch, or half of one: nothing but its `add` and its `del` may touch it.
bool SaysNotWhole(const Result& result) {
  return Says(result, "does not exist") || Says(result, "has not come to its end");
}

struct Other {
  std::string line, undo;
};

// Of which none changes what a form's command does.
std::vector<Other> OthersOn(const std::string& up) {
  const std::string fdb = " " + up + " 02:00:00:00:0b:01 port " + up + "/0";
  const Other set = {"eswitch set " + up + " rx_path auto", ""};
  // It stays promiscuous behind the first address.
  if (up == kFullUplink) return {set};
  return {
      {"port add " + up + " sfnum 9 hw_addr 02:00:00:00:00:09", "port del " + up + "sf9"},
      {"fdb add" + fdb, "fdb del" + fdb},
      set,
      {"port add " + up + " sfnum 9 class queues", "port del " + up + "sf9"},
  };
}

// What such a command has made one whole: a table's rows it does not know.
bool IsOnePiece(const Form& form) {
  for (const char* word : {"eswitch set", "port add", "port del"}) {
    if (form.base == Base::kSwitch && form.command.starts_with(word)) return true;
  }
  return false;
}

std::string JudgeOnePiece(World& world, const Form& form, const Expected& expected,
                          const std::string& after) {
  if (!IsOnePiece(form)) return "";
  const std::string changes = world.DiffersFromBoth(expected.start, expected.done);
  return changes.empty() ? "" : "after \"" + after + "\" it is neither whole nor gone: " + changes;
}

}  // namespace

std::string TryAnother(World& world, const Form& form, const Expected& expected, size_t which) {
  const std::vector<Other> others = OthersOn(form.uplink);
  const auto& [line, undo] = others[which % others.size()];
  const Result result = world.Xsw(line).result;
  if (result.status != 0) return SaysNotWhole(result) ? "" : Failed(line, result);
  const std::string problem = world.Run(undo);
  return problem.empty() ? JudgeOnePiece(world, form, expected, line) : problem;
}

std::string TryDel(World& world, const Form& form, const Expected& expected) {
  const std::string line = "eswitch del " + form.uplink;
  const std::string losses = world.flows().Losses();
  if (!losses.empty()) return "frames: " + losses;
  world.flows().Let(kHostOutside);
  const Result result = world.Xsw(line).result;
  if (result.status != 0 && !Says(result, "does not exist")) return Failed(line, result);
  std::string problem = world.Differs(world.nothing());
  if (!problem.empty()) return "left after " + line + ": " + problem;
  problem = world.flows().Losses();
  if (!problem.empty()) return "frames at " + line + ": " + problem;
  world.IsBare();
  problem = world.Go(form.base);
  // A command may wait for a frame of theirs.
  world.flows().Let(form.flows);
  // As FormSweep does: some of what the first use of a port changes stays.
  for (const std::string& lines : {form.once, form.command, form.undo}) {
    if (problem.empty()) problem = world.Run(lines);
  }
  if (problem.empty()) problem = world.Differs(expected.start);
  world.flows().Let(form.flows);
  return problem.empty() ? "" : "anew after " + line + ": " + problem;
}

}  // namespace xsw::test
