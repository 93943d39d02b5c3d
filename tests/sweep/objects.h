// SPDX-License-Identifier: Apache-2.0
// BPF objects by their ids. Other tests on this machine have maps and programs of the same names;
// those that our own commands made are told by having watched them.
#ifndef XSW_TESTS_SWEEP_OBJECTS_H_
#define XSW_TESTS_SWEEP_OBJECTS_H_

#include <linux/types.h>

#include <optional>
#include <string>

#include "tests/sweep/tracee.h"

namespace xsw::test {

struct BpfObject {
  enum Kind { kMap, kProgram, kLink, kBtf } kind;
  __u32 id;
  std::string name;  // "map xsw_fdb"
};

// Does this call make one? Ask before the call.
bool MakesObject(const SystemCall& call);
// Ask after it.
std::optional<BpfObject> MadeObject(const Tracee& tracee, const SystemCall& call);

// Somebody or something still holds it.
bool IsAlive(const BpfObject& object);

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_OBJECTS_H_
