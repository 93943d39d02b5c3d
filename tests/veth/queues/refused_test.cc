// SPDX-License-Identifier: Apache-2.0
// Commands about queue blocks that xsw has to refuse: one line with the reason, and nothing is
// changed or left behind, neither in the kernel nor in xswd.
//
//   up0/1  netdev, eth0 in c1      up0/2  queues 2     up0/3  queues, inactive
//   up0/4  program none, eth0 in "pod"; the netdev "taken" is there too
#include <fnmatch.h>
#include <gtest/gtest.h>

#include <memory>
#include <ostream>

#include "tests/veth/queues/lab.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  const char* command;
  int status;         // 2: malformed
  const char* error;  // behind "Error: xsw: " and before the final dot; * is any text
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.command; }

constexpr Row kRows[] = {
    {"TooManyQueues", "port add up0 class queues queues 65 state active", 1,
     "port up0 sfnum 5: queues 65 is not within 1 to 64"},
    {"NoQueues", "port add up0 class queues queues 0", 1,
     "port up0 sfnum 5: queues 0 is not within 1 to 64"},
    {"QueuesNoNumber", "port add up0 class queues queues many", 2,
     "queues \"many\" is not a number *"},
    {"QueuesHex", "port add up0 class queues queues 0x2", 2, "queues \"0x2\" is not a number *"},
    {"QueuesTooLarge", "port add up0 class queues queues 4294967297", 2,
     "queues \"4294967297\" is not a number *"},
    {"QueuesOfANetdev", "port add up0 queues 2", 1,
     "port up0 sfnum 5: queues, program, owner and memory_max are for class queues"},
    {"ProgramOfANetdev", "port add up0 class netdev program xsk", 1,
     "port up0 sfnum 5: queues, program, owner and memory_max are for class queues"},
    {"OwnerOfANetdev", "port add up0 owner nobody", 1,
     "port up0 sfnum 5: queues, program, owner and memory_max are for class queues"},
    {"ProgramUnknown", "port add up0 class queues program mine", 1,
     "program \"mine\" is not one of xsk, none"},
    {"OwnerUnknown", "port add up0 class queues owner nobody-here", 1,
     "owner: no user \"nobody-here\""},
    {"GroupUnknown", "port add up0 class queues owner nobody:nogroup-here", 1,
     "owner: no group \"nogroup-here\""},
    {"NetnsUnknown", "port add up0 class queues netns nowhere state active", 1,
     "port up0 sfnum 5: network namespace \"nowhere\" does not exist"},
    {"NameTaken", "port add up0 class queues netns pod ifname taken", 1,
     "port up0 sfnum 5: name taken is taken in the namespace of its function: say ifname NAME"},
    {"MtuAboveTheUplinks", "port add up0 class queues mtu 1501", 1,
     "port up0 sfnum 5: mtu 1501 is not within 68 to 1500, the uplink's"},
    {"MacTaken", "port add up0 class queues hw_addr 02:00:00:00:00:02", 1,
     "*address 02:00:00:00:00:02 is in use by port up0/2"},
    {"SfnumTaken", "port add up0 sfnum 2 class queues queues 4", 1,
     "port up0 sfnum 2: in use by port up0/2"},
    {"SetOwnerOfANetdev", "port function set up0/1 owner nobody", 1, "port up0/1: *class queues*"},
    {"SetOwnerUnknown", "port function set up0/2 owner nobody-here", 1,
     "owner: no user \"nobody-here\""},
    {"SetQueues", "port function set up0/2 queues 4", 1,
     "port up0/2: class, queues and program change while it is inactive: state inactive first"},
    {"SetProgram", "port function set up0/2 program none", 1,
     "port up0/2: class, queues and program change while it is inactive: state inactive first"},
    {"SetClass", "port function set up0/2 class netdev", 1,
     "port up0/2: class, queues and program change while it is inactive: state inactive first"},
    {"SetNetns", "port function set up0/2 owner nobody netns pod", 1,
     "port up0/2: class queues has its netns and ifname from port add"},
    {"SetMtu", "port function set up0/2 owner nobody mtu 9000", 1,
     "port up0/2: mtu 9000 is not within 68 to 1500, the uplink's"},
    {"SetMacTaken", "port function set up0/2 owner nobody hw_addr 02:00:00:00:00:01", 1,
     "*address 02:00:00:00:00:01 is in use by port up0/1"},
    {"SetName", "port function set up0/4 ifname eth1", 1,
     "port up0/4: class queues has its netns and ifname from port add"},
};

