// SPDX-License-Identifier: Apache-2.0
// What may come after a command that was killed, beside the same command: each has to find a way on
// from what there is.
#ifndef XSW_TESTS_SWEEP_SEQUEL_H_
#define XSW_TESTS_SWEEP_SEQUEL_H_

#include <string>

#include "tests/sweep/point.h"

namespace xsw::test {

// A writing command that has nothing to do with the form's, another one for each `which`. It
// succeeds, or says that there is no whole eswitch; and it leaves a port, or the eswitch's
// settings, as before the form's command or as after it. Empty, or what is wrong.
std::string TryAnother(World& world, const Form& form, const Expected& expected, size_t which);

// `eswitch del`, after which nothing is left, with the host's own frames flowing; and back to the
// form's start.
std::string TryDel(World& world, const Form& form, const Expected& expected);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_SEQUEL_H_
