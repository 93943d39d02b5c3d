// SPDX-License-Identifier: Apache-2.0
// `xsw save`, `apply` and `diff`, with the documents as JSON.
#ifndef XSW_TESTS_VETH_DOCUMENTS_H_
#define XSW_TESTS_VETH_DOCUMENTS_H_

#include <string>
#include <vector>

#include "tests/veth/topology.h"

namespace xsw::test {

// Where documents are put for xsw to read.
inline constexpr char kDocument[] = "/run/document.json";

// The document of one eswitch, up0.
Json OfUp0(const Json& eswitch);

void WriteDocument(const std::string& text);
// What `xsw save` prints.
Json Saved(const Topology& t);
Result Apply(const Topology& t, const Json& document, const std::string& more = "");
// The lines, without "xsw --bpffs ..." before each.
std::vector<std::string> Diff(const Topology& t, const Json& document,
                              const std::string& more = "");

// The document fits the schema that is installed, says python3-jsonschema; else why not.
std::string SchemaErrors(const std::string& text);

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_DOCUMENTS_H_
