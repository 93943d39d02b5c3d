// SPDX-License-Identifier: Apache-2.0
// userspace/attach.h as on kernels without tcx: clsact filters, beside those of others.
//
//    out ==wire== up0   up0sf1 === eth0 in c1
//                       up0sf2 === eth0 in c2
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/utsname.h>

#include <cstdio>
#include <utility>

#include "tests/veth/snapshot.h"
#include "tests/veth/stream.h"
#include "userspace/attach.h"

namespace xsw::test {
namespace {

// A tc program that counts the frames it sees and has no opinion about them.
class Counter {
 public:
  Counter() {
    map_ = Fd(bpf_map_create(BPF_MAP_TYPE_ARRAY, "test_count", 4, 8, 1, nullptr));
    Must(static_cast<bool>(map_), "create a map");
    const bpf_insn insns[] = {
        {.code = BPF_LD | BPF_DW | BPF_IMM,
         .dst_reg = BPF_REG_1,
         .src_reg = BPF_PSEUDO_MAP_VALUE,
         .imm = map_.get()},
        {},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 1},
        {.code = BPF_STX | BPF_DW | BPF_ATOMIC,
         .dst_reg = BPF_REG_1,
         .src_reg = BPF_REG_2,
         .imm = BPF_ADD},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -1},  // TC_ACT_UNSPEC
        {.code = BPF_JMP | BPF_EXIT},
    };
    program_ = Fd(bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "test_counter", "GPL", insns,
                                std::size(insns), nullptr));
    Must(static_cast<bool>(program_), "load a tc program");
  }
  int program() const { return program_.get(); }
  uint64_t count() const {
    uint32_t zero = 0;
    uint64_t value = 0;
    Must(bpf_map_lookup_elem(map_.get(), &zero, &value) == 0, "read a counter");
    return value;
  }

 private:
  Fd map_, program_;
};

std::string Filters(const std::string& dev) {
  return MustRun("tc qdisc show dev " + dev) + MustRun("tc filter show dev " + dev + " ingress") +
         MustRun("tc filter show dev " + dev + " egress");
}

// Somebody else's filter.
void AttachForeign(int ifindex, int program) {
  bpf_tc_hook hook = {.sz = sizeof(hook), .ifindex = ifindex, .attach_point = BPF_TC_INGRESS};
  bpf_tc_opts opts = {.sz = sizeof(opts), .prog_fd = program, .handle = 7, .priority = 7};
  Must(bpf_tc_hook_create(&hook) == 0, "add clsact");
  Must(bpf_tc_attach(&hook, &opts) == 0, "attach a filter");
}

class Clsact : public testing::Test {
 protected:
  Clsact() : t({.eswitch = false}) {}
  absl::Status Attach(const Counter& counter, TcHook hook) {
    return AttachTc(XSW_TC_CLSACT, counter.program(), Ifindex(), hook, "", "attach a counter");
  }
  absl::Status Detach(TcHook hook) { return DetachTc(XSW_TC_CLSACT, Ifindex(), hook, ""); }
  static int Ifindex() { return static_cast<int>(if_nametoindex(kUplink)); }
  bool PingHost() { return Ping({kOutside, kOutsideIp}, {"", kHostIp}); }
  Topology t;
};

TEST_F(Clsact, FramesPassThroughBothHooksUntilDetached) {
  Counter in, out;
  const std::string before = Filters(kUplink);
  ASSERT_TRUE(Attach(in, TcHook::kIngress).ok());
  ASSERT_TRUE(Attach(out, TcHook::kEgress).ok());
  EXPECT_TRUE(PingHost());
  const uint64_t seen_in = in.count(), seen_out = out.count();
  EXPECT_GE(seen_in, 1u);
  EXPECT_GE(seen_out, 1u);
  EXPECT_TRUE(Detach(TcHook::kIngress).ok());
  EXPECT_TRUE(PingHost());
  EXPECT_EQ(in.count(), seen_in);
  EXPECT_GT(out.count(), seen_out);
  EXPECT_TRUE(Detach(TcHook::kEgress).ok());
  EXPECT_EQ(Filters(kUplink), before);
}

TEST_F(Clsact, ASomebodysFilterStaysAndStillSeesEachFrame) {
  Counter ours, theirs;
  AttachForeign(Ifindex(), theirs.program());
  const std::string before = Filters(kUplink);
  ASSERT_TRUE(Attach(ours, TcHook::kIngress).ok());
  EXPECT_TRUE(PingHost());
  EXPECT_GE(ours.count(), 1u);
  EXPECT_EQ(theirs.count(), ours.count());
  EXPECT_TRUE(Detach(TcHook::kIngress).ok());
  EXPECT_EQ(Filters(kUplink), before);
  const uint64_t seen = theirs.count();
  EXPECT_TRUE(PingHost());
  EXPECT_GT(theirs.count(), seen);
}

