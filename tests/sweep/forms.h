// SPDX-License-Identifier: Apache-2.0
// The commands that are swept, a row each.
#ifndef XSW_TESTS_SWEEP_FORMS_H_
#define XSW_TESTS_SWEEP_FORMS_H_

#include <string>
#include <vector>

namespace xsw::test {

enum class Base {
  kBare,    // the uplink, the host, the outside: no eswitch
  kSwitch,  // an eswitch with the stable ports 1 and 2
};

struct Form {
  Base base;
  // From the base to the form's start, once; lines for World::Xsw(), separated by ';'.
  std::string once;
  // What is killed and made to fail.
  std::string command;
  // From its end back to the form's start.
  std::string undo;
  // From the start back to the base.
  std::string end;
  // What may flow through the whole time (FlowKind).
  unsigned flows;
  // What a repeated command may say instead of succeeding, when all is done already; empty: it
  // succeeds.
  std::string done_already;
  // When it fails part of it is done, and the repeat does the rest: it removes what cannot be put
  // back as it was, or has made what others may use already.
  bool takes_apart = false;
  std::string uplink = "up0";
};

const std::vector<Form>& Forms();

// Documents that forms apply: what is to be in which file.
struct DocumentFile {
  const char *path, *text;
};
const std::vector<DocumentFile>& DocumentFiles();

}  // namespace xsw::test

#endif  // XSW_TESTS_SWEEP_FORMS_H_
