// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/top/live.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tools/xsw/locale.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// So that there is something to see at once.
constexpr double kFirst = 0.3;

void Sort(View& view, int by) {
  constexpr int kCount = static_cast<int>(Column::kCount);
  view.table.sort = static_cast<Column>((static_cast<int>(view.table.sort) + by + kCount) % kCount);
}

void Choose(View& view, const std::vector<const Flow*>& rows, size_t row) {
  if (rows.empty()) return;
  view.row = std::min(row, rows.size() - 1);
  view.chosen = rows[view.row]->key;
}

void Press(int key, View& view, const std::vector<const Flow*>& rows) {
  const size_t row = view.row, page = view.page;
  switch (key) {
    case kKeyUp:
    case 'k':
      return Choose(view, rows, row ? row - 1 : 0);
    case kKeyDown:
    case 'j':
      return Choose(view, rows, row + 1);
    case kKeyPageUp:
      return Choose(view, rows, row > page ? row - page : 0);
    case kKeyPageDown:
      return Choose(view, rows, row + page);
    case kKeyHome:
      return Choose(view, rows, 0);
    case kKeyEnd:
      return Choose(view, rows, rows.size());
    case kKeyLeft:
    case '<':
      return Sort(view, -1);
    case kKeyRight:
    case '>':
      return Sort(view, 1);
    case 'r':
      view.table.reverse = !view.table.reverse;
      return;
    case 'b':
      view.table.bytes = !view.table.bytes;
      return;
    case 'i':
      view.table.idle = !view.table.idle;
      return;
    case 'h':
    case '?':
      view.help = !view.help;
      return;
    default:
      return;
  }
}

}  // namespace

absl::StatusOr<int> RunLive(Meter& meter, const TopOptions& options) {
  XSW_ASSIGN_OR_RETURN(Terminal terminal, Terminal::Open());
  View view{.utf8 = IsUtf8Locale(), .interval = options.interval};
  double next = MonotonicSeconds() + std::min(kFirst, options.interval);
  for (uint32_t looks = 0;;) {
    Screen screen(view, meter, terminal.size());
    XSW_RETURN_IF_ERROR(terminal.Draw(screen.Draw()));
    if (options.count && looks == options.count) return 0;
    XSW_ASSIGN_OR_RETURN(const int key, terminal.Wait(next));
    if (key == 'q') return 0;
    if (key == kKeyQuit) return terminal.end_signal();
    if (key != kKeyTime) {
      Press(key, view, screen.rows());
      continue;
    }
    view.note = std::string(meter.Look().message());
    next = std::max(next + options.interval, MonotonicSeconds());
    looks++;
  }
}

}  // namespace xsw