TEST_F(Clsact, ASecondAttachmentIsRefusedAndLeavesTheFirst) {
  Counter first, second;
  ASSERT_TRUE(Attach(first, TcHook::kIngress).ok());
  EXPECT_FALSE(Attach(second, TcHook::kIngress).ok());
  EXPECT_TRUE(PingHost());
  EXPECT_GE(first.count(), 1u);
  EXPECT_EQ(second.count(), 0u);
}

TEST_F(Clsact, DetachingWhatIsNotThereIsNoError) {
  EXPECT_TRUE(Detach(TcHook::kIngress).ok());
  Counter counter;
  ASSERT_TRUE(Attach(counter, TcHook::kIngress).ok());
  EXPECT_TRUE(Detach(TcHook::kEgress).ok()) << "the qdisc is there, the filter is not";
  const int ifindex = Ifindex();
  MustRun("ip link del up0");
  EXPECT_TRUE(DetachTc(XSW_TC_CLSACT, ifindex, TcHook::kIngress, "").ok());
}

TEST_F(Clsact, AnErrorNamesWhatWasTried) {
  Counter counter;
  const absl::Status status =
      AttachTc(XSW_TC_CLSACT, counter.program(), 99999, TcHook::kIngress, "", "attach it to nope");
  EXPECT_EQ(std::string(status.message()), "attach it to nope: add clsact: No such device");
}

// A command prints one line when it fails, and none when it does not: libbpf has nothing to say.
TEST_F(Clsact, NothingIsPrinted) {
  Counter counter;
  testing::internal::CaptureStderr();
  EXPECT_TRUE(Attach(counter, TcHook::kIngress).ok());
  EXPECT_TRUE(Attach(counter, TcHook::kEgress).ok());
  EXPECT_TRUE(Detach(TcHook::kIngress).ok());
  EXPECT_TRUE(Detach(TcHook::kIngress).ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

// tcx came with Linux 6.6.
bool KernelHasTcx() {
  utsname kernel = {};
  int major = 0, minor = 0;
  Must(uname(&kernel) == 0 && std::sscanf(kernel.release, "%d.%d", &major, &minor) == 2, "uname");
  return std::pair(major, minor) >= std::pair(6, 6);
}

TEST(ClsactEswitch, IsWhatXswTakesWhereTheKernelHasNoTcxAndSays) {
  Topology t({.ports = 0});
  EXPECT_EQ(Json::parse(t.XswOk("-j eswitch show up0"))["eswitch"]["up0"]["tc"],
            KernelHasTcx() ? "tcx" : "clsact");
  EXPECT_EQ(MustRun("tc filter show dev up0 ingress").find("xsw_uplink_rx") != std::string::npos,
            !KernelHasTcx());
}

// The shipped programs, taken from their tcx links and put on clsact, where they are not there yet.
TEST(ClsactEswitch, CarriesTheSameTraffic) {
  Topology t({.ports = 2});
  std::string dir;
  for (const std::string& path : Tree(kTestBpffs)) {
    if (path.ends_with("/" + std::to_string(if_nametoindex("up0")))) dir = path;
  }
  const auto move = [&](const std::string& dev, const std::string& pin, const std::string& name,
                        TcHook hook) {
    const int ifindex = static_cast<int>(if_nametoindex(dev.c_str()));
    Fd program(bpf_obj_get((dir + "/current/" + name).c_str()));
    Must(static_cast<bool>(program), "open " + name);
    ASSERT_TRUE(DetachTc(XSW_TC_TCX, ifindex, hook, dir + "/" + pin).ok());
    ASSERT_TRUE(AttachTc(XSW_TC_CLSACT, program.get(), ifindex, hook, "", name).ok());
  };
  if (KernelHasTcx()) {
    move(kUplink, "link_xsw_uplink_rx", "xsw_uplink_rx", TcHook::kIngress);
    move(kUplink, "link_xsw_uplink_tx", "xsw_uplink_tx", TcHook::kEgress);
  }
  for (int port : KernelHasTcx() ? std::vector{1, 2} : std::vector<int>()) {
    const std::string pins = "ports/" + std::to_string(port) + "_";
    move(Representor(port), pins + "xsw_port_rx", "xsw_port_rx", TcHook::kIngress);
    move(Representor(port), pins + "xsw_port_tx", "xsw_port_tx", TcHook::kEgress);
  }
  EXPECT_EQ(ProgramsOn(kUplink), "") << "no tcx";
  const Endpoint ends[] = {{"c1", IpOf(1)}, {"c2", IpOf(2)}, {"", kHostIp}, {kOutside, kOutsideIp}};
  for (const Endpoint& from : ends) {
    for (const Endpoint& to : ends) {
      if (from.ip == to.ip) continue;
      FlushNeighbours(from.netns);
      EXPECT_TRUE(Ping(from, to)) << from.ip << " to " << to.ip;
    }
  }
  TcpStream stream({"c1", IpOf(1)}, {kOutside, kOutsideIp});
  ASSERT_TRUE(stream.connected());
  EXPECT_TRUE(stream.Transfer(4 << 20) && stream.intact());
  EXPECT_GT(t.ShowPort(1)["statistics"]["rx"]["unicast"]["frames"], 0);
}

}  // namespace
}  // namespace xsw::test
