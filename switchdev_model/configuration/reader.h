// SPDX-License-Identifier: Apache-2.0
// Reads JSON that a user has written: each error names the place, as a JSON pointer (RFC 6901).
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_READER_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_READER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace xsw {

using Json = nlohmann::ordered_json;

// "/eswitch/eth0" and "ports": "/eswitch/eth0/ports".
std::string Below(const std::string& place, const std::string& key);

// What is wrong there, and why.
absl::Status ErrorAt(const std::string& place, const std::string& why);
// The same of another's error.
absl::Status At(const std::string& place, const absl::Status& status);

// With comments. A key that comes twice in one object is an error, and so is what is nested so deep
// that who walks it would run out of stack.
inline constexpr int kMostDepth = 64;
absl::StatusOr<Json> ParseJson(const std::string& text);

using Reader = std::function<absl::Status(const Json& json, const std::string& place)>;

// Each key of the object has a reader.
absl::Status ReadObject(const Json& json, const std::string& place,
                        const std::map<std::string, Reader>& readers);
// Others are passed over. key_of makes of a key what is looked for: LowerCase, or null.
absl::Status ReadKnown(const Json& json, const std::string& place,
                       const std::map<std::string, Reader>& readers,
                       std::string (*key_of)(const std::string& key) = nullptr);
std::string LowerCase(const std::string& key);
// Every element of a list; every member of an object.
absl::Status ReadList(const Json& json, const std::string& place, const Reader& reader);
absl::Status ReadMembers(const Json& json, const std::string& place,
                         const std::function<absl::Status(const std::string& key, const Json& json,
                                                          const std::string& place)>& reader);

absl::StatusOr<std::string> ReadString(const Json& json, const std::string& place);
// A whole number that fits 64 bits.
absl::StatusOr<uint64_t> ReadNumber(const Json& json, const std::string& place, uint64_t most);

Reader OnOff(bool* to);
Reader Text(std::string* to);
Reader Number(uint32_t* to);
// A whole number up to `most`, into a number or an optional one.
template <typename T>
Reader UpTo(uint64_t most, T* to) {
  return [=](const Json& json, const std::string& place) -> absl::Status {
    const absl::StatusOr<uint64_t> number = ReadNumber(json, place, most);
    if (number.ok()) *to = *number;
    return number.status();
  };
}

// A string that a parser of the command line's words understands.
template <typename Parser, typename T>
Reader Word(Parser parse, T* to) {
  return [parse, to](const Json& json, const std::string& place) -> absl::Status {
    absl::StatusOr<std::string> text = ReadString(json, place);
    if (!text.ok()) return text.status();
    auto value = parse(*text);
    if (!value.ok()) return At(place, value.status());
    *to = *std::move(value);
    return absl::OkStatus();
  };
}

// The same with a unit, or a number without one.
Reader Amount(absl::StatusOr<uint64_t> (*parse)(const std::string& text), uint64_t* to);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_READER_H_
