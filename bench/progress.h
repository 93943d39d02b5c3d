// SPDX-License-Identifier: Apache-2.0
// How far we are and how long it will still take, on stderr: one line that is overwritten on a
// terminal, a line every now and then elsewhere.
#ifndef XSW_BENCH_PROGRESS_H_
#define XSW_BENCH_PROGRESS_H_

#include <string>

namespace xsw::bench {

class Progress {
 public:
  explicit Progress(double expected_seconds);
  Progress(const Progress&) = delete;
  ~Progress();

  void Show(const std::string& what);
  // What was expected to take so long is done. The real pace corrects the time left.
  void Done(double expected_seconds);
  // So much of it is, whatever Done() has said.
  void SetDone(double expected_seconds) { done_ = expected_seconds; }

 private:
  double SecondsLeft() const;

  const double expected_;
  const double start_;
  const bool terminal_;
  double done_ = 0;
  double shown_ = 0;  // when
};

}  // namespace xsw::bench

#endif  // XSW_BENCH_PROGRESS_H_
