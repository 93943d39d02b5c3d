// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/worker.h"

namespace xsw::test {
namespace {

// A command that waits for 31 others is no defect, one that never ends is.
constexpr char kWait[] = "--wait 120 ";
constexpr int kLimitMs = 150'000;

}  // namespace

Workers::Workers(const Topology& topology, int count, unsigned seed, Tally* tally)
    : topology_(topology), tally_(tally) {
  for (int i = 0; i < count; i++)
    threads_.emplace_back([this, seed, i] { Work(seed + static_cast<unsigned>(i)); });
}

void Workers::Work(unsigned seed) {
  std::mt19937 random(seed);
  while (!end_) {
    const Command command = DrawCommand(random);
    Process process(topology_.XswArgv(kWait + command.line));
    tally_->Add(command, process.Wait(kLimitMs));
  }
}

void Workers::Stop() {
  end_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace xsw::test
