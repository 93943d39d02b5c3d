// SPDX-License-Identifier: Apache-2.0
// What `xsw explain` has found out, in words.
#ifndef XSW_TOOLS_XSW_EXPLAIN_WORDS_H_
#define XSW_TOOLS_XSW_EXPLAIN_WORDS_H_

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
  std::string Dress(const xsw_trace_step& step) const;
  std::string Sentence(const xsw_trace_step& step) const;
  std::string Sentence(const Remark& remark) const;
};

// {"program": ..., "steps": [...]} of a frame that has come in at port.
Json PartJson(const Speaker& speaker, uint32_t port, const Explained& part);
Json RemarksJson(const Speaker& speaker, const std::vector<Remark>& remarks);

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_EXPLAIN_WORDS_H_
