// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/disturbance.h"

namespace xsw::test {

Disturbance::Disturbance(Topology* topology, unsigned seed, Tally* tally)
    : topology_(topology), tally_(tally), random_(seed) {
  for (int i = 0; i < kChurnNamespaces; i++) TurnNamespace(i);
  StartXswd();
}

void Disturbance::StartXswd() { xswd_.emplace(Argv{XSWD_BINARY, "--bpffs", kTestBpffs}); }

void Disturbance::TurnNamespace(int i) {
  if (there_[i]) {
    topology_->sandbox().DeleteNetns(ChurnName(i));
    tally_->Count("a namespace ended");
  } else {
    topology_->sandbox().AddNetns(ChurnName(i));
  }
  there_[i] = !there_[i];
}

void Disturbance::Next() {
  const int which = static_cast<int>(random_() % (kChurnNamespaces + 1));
  if (which < kChurnNamespaces) return TurnNamespace(which);
  if (xswd_->Done()) tally_->AddDefect("xswd ended: " + xswd_->Wait().err);
  StartXswd();
  tally_->Count("xswd was killed");
}

void Disturbance::End() {
  for (int i = 0; i < kChurnNamespaces; i++) {
    if (!there_[i]) TurnNamespace(i);
  }
  if (xswd_->Done()) tally_->AddDefect("xswd ended: " + xswd_->Wait().err);
}

}  // namespace xsw::test
