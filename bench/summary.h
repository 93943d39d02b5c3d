// SPDX-License-Identifier: Apache-2.0
// Several measurements of one thing, in three numbers.
#ifndef XSW_BENCH_SUMMARY_H_
#define XSW_BENCH_SUMMARY_H_

#include <algorithm>
#include <vector>

namespace xsw::bench {

struct Summary {
  double median = 0;
  double min = 0;
  double max = 0;
};

// At least one sample.
inline Summary Summarize(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const size_t half = samples.size() / 2;
  const double median =
      samples.size() % 2 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
  return {.median = median, .min = samples.front(), .max = samples.back()};
}

}  // namespace xsw::bench

#endif  // XSW_BENCH_SUMMARY_H_
