// SPDX-License-Identifier: Apache-2.0
// Where a command's answer goes: text as it comes, or one JSON document at the end.
#ifndef XSW_TOOLS_XSW_OUTPUT_H_
#define XSW_TOOLS_XSW_OUTPUT_H_

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace xsw {

using Json = nlohmann::ordered_json;

// An object that grows copies all that it holds: this one has room for so many members from the
// start.
inline Json NewObject(size_t members) {
  Json json = Json::object();
  json.get_ref<Json::object_t&>().reserve(members);
  return json;
}

// A netdev's name may hold any bytes: what is no UTF-8 is replaced, and what steers a terminal (see
// Printable) is escaped, with all else that is not ASCII.
inline std::string DumpJson(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', true, Json::error_handler_t::replace);
}

// Containers name their netdevs, and a terminal obeys what is in such a name: bytes that steer it
// (C0, DEL, and UTF-8's C1) are shown as question marks, as ls does.
inline std::string Printable(std::string text) {
  for (size_t i = 0; i < text.size(); i++) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c0 = byte < 0x20 && byte != '\n' && byte != '\t';
    const bool c1 = byte >= 0x80 && byte < 0xa0 && i > 0 && text[i - 1] == '\xc2';
    if (c0 || c1 || byte == 0x7f) text[i] = '?';
  }
  return text;
}

// For where each letter must take one column, or a file have one encoding: what is not ASCII is a
// question mark too, and so are ends of lines.
inline std::string Ascii(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

class Output {
 public:
  Output(bool json, bool pretty) : json_(json), pretty_(pretty) {}

  bool json() const { return json_; }

  // Text only; ignored in JSON mode.
  void Line(const std::string& text) const {
    if (!json_) std::printf("%s\n", Printable(text).c_str());
  }

  // JSON only: the document, made at the first call. `output.doc()["port"]["eth0/1"] = ...`.
  Json& doc() { return doc_; }

  // Prints the document if there is one. Once, when the command has succeeded.
  void Finish() const {
    if (json_ && !doc_.is_null()) std::printf("%s\n", DumpJson(doc_, pretty_ ? 4 : -1).c_str());
  }

 private:
  bool json_;
  bool pretty_;
  Json doc_;
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_OUTPUT_H_
