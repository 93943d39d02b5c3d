// SPDX-License-Identifier: Apache-2.0
// The programs that switch and those that explain, on the same maps, under the configuration of a
// random case.
#ifndef XSW_TESTS_BPF_DATAPATHS_H_
#define XSW_TESTS_BPF_DATAPATHS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tests/bpf/random_case.h"
#include "tests/bpf/switch_under_test.h"

struct explain_bpf;

namespace xsw::test {

struct Switched {
  // What counters and verdict tell: deliveries to ports (tagged is never set) and drops, and as
  // kToWire whether the frame itself was redirected, as kToStack whether it was left to the stack.
  std::vector<Fate> fates;
  // Then also the frame as it left the program, an accelerated tag in its place.
  std::optional<Bytes> frame;
  std::array<uint64_t, kRefPorts + 1> tx_bytes = {};
};

class Datapaths {
 public:
  // Loads all at the first call.
  static Datapaths& Get();

  void Configure(const RandomCase& c);
  Switched Switch(const RandomCase& c);
  // Sorted.
  std::vector<Fate> Explain(const RandomCase& c);

 private:
  Datapaths();
  void ConfigurePorts(const RandomCase& c);
  void PutGroup(const Address& address, const std::set<uint32_t>& ports);
  void Zero();
  int RunXdp(int program, const RandomCase& c, Bytes* out) const;
  int RunTc(int program, const RandomCase& c);
  Bytes LookBehindTc(int program, const RandomCase& c);
  int TestRunTc(int program, const RandomCase& c, int repeat, Bytes* out);
  void Count(Switched* to);
  int Trace(const char* name, const RandomCase& c, std::vector<Fate>* fates);

  Lab& lab_;
  xsw_bpf* shipped_;
  explain_bpf* explaining_;
  accel_tag_bpf* helper_;
  uint32_t fdb_generation_ = 0;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_DATAPATHS_H_
