// SPDX-License-Identifier: Apache-2.0
// How long the CPUs have worked, whoever they worked for.
#ifndef XSW_BENCH_BUSY_H_
#define XSW_BENCH_BUSY_H_

namespace xsw::bench {

// Of all CPUs together since they started, in seconds; the kernel counts in ticks, of 10 ms mostly.
double BusySeconds();

// From its construction on.
class BusyMeter {
 public:
  BusyMeter() : start_(BusySeconds()) {}
  // ns for each of so many frames.
  double NsEach(double frames) const { return (BusySeconds() - start_) * 1e9 / frames; }

 private:
  double start_;
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_BUSY_H_
