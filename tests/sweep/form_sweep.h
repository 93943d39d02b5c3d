// SPDX-License-Identifier: Apache-2.0
// One form through its points.
#ifndef XSW_TESTS_SWEEP_FORM_SWEEP_H_
#define XSW_TESTS_SWEEP_FORM_SWEEP_H_

#include <cstdint>
#include <memory>
#include <string>

#include "tests/sweep/point.h"
#include "tests/sweep/report.h"

namespace xsw::test {

// Which points.
struct Selection {
  size_t share = 0, shares = 1;  // every shares-th
  size_t sample = SIZE_MAX;      // so many of these at most, drawn with the seed
  uint32_t seed = 1;
  std::string only;    // whose name has this in it
  bool list = false;   // say which they are, and try none
  bool first = false;  // no more of them behind the first defect
};

// In *world, which is made anew if a point spoilt it; null: there is none yet.
void SweepForm(std::unique_ptr<World>* world, const Form& form, const Selection& selection,
               Report* report);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_FORM_SWEEP_H_
