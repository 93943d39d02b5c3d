// SPDX-License-Identifier: Apache-2.0
// A captured frame in words, and as pcapng has it.
#ifndef XSW_TOOLS_XSW_CAPTURE_WORDS_H_
#define XSW_TOOLS_XSW_CAPTURE_WORDS_H_

#include <cstdint>
#include <map>
#include <string>

#include "switchdev_model/eswitch/eswitch.h"
#include "tools/xsw/capture/order.h"
#include "tools/xsw/output.h"

namespace xsw {

// The place whose record it is: of a frame that comes in where it comes from, else where it goes;
// of a drop who is charged. A port's index, or XSW_END_HOST, which stands for representors too.
uint32_t PlaceOf(const xsw_capture_record& record);

// "eth0/1", "eth0/host"
std::string PlaceName(const std::string& uplink, uint32_t place);

// "eth0/1 > eth0/2 vlan 10", "drop spoof", "eth0/1 > eth0/2 drop rx_rate"; empty: it comes in.
std::string WayOf(const std::string& uplink, const xsw_capture_record& record);

// "12:00:01.123456789 out eth0/1 > eth0/2: 02:.. > 02:.., 60 bytes", without an end of the line.
std::string CapturedText(const std::string& uplink, const CapturedFrame& frame);
Json CapturedJson(const std::string& uplink, const CapturedFrame& frame);

// A pcapng file, which grows frame by frame.
class CapturedFile {
 public:
  CapturedFile(Eswitch& eswitch, uint32_t snaplen) : eswitch_(eswitch), snaplen_(snaplen) {}
  // Its head, with the interfaces that there are.
  void Begin(std::string* to);
  void Add(const CapturedFrame& frame, std::string* to);

 private:
  // Of a port that is new too.
  uint32_t InterfaceOf(uint32_t place, std::string* to);

  Eswitch& eswitch_;
  uint32_t snaplen_;
  std::map<uint32_t, uint32_t> interfaces_;  // by place
};

}  // namespace xsw

#endif  // XSW_TOOLS_XSW_CAPTURE_WORDS_H_
