// SPDX-License-Identifier: Apache-2.0
#include "tests/upgrade/in_force.h"

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <net/if.h>

#include <filesystem>

#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "userspace/attach.h"

namespace xsw::test {
namespace {

__u32 ProgramOf(const std::string& link) {
  const Fd fd(bpf_obj_get(link.c_str()));
  bpf_link_info info = {};
  __u32 size = sizeof(info);
  Must(fd && bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0, "read " + link);
  return info.prog_id;
}

__u32 IdOf(const std::string& program) {
  const Fd fd(bpf_obj_get(program.c_str()));
  bpf_prog_info info = {};
  __u32 size = sizeof(info);
  Must(fd && bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0, "read " + program);
  return info.id;
}

void ExpectFilter(const std::string& dev, const std::string& program, TcHook hook) {
  const Fd fd(bpf_obj_get((StateDir() + "/" + program).c_str()));
  const absl::StatusOr<bool> there =
      TcIsAttached(XSW_TC_CLSACT, fd.get(), static_cast<int>(if_nametoindex(dev.c_str())), hook);
  EXPECT_TRUE(there.ok() && *there) << dev << " has another filter than " << program;
}

}  // namespace

void ExpectOneVersion() {
  ASSERT_EQ(StateDirs().size(), 1u);
  const std::string state = StateDir(), eswitch = EswitchPath();
  EXPECT_EQ(std::filesystem::canonical(eswitch + "/current"), state);
  for (const std::string& path : Tree(eswitch)) {
    const size_t at = path.rfind("_xsw_");
    if (at == std::string::npos) continue;
    const std::string name = path.substr(at + 1);
    EXPECT_EQ(ProgramOf(path), IdOf(state + "/" + name)) << path;
  }
  if (Peek<xsw_eswitch>("xsw_eswitch", 0u).tc != XSW_TC_CLSACT) return;
  ExpectFilter(kUplink, "xsw_uplink_rx", TcHook::kIngress);
  ExpectFilter(kUplink, "xsw_uplink_tx", TcHook::kEgress);
  for (int port = 1; if_nametoindex(Representor(port).c_str()); port++) {
    ExpectFilter(Representor(port), "xsw_port_rx", TcHook::kIngress);
    ExpectFilter(Representor(port), "xsw_port_tx", TcHook::kEgress);
  }
}

}  // namespace xsw::test
