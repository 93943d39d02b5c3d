// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/words.h"

#include <net/if.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace xsw {
namespace {

// One row per enumerator, in its order; a missing row does not compile.
constexpr const char* kModes[] = {"legacy", "switchdev", "switchdev_inactive"};
static_assert(std::size(kModes) == XSW_MODE_COUNT);
constexpr const char* kXdps[] = {"auto", "on", "off", "shared"};
static_assert(std::size(kXdps) == XSW_XDP_COUNT);
constexpr const char* kRxPaths[] = {"auto", "xdp", "stack"};
static_assert(std::size(kRxPaths) == XSW_RX_PATH_COUNT);
constexpr const char* kMisses[] = {"auto", "uplink", "representor", "drop"};
static_assert(std::size(kMisses) == XSW_MISS_COUNT);
constexpr const char* kClasses[] = {"netdev", "queues"};
static_assert(std::size(kClasses) == XSW_CLASS_COUNT);
constexpr const char* kPrograms[] = {"xsk", "none"};
static_assert(std::size(kPrograms) == XSW_PROGRAM_COUNT);
constexpr const char* kCasts[] = {"unicast", "multicast", "broadcast"};
static_assert(std::size(kCasts) == XSW_CAST_COUNT);
constexpr const char* kReporters[] = {"programs", "tables", "lost_frames", "mending"};
static_assert(std::size(kReporters) == XSW_REPORTER_COUNT);
constexpr const char* kStates[] = {"inactive", "active"};
constexpr const char* kLinks[] = {"disable", "enable"};
constexpr const char* kDrops[] = {
    "none",      "malformed",  "eswitch_inactive", "inactive", "detached",  "spoof",
    "vlan",      "link_local", "hairpin",          "host_off", "no_buffer", "no_port",
    "no_socket", "link_down",  "isolated",         "tx_rate",  "rx_rate",   "miss",
    "mtu",
};
static_assert(std::size(kDrops) == XSW_DROP_COUNT);
constexpr const char* kAsides[] = {"no",     "no_bridge", "mtu",     "bridge", "watched", "state",
                                   "policy", "tc",        "program", "upper",  "tunnel",  "filter"};
static_assert(std::size(kAsides) == XSW_ASIDE_COUNT);

template <size_t N>
const char* Word(const char* const (&words)[N], uint8_t value) {
  return value < N ? words[value] : "unknown";
}

template <typename Enum, size_t N>
absl::StatusOr<Enum> Parse(const char* const (&words)[N], const std::string& word,
                           const char* what) {
  for (size_t i = 0; i < N; i++) {
    if (word == words[i]) return static_cast<Enum>(i);
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, " \"", word, "\" is not one of ", absl::StrJoin(words, ", ")));
}

// words: off, on.
absl::StatusOr<bool> ParseEither(const std::string& word, const char* what,
                                 const char* const (&words)[2]) {
  if (word == words[0] || word == words[1]) return word == words[1];
  return absl::InvalidArgumentError(
      absl::StrCat(what, " \"", word, "\" is neither ", words[1], " nor ", words[0]));
}

std::string Fit(const std::string& uplink, const std::string& suffix) {
  return absl::StrCat(uplink.substr(0, IFNAMSIZ - 1 - suffix.size()), suffix);
}

}  // namespace

const char* ModeWord(uint8_t mode) { return Word(kModes, mode); }
const char* XdpWord(uint8_t xdp) { return Word(kXdps, xdp); }
const char* RxPathWord(uint8_t rx_path) { return Word(kRxPaths, rx_path); }
const char* MissWord(uint8_t miss) { return Word(kMisses, miss); }
const char* ClassWord(uint8_t port_class) { return Word(kClasses, port_class); }
const char* ProgramWord(uint8_t program) { return Word(kPrograms, program); }
const char* DropWord(uint8_t drop) { return Word(kDrops, drop); }
const char* AsideWord(uint8_t aside) { return Word(kAsides, aside); }
const char* CastWord(uint8_t cast) { return Word(kCasts, cast); }
const char* ReporterWord(uint8_t reporter) { return Word(kReporters, reporter); }
const char* StateWord(bool active) { return kStates[active]; }
const char* LinkWord(bool link) { return kLinks[link]; }

absl::StatusOr<xsw_mode> ParseMode(const std::string& word) {
  return Parse<xsw_mode>(kModes, word, "mode");
}
absl::StatusOr<xsw_xdp> ParseXdp(const std::string& word) {
  return Parse<xsw_xdp>(kXdps, word, "xdp");
}
absl::StatusOr<xsw_rx_path> ParseRxPath(const std::string& word) {
  return Parse<xsw_rx_path>(kRxPaths, word, "rx_path");
}

absl::StatusOr<xsw_miss> ParseMiss(const std::string& word) {
  return Parse<xsw_miss>(kMisses, word, "miss");
}
absl::StatusOr<xsw_class> ParseClass(const std::string& word) {
  return Parse<xsw_class>(kClasses, word, "class");
}
absl::StatusOr<xsw_program> ParseProgram(const std::string& word) {
  return Parse<xsw_program>(kPrograms, word, "program");
}

absl::StatusOr<xsw_reporter> ParseReporter(const std::string& word) {
  return Parse<xsw_reporter>(kReporters, word, "reporter");
}
absl::StatusOr<bool> ParseState(const std::string& word) {
  return ParseEither(word, "state", kStates);
}

absl::StatusOr<bool> ParseLink(const std::string& word) {
  return ParseEither(word, "link", kLinks);
}

std::string RepresentorName(const std::string& uplink, uint32_t sfnum) {
  return Fit(uplink, absl::StrCat("sf", sfnum));
}

std::string RepresentorAltName(const std::string& uplink, uint32_t sfnum) {
  return absl::StrCat(uplink, "pf0sf", sfnum);
}

std::string FunctionName(const std::string& uplink, uint32_t sfnum) {
  return Fit(uplink, absl::StrCat("s", sfnum));
}

Mac DerivedMac(const Mac& uplink, uint32_t sfnum, uint32_t salt) {
  uint8_t seed[14];
  std::memcpy(seed, uplink.data(), 6);
  std::memcpy(seed + 6, &sfnum, 4);
  std::memcpy(seed + 10, &salt, 4);
  // FNV-1a: a stable hash that every build and version agrees on.
  uint64_t hash = 0xcbf29ce484222325;
  for (uint8_t byte : seed) hash = (hash ^ byte) * 0x100000001b3;
  Mac mac;
  std::memcpy(mac.data(), &hash, 6);
  mac[0] = (mac[0] & 0xfc) | 0x02;
  return mac;
}

}  // namespace xsw
