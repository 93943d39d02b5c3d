// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/reader.h"

#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "userspace/status.h"

namespace xsw {
namespace {

absl::Status WrongType(const Json& json, const std::string& place, const char* wanted) {
  return ErrorAt(place, absl::StrCat("is ", json.type_name(), ", not ", wanted));
}

// The first key that comes twice: the parser itself takes the last one without a word.
class Doubles {
 public:
  void See(Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      levels_.push_back({.is_list = event == Event::array_start});
    } else if (event == Event::key) {
      levels_.back().key = parsed.get<std::string>();
      if (!levels_.back().keys.insert(levels_.back().key).second && first_.empty())
        first_ = Place();
    } else {
      if (event != Event::value) levels_.pop_back();
      if (!levels_.empty() && levels_.back().is_list) levels_.back().index++;
    }
  }
  // Empty: none does.
  const std::string& first() const { return first_; }

 private:
  struct Level {
    bool is_list = false;
    size_t index = 0;
    std::string key = "";
    std::set<std::string> keys = {};
  };
  std::string Place() const {
    std::string place;
    for (const Level& level : levels_)
      place = Below(place, level.is_list ? absl::StrCat(level.index) : level.key);
    return place;
  }
  std::vector<Level> levels_;
  std::string first_;
};

}  // namespace

std::string Below(const std::string& place, const std::string& key) {
  return absl::StrCat(place, "/", absl::StrReplaceAll(key, {{"~", "~0"}, {"/", "~1"}}));
}

absl::Status ErrorAt(const std::string& place, const std::string& why) {
  return absl::InvalidArgumentError(
      absl::StrCat(place.empty() ? "the document" : place, ": ", why));
}

absl::Status At(const std::string& place, const absl::Status& status) {
  if (status.ok()) return status;
  return ErrorAt(place, std::string(status.message()));
}

absl::StatusOr<Json> ParseJson(const std::string& text) {
  Doubles doubles;
  bool is_too_deep = false;
  // What is discarded at the start of it is never built.
  const auto see = [&](int depth, Json::parse_event_t event, Json& parsed) {
    is_too_deep |= depth > kMostDepth;
    if (!is_too_deep) doubles.See(event, parsed);
    return !is_too_deep;
  };
  Json json;
  try {
    json = Json::parse(text, see, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 3, column 5: ..."
    const std::string what = error.what();
    const size_t start = what.find("] ");
    return absl::InvalidArgumentError(start == std::string::npos ? what : what.substr(start + 2));
  }
  if (is_too_deep)
    return absl::InvalidArgumentError(absl::StrCat("is nested deeper than ", kMostDepth));
  if (!doubles.first().empty()) return ErrorAt(doubles.first(), "comes twice");
  return json;
}

absl::Status ReadObject(const Json& json, const std::string& place,
                        const std::map<std::string, Reader>& readers) {
  return ReadMembers(json, place,
                     [&](const std::string& key, const Json& value, const std::string& at) {
                       auto reader = readers.find(key);
                       if (reader == readers.end()) return ErrorAt(at, "unknown key");
                       return reader->second(value, at);
                     });
}

absl::Status ReadKnown(const Json& json, const std::string& place,
                       const std::map<std::string, Reader>& readers,
                       std::string (*key_of)(const std::string& key)) {
  return ReadMembers(
      json, place, [&](const std::string& key, const Json& value, const std::string& at) {
        const auto reader = readers.find(key_of ? key_of(key) : key);
        return reader == readers.end() ? absl::OkStatus() : reader->second(value, at);
      });
}

std::string LowerCase(const std::string& key) { return absl::AsciiStrToLower(key); }

absl::Status ReadList(const Json& json, const std::string& place, const Reader& reader) {
  if (!json.is_array()) return WrongType(json, place, "a list");
  for (size_t i = 0; i < json.size(); i++)
    XSW_RETURN_IF_ERROR(reader(json[i], Below(place, absl::StrCat(i))));
  return absl::OkStatus();
}

absl::Status ReadMembers(const Json& json, const std::string& place,
                         const std::function<absl::Status(const std::string& key, const Json& json,
                                                          const std::string& place)>& reader) {
  if (!json.is_object()) return WrongType(json, place, "an object");
  for (const auto& [key, value] : json.items())
    XSW_RETURN_IF_ERROR(reader(key, value, Below(place, key)));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadString(const Json& json, const std::string& place) {
  if (!json.is_string()) return WrongType(json, place, "a string");
  return json.get<std::string>();
}

absl::StatusOr<uint64_t> ReadNumber(const Json& json, const std::string& place, uint64_t most) {
  if (!json.is_number()) return WrongType(json, place, "a number");
  if (json.is_number_unsigned() && json.get<uint64_t>() <= most) return json.get<uint64_t>();
  return ErrorAt(place, absl::StrCat(json.dump(), " is not a whole number from 0 to ", most));
}

Reader OnOff(bool* to) {
  return [to](const Json& json, const std::string& place) -> absl::Status {
    if (!json.is_boolean()) return WrongType(json, place, "true or false");
    *to = json.get<bool>();
    return absl::OkStatus();
  };
}

Reader Text(std::string* to) {
  return [to](const Json& json, const std::string& place) -> absl::Status {
    XSW_ASSIGN_OR_RETURN(*to, ReadString(json, place));
    return absl::OkStatus();
  };
}

Reader Number(uint32_t* to) { return UpTo(UINT32_MAX, to); }

Reader Amount(absl::StatusOr<uint64_t> (*parse)(const std::string& text), uint64_t* to) {
  return [parse, to](const Json& json, const std::string& place) -> absl::Status {
    if (json.is_string()) return Word(parse, to)(json, place);
    XSW_ASSIGN_OR_RETURN(*to, ReadNumber(json, place, UINT64_MAX));
    return absl::OkStatus();
  };
}

}  // namespace xsw
