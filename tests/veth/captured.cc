// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/captured.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sstream>

namespace xsw::test {
namespace {

constexpr const char* kFields[] = {"frame.interface_name",
                                   "frame.interface_description",
                                   "frame.packet_flags_direction",
                                   "frame.packet_id",
                                   "frame.interface_queue",
                                   "frame.verdict.ebpf_tc",
                                   "frame.verdict.ebpf_xdp",
                                   "vlan.id",
                                   "frame.comment",
                                   "frame.len",
                                   "data.data"};

CapturedRecord RecordFrom(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> field(std::size(kFields));
  for (std::string& text : field) std::getline(in, text, '\t');
  CapturedRecord record = {.interface = field[0],
                           .description = field[1],
                           .packet_id = field[3],
                           .queue = field[4],
                           .length = static_cast<uint32_t>(std::stoul(field[9]))};
  record.text = std::stoul(field[2], nullptr, 16) == 1 ? "in" : "out";
  if (!field[5].empty()) record.text += " tc " + field[5];
  if (!field[6].empty()) record.text += " xdp " + field[6];
  if (!field[7].empty()) record.text += " vlan " + field[7];
  if (!field[8].empty()) record.text += " | " + field[8];
  const std::string& data = field[10];
  if (data.size() >= 8)
    record.id = __builtin_bswap32(
        static_cast<uint32_t>(std::stoul(data.substr(data.size() - 8), nullptr, 16)));
  return record;
}

}  // namespace

std::vector<CapturedRecord> ReadCaptured(const std::string& file) {
  std::string command =
      "tshark -n -r " + file +
      " -Y (eth.type==0x88b5||vlan.etype==0x88b5)&&eth.src!=02:6d:61:72:6b:72 -T fields";
  for (const char* field : kFields) command += std::string(" -e ") + field;
  std::istringstream lines(MustRun(command));
  std::vector<CapturedRecord> records;
  for (std::string line; std::getline(lines, line);) records.push_back(RecordFrom(line));
  return records;
}

Capturing::Capturing(const Topology& t, const std::string& words, const std::string& file)
    : file_(file), process_([&] {
        std::filesystem::remove(file);
        return t.XswArgv("capture " + words + " -w " + file);
      }()) {
  std::error_code error;
  Must(WaitFor([&] {
         return process_.Done() || (std::filesystem::exists(file_, error) &&
                                    std::filesystem::file_size(file_, error) > 0);
       }),
       "start a capture");
}

Result Capturing::End() {
  kill(process_.pid(), SIGINT);
  return process_.Wait();
}

CaptureSaid SaidOf(const Result& result) {
  unsigned long long captured = 0, lost = 0;
  Must(std::sscanf(result.err.c_str(), "%llu frames captured, %llu lost", &captured, &lost) == 2,
       "read \"" + result.err + "\"");
  return {captured, lost};
}

}  // namespace xsw::test
