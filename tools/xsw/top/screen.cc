// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/top/screen.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "switchdev_model/words.h"
#include "tools/xsw/show_stats.h"

namespace xsw {
namespace {

constexpr int kColumns = 80, kLines = 24;  // the least
constexpr size_t kAboveTable = 4, kBelowTable = 5;
constexpr char kReverse[] = "\033[7m", kPlain[] = "\033[0m", kMark[] = "\033[0;1m";

constexpr char kKeys[] =
    "q quit  h help  up/down choose  left/right sort  r reverse  b bytes  i idle";

constexpr char kHelp[] =
    "xsw top shows what moves at each port, as its representor sees it:\n"
    "rx comes from the function, tx goes to it; of the uplink, rx comes from the wire.\n"
    "\n"
    "  RX, TX     bits or bytes a second, of frames without FCS\n"
    "  fr/s       frames a second; an aggregate (GSO, GRO) is one\n"
    "  LOST       frames of the interval that the function or its socket did not take\n"
    "  DROPS      frames of the interval that xsw dropped, by reason: man xsw, STATISTICS\n"
    "\n"
    "  up down page-up page-down home end, j k    choose a port, whose history is below\n"
    "  left right, < >                            sort by the column to that side\n"
    "  r                                          sort the other way\n"
    "  b                                          bytes, or bits\n"
    "  i                                          without ports at which nothing moves\n"
    "  h ?                                        this, and back\n"
    "  q Ctrl-C                                   quit";

std::string TimeOfDay() {
  const time_t now = time(nullptr);
  tm parts;
  char text[16];
  localtime_r(&now, &parts);
  std::strftime(text, sizeof(text), "%H:%M:%S", &parts);
  return text;
}

// A level for each sample, the highest for most.
std::string Sparkline(const std::vector<float>& samples, float most, bool utf8) {
  static constexpr const char* kBlocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr const char* kAscii[] = {" ", "_", ".", "-", "=", "+", "*", "#", "@"};
  // g++ 12 evaluates i of (utf8 ? a : b)[i] for one of the two only.
  const char* const* levels = utf8 ? kBlocks : kAscii;
  std::string line;
  for (float sample : samples) {
    // What is not 0 is to be seen.
    const int level = sample > 0 ? std::max(1, static_cast<int>(std::ceil(sample / most * 8))) : 0;
    line += levels[std::min(level, 8)];
  }
  return line;
}

}  // namespace

Screen::Screen(View& view, Meter& meter, Terminal::Size size)
    : view_(view),
      meter_(meter),
      columns_(static_cast<size_t>(size.columns)),
      lines_(static_cast<size_t>(size.rows)),
      rows_(Arrange(meter.flows(), view.table)) {
  Place();
}

// The chosen port stays chosen wherever its row goes; one that is gone leaves its place to another.
void Screen::Place() {
  view_.page = lines_ > kAboveTable + kBelowTable ? lines_ - kAboveTable - kBelowTable : 1;
  auto is_chosen = [&](const Flow* flow) { return flow->key == view_.chosen; };
  const auto it = std::find_if(rows_.begin(), rows_.end(), is_chosen);
  if (it != rows_.end())
    view_.row = static_cast<size_t>(it - rows_.begin());
  else if (!view_.chosen)
    view_.row = 0;
  view_.row = rows_.empty() ? 0 : std::min(view_.row, rows_.size() - 1);
  const size_t last = rows_.size() > view_.page ? rows_.size() - view_.page : 0;
  view_.first = std::min({view_.first, view_.row, last});
  if (view_.row >= view_.first + view_.page) view_.first = view_.row + 1 - view_.page;
}

void Screen::Line(const std::string& left, const std::string& right, bool reverse) {
  const size_t room = columns_ > right.size() ? columns_ - right.size() : 0;
  std::string line = NameCell(left, right.empty() ? room : room - 1);
  if (!right.empty() || reverse) line.resize(room, ' ');
  absl::StrAppend(&text_, reverse ? kReverse : "", line, right, reverse ? kPlain : "", "\n");
}

void Screen::AddTop() {
  Line(absl::StrFormat("xsw top: %d ports, every %g s, by %s%s", meter_.flows().size(),
                       view_.interval, TitleOf(view_.table.sort, view_.table),
                       view_.table.reverse ? ", reversed" : ""),
       TimeOfDay());
  double rx = 0, tx = 0, rx_frames = 0, tx_frames = 0;
  uint64_t lost = 0, dropped = 0;
  for (const Flow& flow : meter_.flows()) {
    lost += LostFrames(flow.since), dropped += DroppedFrames(flow.since);
    // What passes the wire passes a port, or is the host's.
    if (flow.key.second == XSW_UPLINK) continue;
    rx += flow.PerSecond(flow.since.rx.bytes), tx += flow.PerSecond(flow.since.tx.bytes);
    rx_frames += flow.PerSecond(flow.since.rx.frames);
    tx_frames += flow.PerSecond(flow.since.tx.frames);
  }
  Line(absl::StrFormat("functions: rx %s tx %s %s, rx %s tx %s fr/s, lost %d, dropped %d",
                       RateText(rx, view_.table), RateText(tx, view_.table),
                       view_.table.bytes ? "B/s" : "bit/s", Scaled(rx_frames), Scaled(tx_frames),
                       lost, dropped));
  Line(view_.note);
}

void Screen::AddTable() {
  const size_t end = std::min(rows_.size(), view_.first + view_.page);
  const Table table(view_.table, {rows_.begin() + view_.first, rows_.begin() + end}, columns_);
  absl::StrAppend(&text_, kReverse, table.Header(kMark, absl::StrCat(kPlain, kReverse)), kPlain,
                  "\n");
  for (size_t i = view_.first; i < view_.first + view_.page; i++)
    Line(i < end ? table.Line(*rows_[i]) : "", "", i < end && i == view_.row);
}

// The latest at the right; beside it the latest and the most of what is shown.
void Screen::AddHistory(const char* name, float Sample::*value, const History& history) {
  constexpr size_t kBeside = 4 + 20;
  const size_t room = std::min(columns_ - kBeside, history.samples.size());
  std::vector<float> shown;
  for (size_t i = history.samples.size() - room; i < history.samples.size(); i++)
    shown.push_back(history.samples[i].*value);
  const float most = shown.empty() ? 0 : *std::max_element(shown.begin(), shown.end());
  const std::string pad(columns_ - kBeside - shown.size(), ' ');
  absl::StrAppend(&text_, name, "  ", pad, Sparkline(shown, most, view_.utf8), "  ",
                  RateText(shown.empty() ? 0 : shown.back(), view_.table), " of ",
                  RateText(most, view_.table), "\n");
}

void Screen::AddChosen() {
  if (rows_.empty()) {
    absl::StrAppend(&text_, "\n\n\n\n");
    return;
  }
  const Flow& flow = *rows_[view_.row];
  const PortInfo& info = flow.info;
  const History& history = meter_.HistoryOf(flow.key);
  std::string words = FormatHandle(flow.key.first, flow.key.second);
  if (info.index == XSW_UPLINK)
    absl::StrAppend(&words, " the uplink");
  else
    absl::StrAppend(&words, " ", info.netdev, " class ", ClassWord(info.port_class), " state ",
                    StateWord(info.active), " opstate ", info.attached ? "attached" : "detached",
                    " in ", PlaceOf(info));
  Line(words, absl::StrCat("row ", view_.row + 1, " of ", rows_.size()), true);
  AddHistory("rx", &Sample::rx, history);
  AddHistory("tx", &Sample::tx, history);
  const std::string drops = DropsText(history.drops);
  Line(absl::StrCat("since the start: lost ", history.lost, " drops ",
                    drops.empty() ? "none" : drops));
}

std::string Screen::Draw() {
  text_.clear();
  if (columns_ < kColumns || lines_ < kLines) {
    const std::string is = absl::StrCat(columns_, "x", lines_);
    text_ = NameCell(absl::StrCat("xsw top needs ", kColumns, "x", kLines, ", not ", is), columns_);
  } else if (view_.help) {
    text_ = kHelp;
  } else {
    AddTop();
    AddTable();
    AddChosen();
    text_ += kKeys;
  }
  // What was there before goes from all of the screen.
  const auto used = static_cast<size_t>(std::count(text_.begin(), text_.end(), '\n'));
  return text_ + std::string(lines_ - 1 - used, '\n');
}

}  // namespace xsw
