// SPDX-License-Identifier: Apache-2.0
// What `xsw top` shows on a terminal:
//
//   xsw top: 3 ports, every 1 s, by RX bit/s                          19:03:04
//   all ports: rx 1.20G tx 1.18G bit/s, rx 98.1k tx 98.0k fr/s, lost 0, dropped 12
//
//   PORT     FUNCTION     RX bit/s TX bit/s RX fr/s TX fr/s  LOST DROPS
//   up0/1    c1/eth0         1.20G    3.40M   98.1k    2.3k     0 spoof 12
//   ...
//   up0/1 (up0sf1), class netdev, active, attached              port 1 of 3
//   rx  _.-=+*#@@@                                             1.20G of 1.25G
//   tx  ...
//   since the start: lost 0, drops spoof 120
//   q quit  h help  ...
#ifndef XSW_TOOLS_XSW_TOP_SCREEN_H_
#define XSW_TOOLS_XSW_TOP_SCREEN_H_

#include <optional>
#include <string>

#include "tools/xsw/top/meter.h"
#include "tools/xsw/top/table.h"
#include "tools/xsw/top/terminal.h"

namespace xsw {

// What the user has chosen.
struct View {
  TableOptions table;
  std::optional<PortKey> chosen;  // none: the first row
  size_t row = 0;                 // of the chosen port, when it was last drawn
  size_t first = 0;               // row that is at the top
  size_t page = 1;                // rows that the table has room for
  bool help = false;
  bool utf8 = false;
  double interval = 1;
  std::string note;  // what could not be read
};

// Until the next look the rows are the same, in the same order.
class Screen {
 public:
  Screen(View& view, Meter& meter, Terminal::Size size);

  const std::vector<const Flow*>& rows() const { return rows_; }
  std::string Draw();

 private:
  void Place();
  void AddTop();
  void AddTable();
  void AddChosen();
  void AddHistory(const char* name, float Sample::*value, const History& history);
  // At most as wide as the screen; the rest of the line is filled when it is reverse.
  void Line(const std::string& left, const std::string& right = "", bool reverse = false);

  View& view_;
  Meter& meter_;
  size_t columns_, lines_;
  std::vector<const Flow*> rows_;
  std::string text_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_TOP_SCREEN_H_
