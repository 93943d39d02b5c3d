// SPDX-License-Identifier: Apache-2.0
// What `xsw explain` has found out, in words.
#ifndef XSW_TOOLS_XSW_EXPLAIN_WORDS_H_
#define XSW_TOOLS_XSW_EXPLAIN_WORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "switchdev_model/show/explain.h"
#include "switchdev_model/show/remark.h"
#include "tools/xsw/output.h"

namespace xsw {

// Names ports and VLANs of an eswitch.
struct Speaker {
  Eswitch& eswitch;

  std::string Port(uint32_t port) const;
  std::string Vlan(uint16_t vlan) const;
  std::string Dress(const FrameStep& step) const;
  std::string Sentence(const FrameStep& step) const;
  std::string Sentence(const Remark& remark) const;
};

// One line of the answer.
struct Said {
  std::string step, port;
  std::optional<uint16_t> vlan;
  std::string reason;  // may be empty
  std::optional<bool> tagged;
  std::string text;

  Json ToJson() const;
};
// Of a frame that has come in at port.
std::vector<Said> Say(const Speaker& speaker, uint32_t port, const Explained& part);
std::vector<Said> Say(const Speaker& speaker, const std::vector<Remark>& remarks);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_EXPLAIN_WORDS_H_
