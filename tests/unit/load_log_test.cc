// SPDX-License-Identifier: Apache-2.0
#include "userspace/load_log.h"

#include <bpf/bpf.h>
#include <gtest/gtest.h>

namespace xsw {
namespace {

// As libbpf calls it.
__attribute__((format(printf, 2, 3))) void Print(libbpf_print_level level, const char* format,
                                                 ...) {
  const libbpf_print_fn_t print = KeepComplaint;
  va_list args;
  va_start(args, format);
  print(level, format, args);
  va_end(args);
}

std::string VerifierLog() {
  std::string log;
  for (int i = 0; log.size() < 15000; i++)
    log += std::to_string(i) + ": (bf) r1 = r6 ; R1_w=ctx(off=0,imm=0)\n";
  return log + "R1 invalid mem access 'scalar'\nprocessed 512 insns (limit 1000000)\n";
}

TEST(LoadLog, ARejectedProgramsLogOf15KbIsOneLineThatNamesTheCause) {
  ClearComplaints();
  Print(LIBBPF_WARN, "libbpf: prog '%s': BPF program load failed: %s\n", "xsw_port_rx",
        "Permission denied");
  Print(LIBBPF_WARN, "libbpf: prog '%s': -- BEGIN PROG LOAD LOG --\n%s-- END PROG LOAD LOG --\n",
        "xsw_port_rx", VerifierLog().c_str());
  Print(LIBBPF_WARN, "libbpf: failed to load object '%s'\n", "xsw_bpf");
  EXPECT_EQ(Complaint(),
            "libbpf: prog 'xsw_port_rx': BPF program load failed: Permission denied: "
            "R1 invalid mem access 'scalar'");
}

TEST(LoadLog, ALongLineIsCutWhereverItEnds) {
  for (const size_t length : {1, 299, 300, 301, 511, 512, 513, 15000}) {
    ClearComplaints();
    Print(LIBBPF_WARN, "%s\n", std::string(length, 'x').c_str());
    EXPECT_EQ(Complaint(),
              length <= 300 ? std::string(length, 'x') : std::string(300, 'x') + "...");
  }
}

TEST(LoadLog, OnlyWarningsAreComplaints) {
  ClearComplaints();
  Print(LIBBPF_DEBUG, "libbpf: loading xsw_bpf\n");
  Print(LIBBPF_INFO, "libbpf: elf: skipping section\n");
  EXPECT_EQ(Complaint(), "");
}

}  // namespace
}  // namespace xsw
