// SPDX-License-Identifier: Apache-2.0
// Help, made from the table of commands.
#ifndef XSW_TOOLS_XSW_HELP_H_
#define XSW_TOOLS_XSW_HELP_H_

#include <cstdio>
#include <string>

#include "tools/xsw/command.h"

namespace xsw {

void PrintUsage(FILE* to, const Command& command);
// All commands of an object.
void PrintObjectUsage(FILE* to, const std::string& object);
void PrintHelp(FILE* to);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_HELP_H_
