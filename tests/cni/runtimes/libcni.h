// SPDX-License-Identifier: Apache-2.0
// One container's attachment through libcni, as every runtime in Go has it: a chain of plugins,
// each of which gets the result of the one before it.
//
//   Attachment c1("c1", LanOf({LanPlugin(), {{"type", "firewall"}}}));
//   c1.Ok("ADD");
//   ExpectReaches(c1.attached().at(), Outside());
//   c1.Ok("DEL");
#ifndef XSW_TESTS_CNI_RUNTIMES_LIBCNI_H_
#define XSW_TESTS_CNI_RUNTIMES_LIBCNI_H_

#include <string>

#include "tests/cni/runtimes/lan.h"

namespace xsw::test {

class Attachment {
 public:
  // A network namespace of that name is made, and goes with the object. capabilities: what the
  // runtime knows, for the plugins that declare it.
  Attachment(const std::string& name, const Json& lan, const Json& capabilities = Json::object());
  ~Attachment();
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

  // ADD, CHECK or DEL: the words to start it with, for Process.
  Argv Command(const std::string& verb) const;
  Result Call(const std::string& verb) const;
  // A failure of the test, with the plugin's words, if it does not succeed. Returns ADD's result.
  Json Ok(const std::string& verb) const;

  Attached attached() const { return AttachedIn(name_); }

 private:
  std::string name_, lan_, capabilities_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_CNI_RUNTIMES_LIBCNI_H_
