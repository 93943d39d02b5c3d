// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/documents.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace xsw::test {
namespace {

// Each error with the pointer of its place.
constexpr char kValidate[] = R"(
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
for error in jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(sys.argv[2]))):
    print('/' + '/'.join(str(part) for part in error.absolute_path) + ': ' + error.message)
)";

}  // namespace

Json OfUp0(const Json& eswitch) { return {{"eswitch", {{kUplink, eswitch}}}}; }

void WriteDocument(const std::string& text) { std::ofstream(kDocument) << text; }

Json Saved(const Topology& t) { return Json::parse(t.XswOk("save"), nullptr, false); }

Result Apply(const Topology& t, const Json& document, const std::string& more) {
  WriteDocument(document.dump(4));
  return t.Xsw(std::string("apply ") + kDocument + " " + more);
}

std::vector<std::string> Diff(const Topology& t, const Json& document, const std::string& more) {
  WriteDocument(document.dump(4));
  const Result result = t.Xsw(std::string("diff ") + kDocument + " " + more);
  const std::string prefix = std::string("xsw --bpffs ") + kTestBpffs + " ";
  std::vector<std::string> lines;
  std::istringstream out(result.out);
  for (std::string line; std::getline(out, line);) {
    EXPECT_TRUE(line.starts_with(prefix)) << line;
    lines.push_back(line.substr(std::min(line.size(), prefix.size())));
  }
  EXPECT_EQ(result.status, lines.empty() ? 0 : 1) << result.err;
  EXPECT_EQ(result.err, "");
  return lines;
}

std::string SchemaErrors(const std::string& text) {
  WriteDocument(text);
  const Result result = RunCommand(Argv{"python3", "-c", kValidate, XSW_SCHEMA, kDocument});
  return result.status == 0 ? result.out : result.out + result.err + " ";
}

}  // namespace xsw::test
