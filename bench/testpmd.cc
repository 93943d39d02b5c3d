// SPDX-License-Identifier: Apache-2.0
#include "bench/testpmd.h"

#include "bench/cpu.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr double kStartSeconds = 30, kAnswerSeconds = 10;
constexpr char kPrompt[] = "testpmd> ";

}  // namespace

// No huge pages: a machine need not have any. busy_budget=0: net_af_xdp's preferred busy polling
// needs a NAPI that waits for it, which a veth has not.
absl::StatusOr<std::unique_ptr<Testpmd>> Testpmd::Start(const std::string& name,
                                                        const std::vector<std::string>& netdevs,
                                                        const std::vector<std::string>& options,
                                                        int cpu) {
  static int number = 0;
  const int other = cpu == LoadCpu() ? SenderCpu() : LoadCpu();
  std::vector<std::string> command = {"stdbuf",
                                      "-oL",
                                      "dpdk-testpmd",
                                      "--no-huge",
                                      "-m",
                                      "256",
                                      "--no-pci",
                                      "--log-level=error",
                                      absl::StrCat("--file-prefix=", name, ++number),
                                      "-l",
                                      absl::StrCat(cpu, ",", other),
                                      absl::StrCat("--main-lcore=", other)};
  for (size_t i = 0; i < netdevs.size(); i++)
    command.push_back(absl::StrCat("--vdev=net_af_xdp", i, ",iface=", netdevs[i],
                                   ",start_queue=0,queue_count=1,force_copy=1,busy_budget=0"));
  for (const char* word : {"--", "--no-mlockall", "--total-num-mbufs=8192", "--nb-cores=1", "-i"})
    command.push_back(word);
  command.insert(command.end(), options.begin(), options.end());
  XSW_ASSIGN_OR_RETURN(std::unique_ptr<Child> child, Child::Start(command, {}, Child::Says::kBoth));
  std::unique_ptr<Testpmd> self(new Testpmd(std::move(child)));
  XSW_RETURN_IF_ERROR(self->child_->ReadUntil(kPrompt, kStartSeconds).status());
  return self;
}

absl::Status Testpmd::Begin() {
  XSW_RETURN_IF_ERROR(child_->Write("start\n"));
  XSW_RETURN_IF_ERROR(child_->ReadUntil("forwarding", kAnswerSeconds).status());
  return child_->ReadUntil(kPrompt, kAnswerSeconds).status();
}

absl::StatusOr<uint64_t> Testpmd::End() {
  XSW_RETURN_IF_ERROR(child_->Write("stop\n"));
  XSW_ASSIGN_OR_RETURN(std::string said, child_->ReadUntil("Done.", kAnswerSeconds));
  unsigned long long frames = 0;
  const size_t at = said.find("RX-packets: ");
  if (at == std::string::npos || sscanf(said.c_str() + at, "RX-packets: %llu", &frames) != 1)
    return absl::InternalError(absl::StrCat("testpmd says \"", said, "\""));
  XSW_RETURN_IF_ERROR(child_->ReadUntil(kPrompt, kAnswerSeconds).status());
  return frames;
}

}  // namespace xsw::bench
