// SPDX-License-Identifier: Apache-2.0
// The network in which a form is swept, brought to a base and back by commands: making it anew
// costs most.
//
//    out ==wire== up0, the host      eth0 in c1, c2: stable ports, with flows      c3, c4: for the
//    port that is swept
#ifndef XSW_TESTS_SWEEP_WORLD_H_
#define XSW_TESTS_SWEEP_WORLD_H_

#include <optional>
#include <string>
#include <vector>

#include "tests/sweep/flows.h"
#include "tests/sweep/forms.h"
#include "tests/sweep/injector.h"
#include "tests/sweep/state.h"

namespace xsw::test {

class World {
 public:
  World();

  // Empty, or what did not work.
  std::string Go(Base base);
  // The eswitch was deleted beside Go.
  void IsBare() { base_ = Base::kBare; }
  // `xsw LINE`, or "cni COMMAND FILE", xsw-cni with that configuration; what it makes is remembered.
  Trace Xsw(const std::string& line, const Accident& accident = {});
  // Lines separated by ';', each of which has to succeed: empty, or which did not and why.
  std::string Run(const std::string& lines);

  Snapshot State();
  // The state when it has come to rest: what a command leaves to the kernel to free may still be
  // there at once.
  Snapshot Settled();
  // As it is without any eswitch.
  const Snapshot& nothing() const { return nothing_; }
  // Until the state is that one; the kernel frees some things a moment later. Empty, or the
  // difference.
  std::string Differs(const Snapshot& wanted);
  // Until it is one of two: empty, or the shorter difference.
  std::string DiffersFromBoth(const Snapshot& one, const Snapshot& other);

  Flows& flows() { return *flows_; }

 private:
  void ConfigurePorts();

  Topology topology_;
  std::optional<Flows> flows_;
  std::vector<BpfObject> made_;
  Snapshot nothing_;
  Base base_ = Base::kBare;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_WORLD_H_