// One world for all rows, with an application that must not notice any of them.
struct World {
  World() : lab({.ports = 1}), wire(kOutside, kContainerDev, kTestType) {
    lab.AddBlock(2, "queues 2");
    lab.XswOk("port add up0 sfnum 3 class queues");
    lab.sandbox().AddNetns("pod");
    lab.XswOk("port add up0 sfnum 4 class queues program none netns pod ifname eth0 state active");
    Ip("pod", "link add taken type bridge\n");
    if (!lab.Serves(3)) Die("xswd does not serve up0/3");
    app = std::make_unique<Application>("up0/2", 2);
    before = TakeSnapshot(lab);
    fds = IdleFds(lab.xswd().pid());
  }
  QueueLab lab;
  PacketSocket wire;
  std::unique_ptr<Application> app;
  Snapshot before;
  size_t fds;
};

class Refused : public testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    if (!world_) world_ = std::make_unique<World>();
  }
  static void TearDownTestSuite() { world_.reset(); }
  void ExpectRefused(const std::string& command) {
    const Result result = world_->lab.Xsw(command);
    EXPECT_EQ(result.status, GetParam().status) << result.err;
    EXPECT_EQ(result.out, "");
    const std::string error = "*Error: xsw: " + std::string(GetParam().error) + ".\n";
    EXPECT_EQ(fnmatch(error.c_str(), result.err.c_str(), 0), 0) << result.err;
  }
  void ExpectNothingLeft() {
    EXPECT_EQ(Changes(world_->before, TakeSnapshot(world_->lab)), "");
    EXPECT_TRUE(WaitFor([&] { return CountFds(world_->lab.xswd().pid()) == world_->fds; }))
        << CountFds(world_->lab.xswd().pid()) << " file descriptors of xswd, before "
        << world_->fds;
    ExpectTraffic(world_->wire, *world_->app, kMac2);
  }
  static std::unique_ptr<World> world_;
};
std::unique_ptr<World> Refused::world_;

TEST_P(Refused, AndNothingIsChanged) {
  ExpectRefused(GetParam().command);
  ExpectRefused(std::string("-d ") + GetParam().command);
  ExpectNothingLeft();
  if (HasFailure()) world_.reset();
}

INSTANTIATE_TEST_SUITE_P(, Refused, testing::ValuesIn(kRows),
                         [](const auto& info) { return info.param.name; });

// What a client asks for wrongly leaves nothing in xswd either, nor in the kernel.
TEST_F(Refused, OpeningWronglyLeavesNothing) {
  const std::tuple<const char*, xswq_attr, int> rows[] = {
      {"up0/1", {}, -ENOENT},                 // a netdev
      {"up0/3", {}, -ENETDOWN},               // inactive
      {"up0/4", {}, -ENOENT},                 // program none
      {"up0/2", {.queue = 2}, -ERANGE},       // more than it has
      {"up0/2", {.queue = 1}, -EBUSY},        // taken
      {"up0/2", {.memory = 65535}, -EINVAL},  // not page-aligned
      {"up0/2", {.memory = 32768}, -EINVAL},  // too small
  };
  const size_t own = CountFds(getpid());
  for (const auto& [port, attr, error] : rows) {
    xswq_qp* qp = nullptr;
    EXPECT_EQ(xswq_open(port, &attr, &qp), error) << port << ": " << xswq_error();
  }
  EXPECT_EQ(CountFds(getpid()), own);
  ExpectNothingLeft();
}

// A frame longer than the MTU is refused before it is sent, and the queue goes on.
TEST_F(Refused, AFrameAboveTheMtuLeavesNothing) {
  const Bytes frame = Numbered(Eth{.dst = kOutsideMac, .src = kMac2} / Payload(1505), 1);
  const uint64_t sent = world_->app->stats().send_frames;
  EXPECT_EQ(world_->app->Send(frame), -EMSGSIZE);
  EXPECT_EQ(world_->app->stats().send_frames, sent);
  ExpectNothingLeft();
}

}  // namespace
}  // namespace xsw::test
