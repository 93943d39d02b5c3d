// SPDX-License-Identifier: Apache-2.0
// Metrics as text, in the two forms that Prometheus reads: its own (version 0.0.4, which
// node_exporter's textfile collector and promtool take) and OpenMetrics 1.0.
//
//   Exposition text(Exposition::kOpenMetrics);
//   text.Begin("xsw_port_transmit_packets", Exposition::kCounter, "Frames from the function.");
//   text.Sample({{"eswitch", "eth0"}, {"port", "1"}}, 42);
//   text.End();
#ifndef XSW_TOOLS_XSW_EXPOSITION_H_
#define XSW_TOOLS_XSW_EXPOSITION_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace xsw {

class Exposition {
 public:
  enum Form { kPrometheus, kOpenMetrics };
  enum Type { kCounter, kGauge, kInfo };  // an info's value is 1
  using Labels = std::vector<std::pair<const char*, std::string>>;

  explicit Exposition(Form form) : form_(form) {}

  // A family, without the suffix that its type gives it: _total, _info. Its samples follow.
  void Begin(const std::string& name, Type type, const std::string& help);
  void Sample(const Labels& labels, uint64_t value);
  std::string End() &&;

 private:
  Form form_;
  std::string name_;  // of a sample
  std::string text_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_EXPOSITION_H_
