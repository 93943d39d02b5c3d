// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/capture/pcapng.h"

#include <sys/utsname.h>

#include <cstring>

#include "absl/strings/str_cat.h"

namespace xsw {
namespace {

// Types of blocks, and options; sections of the draft in brackets.
constexpr uint32_t kSection = 0x0a0d0d0a, kInterface = 1, kPacket = 6;   // [4]
constexpr uint16_t kEnd = 0, kComment = 1;                               // [3.5]
constexpr uint16_t kSystem = 3, kApplication = 4;                        // [4.1]
constexpr uint16_t kName = 2, kDescription = 3, kResolution = 9;         // [4.2]
constexpr uint16_t kFlags = 2, kPacketId = 5, kQueue = 6, kVerdict = 7;  // [4.3]
constexpr uint32_t kByteOrder = 0x1a2b3c4d;
constexpr uint16_t kEthernet = 1;
constexpr uint8_t kNanoseconds = 9;  // ten to the power of minus that

// One block: its length, before and behind all else, is known at its end.
class Block {
 public:
  Block(uint32_t type, std::string* to) : to_(*to), start_(to->size()) {
    Add(type);
    Add(uint32_t{0});
  }
  ~Block() {
    const auto length = static_cast<uint32_t>(to_.size() - start_ + sizeof(uint32_t));
    Add(length);
    std::memcpy(&to_[start_ + sizeof(uint32_t)], &length, sizeof(length));
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  template <typename T>
  void Add(const T& value) {
    to_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void AddPadded(const void* bytes, size_t size) {
    to_.append(static_cast<const char*>(bytes), size);
    to_.append(-size % 4, '\0');
  }
  void Option(uint16_t code, const void* value, size_t size) {
    Add(code);
    Add(static_cast<uint16_t>(size));
    AddPadded(value, size);
  }
  void Option(uint16_t code, const std::string& text) { Option(code, text.data(), text.size()); }
  template <typename T>
  void Number(uint16_t code, T value) {
    Option(code, &value, sizeof(value));
  }
  void End() { Option(kEnd, nullptr, 0); }

 private:
  std::string& to_;
  size_t start_;
};

}  // namespace

void AppendSection(const std::string& application, std::string* to) {
  utsname system = {};
  uname(&system);
  Block block(kSection, to);
  block.Add(kByteOrder);
  block.Add(uint16_t{1});  // version 1.0
  block.Add(uint16_t{0});
  block.Add(int64_t{-1});  // of whatever length
  block.Option(kSystem, absl::StrCat(system.sysname, " ", system.release));
  block.Option(kApplication, application);
  block.End();
}

void AppendInterface(const std::string& name, const std::string& description, uint32_t snaplen,
                     std::string* to) {
  Block block(kInterface, to);
  block.Add(kEthernet);
  block.Add(uint16_t{0});
  block.Add(snaplen);
  block.Option(kName, name);
  if (!description.empty()) block.Option(kDescription, description);
  block.Number(kResolution, kNanoseconds);
  block.End();
}

void AppendPacket(const PcapngPacket& packet, std::string* to) {
  Block block(kPacket, to);
  block.Add(packet.interface);
  block.Add(static_cast<uint32_t>(packet.time_ns >> 32));
  block.Add(static_cast<uint32_t>(packet.time_ns));
  block.Add(static_cast<uint32_t>(packet.bytes.size()));
  block.Add(packet.length);
  block.AddPadded(packet.bytes.data(), packet.bytes.size());
  if (!packet.comment.empty()) block.Option(kComment, packet.comment);
  block.Number(kFlags, static_cast<uint32_t>(packet.direction) | static_cast<uint32_t>(packet.cast)
                                                                     << 2);
  block.Number(kPacketId, packet.id);
  if (packet.queue) block.Number(kQueue, *packet.queue);
  if (packet.verdict) {
    char value[1 + sizeof(int64_t)] = {static_cast<char>(packet.hook)};
    std::memcpy(value + 1, &*packet.verdict, sizeof(int64_t));
    block.Option(kVerdict, value, sizeof(value));
  }
  block.End();
}

}  // namespace xsw
