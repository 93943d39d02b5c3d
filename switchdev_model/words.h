// SPDX-License-Identifier: Apache-2.0
// The user's words for the enums of abi.h, and the names and addresses that follow from a port's
// number.
#ifndef XSW_SWITCHDEV_MODEL_WORDS_H_
#define XSW_SWITCHDEV_MODEL_WORDS_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "abi.h"
#include "absl/status/statusor.h"
#include "userspace/mac.h"

namespace xsw {

const char* ModeWord(uint8_t mode);          // "legacy"
const char* XdpWord(uint8_t xdp);            // "auto"
const char* RxPathWord(uint8_t rx_path);     // "stack"
const char* MissWord(uint8_t miss);          // "representor"
const char* ClassWord(uint8_t port_class);   // "netdev"
const char* ProgramWord(uint8_t program);    // "xsk"
const char* DropWord(uint8_t drop);          // "link_local"; XSW_DROP_NONE is "none"
const char* AsideWord(uint8_t aside);        // "no_bridge"; XSW_ASIDE_NO is "no"
const char* CastWord(uint8_t cast);          // "unicast"
const char* ReporterWord(uint8_t reporter);  // "lost_frames"
const char* StateWord(bool active);          // "inactive"
const char* LinkWord(bool link);             // "disable"

// InvalidArgument lists the words there are.
absl::StatusOr<xsw_mode> ParseMode(const std::string& word);
absl::StatusOr<xsw_xdp> ParseXdp(const std::string& word);
absl::StatusOr<xsw_rx_path> ParseRxPath(const std::string& word);
absl::StatusOr<xsw_miss> ParseMiss(const std::string& word);
absl::StatusOr<xsw_class> ParseClass(const std::string& word);
absl::StatusOr<xsw_program> ParseProgram(const std::string& word);
absl::StatusOr<xsw_reporter> ParseReporter(const std::string& word);
absl::StatusOr<bool> ParseState(const std::string& word);
absl::StatusOr<bool> ParseLink(const std::string& word);

// "eth0sf88". An uplink name too long for that is cut at its end.
std::string RepresentorName(const std::string& uplink, uint32_t sfnum);
// "eth0pf0sf88", as an altname never too long: udev's name for a hardware port's representor.
std::string RepresentorAltName(const std::string& uplink, uint32_t sfnum);
// "eth0s88", as udev names a hardware subfunction's netdev.
std::string FunctionName(const std::string& uplink, uint32_t sfnum);

// A name into a member of abi.h: cut to fit, the rest zero.
template <size_t N>
void CopyName(const std::string& name, char (&to)[N]) {
  std::fill(std::begin(to), std::end(to), '\0');
  std::copy_n(name.begin(), std::min(name.size(), N - 1), to);
}

// Stable, locally administered, unicast: the same uplink address and sfnum give the same address.
// salt tells a port's addresses apart.
Mac DerivedMac(const Mac& uplink, uint32_t sfnum, uint32_t salt);

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_WORDS_H_
