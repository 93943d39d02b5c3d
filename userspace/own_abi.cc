// SPDX-License-Identifier: Apache-2.0
#include "userspace/own_abi.h"

#include "abi.h"

namespace xsw {

uint32_t OwnAbi() { return XSW_ABI_VERSION; }

}  // namespace xsw
