// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/fields.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "switchdev_model/units.h"

namespace xsw {

constexpr size_t kMembers = 20;  // most objects have fewer

// With thousands of ports most of the time goes into making the words: only those asked for.
Fields::Fields(bool is_json) : is_json_(is_json) {
  if (is_json_) json_ = NewObject(kMembers);
}

// Not operator[], which looks for the key first.
void Fields::Put(std::string key, Json value) {
  json_.get_ref<Json::object_t&>().emplace_back(std::move(key), std::move(value));
}

void Fields::Say(const char* key, const std::string& word) {
  absl::StrAppend(&pairs_, " ", key, " ", word);
}

void Fields::Word(const char* key, const std::string& word) {
  if (is_json_) return Put(key, word);
  Say(key, word);
}

void Fields::Number(const char* key, uint64_t number) {
  if (is_json_) return Put(key, number);
  Say(key, absl::StrCat(number));
}

void Fields::Bool(const char* key, bool value) {
  if (is_json_) return Put(key, value);
  Say(key, value ? "true" : "false");
}

void Fields::OnOff(const char* key, bool on) {
  if (is_json_) return Put(key, on);
  Say(key, on ? "on" : "off");
}

void Fields::Rate(const char* key, uint64_t bit_s) {
  if (is_json_) return Put(absl::StrCat(key, "_bit_s"), bit_s);
  Say(key, FormatRate(bit_s));
}

void Fields::Bytes(const char* key, uint64_t bytes) {
  if (is_json_) return Put(absl::StrCat(key, "_bytes"), bytes);
  Say(key, absl::StrCat(bytes));
}

void Fields::Frames(const char* key, uint64_t frames, uint64_t bytes) {
  if (is_json_) return Put(key, {{"frames", frames}, {"bytes", bytes}});
  Say(key, absl::StrCat(frames, " frames ", bytes, " bytes"));
}

void Fields::Use(const char* key, uint64_t used, uint64_t limit) {
  if (is_json_) return Put(key, {{"used", used}, {"limit", limit}});
  Say(key, absl::StrCat(used, "/", limit));
}

void Fields::UnlessZero(const char* key, uint64_t number) {
  if (is_json_ || number) Number(key, number);
}

void Fields::Row(const char* key, Fields fields) {
  if (is_json_) return Put(key, std::move(fields.json_));
  absl::StrAppend(&rows_, "\n  ", key, ": ", fields.Pairs());
}

void Fields::Note(const std::string& note) {
  if (is_json_) return Put("note", note);
  note_ = absl::StrCat("\n  note: ", note);
}

void Fields::Block(const char* key, Fields fields) {
  if (is_json_) return Put(key, std::move(fields.json_));
  absl::StrAppend(&below_, "\n  ", key, ":");
  if (!fields.pairs_.empty()) absl::StrAppend(&below_, "\n   ", fields.pairs_);
  below_ += absl::StrReplaceAll(fields.rows_ + fields.note_ + fields.below_, {{"\n", "\n  "}});
}

void Fields::Line(const char* key, uint64_t number) {
  if (is_json_) return Put(key, number);
  absl::StrAppend(&below_, "\n  ", key, " ", number);
}

std::string Fields::Pairs() const { return pairs_.empty() ? "none" : pairs_.substr(1); }

std::string Fields::Text(const std::string& name) const {
  return absl::StrCat(name, ":", pairs_, rows_, note_, below_);
}

}  // namespace xsw
