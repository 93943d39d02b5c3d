// SPDX-License-Identifier: Apache-2.0
// The commands of docs/fabric.md, which is part of the program: what the page says is what the demo
// and the tests do.
#ifndef XSW_TOOLS_XSW_DEMO_FABRIC_PAGE_H_
#define XSW_TOOLS_XSW_DEMO_FABRIC_PAGE_H_

#include <string>

namespace xsw {

// The lines of the code block that begins with ```NAME; "" if there is none.
std::string FabricBlock(const std::string& name);

// The block "frr" as a host other than the first has it: the first one's address is this one's, and
// the other way round.
std::string FrrConf(const std::string& block, int host);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_DEMO_FABRIC_PAGE_H_
