// SPDX-License-Identifier: Apache-2.0
// The version of the state that this program makes and writes: XSW_ABI_VERSION. One file is
// compiled with the number, so that a test builds the programs of the next version by another one.
#ifndef XSW_USERSPACE_OWN_ABI_H_
#define XSW_USERSPACE_OWN_ABI_H_

#include <cstdint>

namespace xsw {

uint32_t OwnAbi();

}  // namespace xsw

#endif  // XSW_USERSPACE_OWN_ABI_H_
