// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/units.h"

#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

struct Unit {
  const char* word;
  double factor;
};

constexpr Unit kRates[] = {
    {"", 1},        {"bit", 1},        {"kbit", 1e3},        {"mbit", 1e6},           {"gbit", 1e9},
    {"tbit", 1e12}, {"kibit", 1024.0}, {"mibit", 1048576.0}, {"gibit", 1073741824.0}, {"bps", 8},
    {"kbps", 8e3},  {"mbps", 8e6},     {"gbps", 8e9},        {"tbps", 8e12},
};
constexpr Unit kSizes[] = {
    {"", 1},          {"b", 1},          {"k", 1024.0},       {"kb", 1024.0},
    {"m", 1048576.0}, {"mb", 1048576.0}, {"g", 1073741824.0}, {"gb", 1073741824.0},
};

// The first number that does not fit.
constexpr double kTooMuch = 18446744073709551616.0;

template <size_t N>
absl::StatusOr<uint64_t> Parse(const Unit (&units)[N], const std::string& text,
                               const std::string& what) {
  const size_t end = text.find_first_not_of("0123456789.");
  const std::string number = text.substr(0, end);
  const std::string word = end == std::string::npos ? "" : text.substr(end);
  double value;
  for (const Unit& unit : units) {
    if (word != unit.word || !absl::SimpleAtod(number, &value)) continue;
    // A whole number exactly: the largest are no doubles.
    uint64_t exact;
    if (unit.factor == 1 && absl::SimpleAtoi(number, &exact)) return exact;
    if (value * unit.factor >= kTooMuch)
      return absl::InvalidArgumentError(absl::StrCat(what, " \"", text, "\" is too large"));
    const auto whole = static_cast<uint64_t>(value * unit.factor);
    // 0 stands for no limit.
    if (whole == 0 && value > 0)
      return absl::InvalidArgumentError(absl::StrCat(what, " \"", text, "\" is too small"));
    return whole;
  }
  return absl::InvalidArgumentError(absl::StrCat(what, " \"", text,
                                                 "\" is not a number with a unit (", units[2].word,
                                                 ", ", units[3].word, ", ...)"));
}

}  // namespace

absl::StatusOr<uint64_t> ParseRate(const std::string& text) { return Parse(kRates, text, "rate"); }

std::string FormatRate(uint64_t bits) {
  constexpr const char* kUnits[] = {"bit", "kbit", "mbit", "gbit", "tbit"};
  size_t unit = 0;
  while (bits && bits % 1000 == 0 && unit + 1 < std::size(kUnits)) {
    bits /= 1000;
    unit++;
  }
  return absl::StrCat(bits, kUnits[unit]);
}

absl::StatusOr<uint64_t> ParseSize(const std::string& text) { return Parse(kSizes, text, "size"); }

std::string FormatSize(uint64_t bytes) {
  constexpr const char* kUnits[] = {"b", "k", "m", "g"};
  size_t unit = 0;
  while (bytes && bytes % 1024 == 0 && unit + 1 < std::size(kUnits)) {
    bytes /= 1024;
    unit++;
  }
  return absl::StrCat(bytes, kUnits[unit]);
}

}  // namespace xsw
