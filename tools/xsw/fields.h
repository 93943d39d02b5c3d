// SPDX-License-Identifier: Apache-2.0
// What is shown of an object, field by field, as text or as JSON: a field is named once for both.
//
//   up0/1: netdev up0sf1           {"netdev": "up0sf1",
//     note: ...                     "function": {"state": "active"},
//     function:                     "note": "...",
//       state active                "policy": {"promisc": false, "tx_max_bit_s": 10000000}}
//     policy:
//       promisc off tx_max 10mbit
//
// JSON has all in the order in which it comes; text has the object's own fields first, then rows,
// the note, and blocks and lines.
#ifndef XSW_TOOLS_XSW_FIELDS_H_
#define XSW_TOOLS_XSW_FIELDS_H_

#include <cstdint>
#include <string>

#include "tools/xsw/output.h"

namespace xsw {

class Fields {
 public:
  explicit Fields(bool is_json);
  bool is_json() const { return is_json_; }

  void Word(const char* key, const std::string& word);
  void Number(const char* key, uint64_t number);
  void Bool(const char* key, bool value);
  // JSON says the type or the unit, text what the command line takes.
  void OnOff(const char* key, bool on);         // "promisc": false    promisc off
  void Rate(const char* key, uint64_t bit_s);   // "tx_max_bit_s": N   tx_max 10mbit
  void Bytes(const char* key, uint64_t bytes);  // "burst_bytes": N    burst N
  void Frames(const char* key, uint64_t frames, uint64_t bytes);
  void Use(const char* key, uint64_t used, uint64_t limit);
  void UnlessZero(const char* key, uint64_t number);  // in text; JSON always has it

  void Row(const char* key, Fields fields);  // an object on one line
  void Note(const std::string& note);
  void Block(const char* key, Fields fields);  // an object below its name
  void Line(const char* key, uint64_t number);

  // Text: nothing, if JSON was asked for.
  std::string Pairs() const;  // "state active promisc off" of its own fields; "none"
  std::string Text(const std::string& name) const;
  // Null, if text was.
  Json& json() { return json_; }

 private:
  void Put(std::string key, Json value);
  void Say(const char* key, const std::string& word);

  bool is_json_;
  Json json_;
  std::string pairs_, rows_, note_, below_;  // text, in this order
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_FIELDS_H_
