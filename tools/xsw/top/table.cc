// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/top/table.h"

#include <algorithm>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "tools/xsw/show_stats.h"

namespace xsw {
namespace {

constexpr size_t kColumns = static_cast<size_t>(Column::kCount);
constexpr size_t kLeastDrops = 12;  // "no_socket 12"

struct ColumnText {
  const char* bits;
  const char* bytes;
  size_t width;  // 0: what is left
  bool right;
};
// By Column.
constexpr ColumnText kTexts[kColumns] = {
    {"PORT", "PORT", 0, false},      {"FUNCTION", "FUNCTION", 0, false},
    {"RX bit/s", "RX B/s", 8, true}, {"TX bit/s", "TX B/s", 8, true},
    {"RX fr/s", "RX fr/s", 7, true}, {"TX fr/s", "TX fr/s", 7, true},
    {"LOST", "LOST", 5, true},       {"DROPS", "DROPS", 0, false},
};

const ColumnText& TextOf(Column column) { return kTexts[static_cast<size_t>(column)]; }

bool IsIdle(const Flow& flow) {
  const PortStats& since = flow.since;
  return !since.rx.frames && !since.tx.frames && !LostFrames(since) && !DroppedFrames(since);
}

// What a column of numbers is sorted by.
double NumberOf(const Flow& flow, Column column) {
  const PortStats& since = flow.since;
  switch (column) {
    case Column::kRx:
      return flow.PerSecond(since.rx.bytes);
    case Column::kTx:
      return flow.PerSecond(since.tx.bytes);
    case Column::kRxFrames:
      return flow.PerSecond(since.rx.frames);
    case Column::kTxFrames:
      return flow.PerSecond(since.tx.frames);
    case Column::kLost:
      return static_cast<double>(LostFrames(since));
    case Column::kDrops:
      return static_cast<double>(DroppedFrames(since));
    case Column::kPort:
    case Column::kFunction:
    case Column::kCount:
      break;
  }
  return 0;
}

bool ComesFirst(const Flow& a, const Flow& b, Column column) {
  if (column == Column::kFunction) return PlaceOf(a.info) < PlaceOf(b.info);
  if (column == Column::kPort) return a.key < b.key;
  return NumberOf(a, column) > NumberOf(b, column);
}

std::string Padded(const std::string& text, size_t width, bool right) {
  const std::string pad(text.size() < width ? width - text.size() : 0, ' ');
  return right ? pad + text : text + pad;
}

}  // namespace

const char* TitleOf(Column column, const TableOptions& options) {
  return options.bytes ? TextOf(column).bytes : TextOf(column).bits;
}

std::vector<const Flow*> Arrange(const std::vector<Flow>& flows, const TableOptions& options) {
  std::vector<const Flow*> rows;
  for (const Flow& flow : flows) {
    if (options.idle || !IsIdle(flow)) rows.push_back(&flow);
  }
  // Equal ones stay in the order of the ports.
  std::stable_sort(rows.begin(), rows.end(), [&](const Flow* a, const Flow* b) {
    return options.reverse ? ComesFirst(*b, *a, options.sort) : ComesFirst(*a, *b, options.sort);
  });
  return rows;
}

std::string NameCell(const std::string& name, size_t width) {
  std::string cell = Ascii(name);
  if (cell.size() > width) {
    cell.resize(width);
    if (width) cell.back() = '~';
  }
  return cell;
}

std::string PlaceOf(const PortInfo& info) {
  if (info.index == XSW_UPLINK) return "(wire)";
  return info.netns.empty() ? info.ifname : absl::StrCat(info.netns, "/", info.ifname);
}

std::string Scaled(double number) {
  constexpr char kUnits[] = " kMGTPE";
  size_t unit = 0;
  // 999.5 would be shown as 1000.
  while (number >= 999.5 && kUnits[unit + 1]) number /= 1000, unit++;
  const std::string suffix = unit ? std::string(1, kUnits[unit]) : "";
  if (number == 0) return "0";
  if (number >= 99.95) return absl::StrFormat("%.0f%s", number, suffix);
  if (number >= 9.995 || !unit) return absl::StrFormat("%.1f%s", number, suffix);
  return absl::StrFormat("%.2f%s", number, suffix);
}

std::string RateText(double bytes, const TableOptions& options) {
  return Scaled(options.bytes ? bytes : bytes * 8);
}

std::string DropsText(std::vector<DropCount> drops) {
  std::erase_if(drops, [](const DropCount& drop) { return drop.frames == 0; });
  std::stable_sort(drops.begin(), drops.end(),
                   [](const DropCount& a, const DropCount& b) { return a.frames > b.frames; });
  return absl::StrJoin(drops, " ", [](std::string* out, const DropCount& drop) {
    absl::StrAppend(out, drop.reason, " ", drop.frames);
  });
}

Table::Table(const TableOptions& options, const std::vector<const Flow*>& rows, size_t width)
    : options_(options) {
  size_t port = 8, function = 8, fixed = 0;
  for (const Flow* flow : rows) {
    port = std::max(port, FormatHandle(flow->key.first, flow->key.second).size());
    function = std::max(function, PlaceOf(flow->info).size());
  }
  for (size_t i = 0; i < kColumns; i++) {
    widths_[i] = kTexts[i].width;
    fixed += kTexts[i].width + (i ? 1 : 0);
  }
  const size_t left = width > fixed ? width - fixed : 0;
  size_t& drops = widths_[static_cast<size_t>(Column::kDrops)];
  drops = std::string::npos;
  if (width) {
    port = std::min(port, left > kLeastDrops ? left - kLeastDrops : 0);
    function = std::min(function, left - port > kLeastDrops ? left - port - kLeastDrops : 0);
    drops = left - port - function;
  }
  widths_[static_cast<size_t>(Column::kPort)] = port;
  widths_[static_cast<size_t>(Column::kFunction)] = function;
}

std::string Table::Join(const std::vector<std::string>& cells, const std::string& mark_begin,
                        const std::string& mark_end) const {
  std::string line;
  for (size_t i = 0; i < kColumns; i++) {
    const bool last = i + 1 == kColumns;
    std::string cell = NameCell(cells[i], widths_[i]);
    if (!last) cell = Padded(cell, widths_[i], kTexts[i].right);
    const bool marked = i == static_cast<size_t>(options_.sort);
    absl::StrAppend(&line, i ? " " : "", marked ? mark_begin : "", cell, marked ? mark_end : "");
  }
  absl::StripTrailingAsciiWhitespace(&line);
  return line;
}

std::string Table::Header(const std::string& mark_begin, const std::string& mark_end) const {
  std::vector<std::string> cells;
  for (const ColumnText& text : kTexts) cells.push_back(options_.bytes ? text.bytes : text.bits);
  return Join(cells, mark_begin, mark_end);
}

std::string Table::Line(const Flow& flow) const {
  const PortStats& since = flow.since;
  return Join({FormatHandle(flow.key.first, flow.key.second), PlaceOf(flow.info),
               RateText(flow.PerSecond(since.rx.bytes), options_),
               RateText(flow.PerSecond(since.tx.bytes), options_),
               Scaled(flow.PerSecond(since.rx.frames)), Scaled(flow.PerSecond(since.tx.frames)),
               Scaled(static_cast<double>(LostFrames(since))), DropsText(since.drops)},
              "", "");
}

}  // namespace xsw
