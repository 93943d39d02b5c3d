// SPDX-License-Identifier: Apache-2.0
// The table of ports: its columns, its order, its lines.
#ifndef XSW_TOOLS_XSW_TOP_TABLE_H_
#define XSW_TOOLS_XSW_TOP_TABLE_H_

#include <string>
#include <vector>

#include "tools/xsw/top/meter.h"

namespace xsw {

enum class Column { kPort, kFunction, kRx, kTx, kRxFrames, kTxFrames, kLost, kDrops, kCount };

struct TableOptions {
  Column sort = Column::kRx;
  bool reverse = false;  // the other way than the column's own: most first, names rising
  bool bytes = false;    // rates in bytes, not bits
  bool idle = true;      // ports at which nothing moves too
};

// Those to be shown, in order. They point into flows.
std::vector<const Flow*> Arrange(const std::vector<Flow>& flows, const TableOptions& options);

// A name that anybody has given, in so many columns at most: what is not plain ASCII is a question
// mark, what is cut off ends in "~".
std::string NameCell(const std::string& name, size_t width);
// "c1/eth0": where the function is.
std::string PlaceOf(const PortInfo& info);
// Bytes a second as they are shown: "1.23G" bits.
std::string RateText(double bytes, const TableOptions& options);
// "12", "3.4", "98.1k": five characters at most.
std::string Scaled(double number);
// "spoof 3 vlan 1", the most first; "" if there are none.
std::string DropsText(std::vector<DropCount> drops);

class Table {
 public:
  // So many columns in all; 0: as many as the longest names and reasons take.
  Table(const TableOptions& options, const std::vector<const Flow*>& rows, size_t width);

  // mark stands around the title of the column that is sorted by.
  std::string Header(const std::string& mark_begin, const std::string& mark_end) const;
  std::string Line(const Flow& flow) const;

 private:
  std::string Join(const std::vector<std::string>& cells, const std::string& mark_begin,
                   const std::string& mark_end) const;

  TableOptions options_;
  size_t widths_[static_cast<size_t>(Column::kCount)];
};

const char* TitleOf(Column column, const TableOptions& options);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOP_TABLE_H_
