// SPDX-License-Identifier: Apache-2.0
// What is attached is asked of the netdev: a pin alone says nothing.
#include "userspace/attach.h"

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <net/if.h>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

// A program that passes everything on.
Fd Passing(bpf_prog_type type, const char* name) {
  const bool xdp = type == BPF_PROG_TYPE_XDP;
  const bpf_insn code[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = xdp ? int{XDP_PASS} : -1},
      {.code = BPF_JMP | BPF_EXIT},
  };
  Fd fd(bpf_prog_load(type, name, "GPL", code, std::size(code), nullptr));
  Must(static_cast<bool>(fd), "load a program");
  return fd;
}

class Attach : public testing::Test {
 protected:
  Attach() { MakePair(); }
  void MakePair() { MustRun("ip link add v0 type veth peer name v1"); }
  static int V0() { return static_cast<int>(if_nametoindex("v0")); }
  bool Attached(xsw_tc kind, const Fd& program, TcHook hook) {
    const absl::StatusOr<bool> attached = TcIsAttached(kind, program.get(), V0(), hook);
    EXPECT_TRUE(attached.ok()) << attached.status();
    return attached.value_or(false);
  }
  bool XdpAttached(const Fd& program) {
    const absl::StatusOr<bool> attached = XdpIsAttached(program.get(), V0());
    EXPECT_TRUE(attached.ok()) << attached.status();
    return attached.value_or(false);
  }

  Sandbox sandbox{{}};
  const std::string pin = std::string(kTestBpffs) + "/link";
  const Fd ours = Passing(BPF_PROG_TYPE_SCHED_CLS, "xsw_ours");
  const Fd other = Passing(BPF_PROG_TYPE_SCHED_CLS, "xsw_other");
};

std::vector<xsw_tc> Kinds() {
  if (ProbeTc().value() == XSW_TC_TCX) return {XSW_TC_TCX, XSW_TC_CLSACT};
  return {XSW_TC_CLSACT};
}

TEST_F(Attach, ATcProgramIsFoundByItsIdOnItsHookAlone) {
  for (const xsw_tc kind : Kinds()) {
    EXPECT_FALSE(Attached(kind, ours, TcHook::kIngress)) << kind;
    ASSERT_TRUE(AttachTc(kind, ours.get(), V0(), TcHook::kIngress, pin, "attach").ok());
    EXPECT_TRUE(Attached(kind, ours, TcHook::kIngress)) << kind;
    EXPECT_FALSE(Attached(kind, ours, TcHook::kEgress)) << kind;
    EXPECT_FALSE(Attached(kind, other, TcHook::kIngress)) << kind;
    ASSERT_TRUE(DetachTc(kind, V0(), TcHook::kIngress, pin).ok());
    EXPECT_FALSE(Attached(kind, ours, TcHook::kIngress)) << kind;
  }
}

TEST_F(Attach, AProgramIsFoundByItsName) {
  for (const xsw_tc kind : Kinds()) {
    const auto named = [&](const std::string& name) {
      return *HasTcProgramNamed(kind, V0(), TcHook::kIngress, name);
    };
    EXPECT_FALSE(named("xsw_ours")) << kind;
    ASSERT_TRUE(AttachTc(kind, ours.get(), V0(), TcHook::kIngress, pin, "attach").ok());
    EXPECT_TRUE(named("xsw_ours")) << kind;
    EXPECT_FALSE(named("xsw_our")) << kind;
    ASSERT_TRUE(DetachTc(kind, V0(), TcHook::kIngress, pin).ok());
  }
}

TEST_F(Attach, ALinkTakenOffByHandIsNotAttachedThoughItIsPinned) {
  if (ProbeTc().value() != XSW_TC_TCX) return;  // clsact has no links
  ASSERT_TRUE(AttachTc(XSW_TC_TCX, ours.get(), V0(), TcHook::kIngress, pin, "attach").ok());
  const Fd link(bpf_obj_get(pin.c_str()));
  ASSERT_EQ(bpf_link_detach(link.get()), 0);
  EXPECT_FALSE(Attached(XSW_TC_TCX, ours, TcHook::kIngress));
  EXPECT_FALSE(*LinkIsAttached(pin));
}

TEST_F(Attach, ANetdevsEndLeavesAPinThatIsNoneAndIsReplaced) {
  const Fd xdp = Passing(BPF_PROG_TYPE_XDP, "xsw_xdp");
  const std::string xdp_pin = pin + "_xdp";
  const xsw_tc kind = ProbeTc().value();
  for (int round = 0; round < 2; round++) {
    EXPECT_FALSE(*LinkIsAttached(xdp_pin)) << "round " << round;
    ASSERT_TRUE(AttachXdp(xdp.get(), V0(), xdp_pin, "attach").ok()) << "round " << round;
    ASSERT_TRUE(AttachTc(kind, ours.get(), V0(), TcHook::kIngress, pin, "attach").ok());
    EXPECT_TRUE(*LinkIsAttached(xdp_pin));
    EXPECT_TRUE(XdpAttached(xdp));
    EXPECT_TRUE(Attached(kind, ours, TcHook::kIngress));
    const int gone = V0();
    MustRun("ip link del v0");
    EXPECT_FALSE(XdpIsAttached(xdp.get(), gone).value_or(true)) << "round " << round;
    EXPECT_FALSE(TcIsAttached(kind, ours.get(), gone, TcHook::kIngress).value_or(true));
    MakePair();
    EXPECT_FALSE(XdpAttached(xdp));
  }
}

TEST_F(Attach, APinThatIsInUseIsNotReplacedAndNothingIsAttached) {
  const Fd xdp = Passing(BPF_PROG_TYPE_XDP, "xsw_xdp");
  const int v1 = static_cast<int>(if_nametoindex("v1"));
  ASSERT_TRUE(AttachXdp(xdp.get(), V0(), pin, "attach").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(AttachXdp(xdp.get(), v1, pin, "attach")));
  EXPECT_FALSE(*XdpIsAttached(xdp.get(), v1));
  EXPECT_TRUE(XdpAttached(xdp));
}

TEST_F(Attach, WhereNoPinIsNothingIsAttachedAndWhatIsNoPinIsAnError) {
  EXPECT_FALSE(LinkIsAttached(pin).value_or(true));
  EXPECT_FALSE(LinkIsAttached("/dev/null").ok());
}

}  // namespace
}  // namespace xsw::test
