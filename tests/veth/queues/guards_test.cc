// SPDX-License-Identifier: Apache-2.0
// What xswd does not do: lend a namespace to a stranger, pay for a client's memory, take what it
// cannot read for gone, or let one client hide another.
#include <bpf/bpf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>
#include <regex>
#include <sstream>

#include "bpf/abi.h"
#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

constexpr char kOpen[] = "/open,0,64,64,64,64,2048,0";

// A value of a pinned map of the eswitch's, changed behind everyone's back.
template <typename Value>
void Change(const std::string& map, uint32_t key, const std::function<void(Value&)>& change) {
  const Argv pins = Words(MustRun("find /run/bpffs -name " + map));
  Must(pins.size() == 1, map);
  Fd fd(bpf_obj_get(pins[0].c_str()));
  Value value;
  Must(bpf_map_lookup_elem(fd.get(), &key, &value) == 0, map);
  change(value);
  Must(bpf_map_update_elem(fd.get(), &key, &value, BPF_ANY) == 0, map);
}

class Guards : public testing::Test {
 protected:
  Guards() : lab_({.ports = 0}) { lab_.AddBlock(1, "queues 2 owner nobody"); }

  // To 3 MiB: also where the limit on locked memory is the kernel's default, and cannot be raised.
  void LimitUsers() {
    lab_.StartXswd({}, {"--uid-memory-max", "3"});
    EXPECT_TRUE(WaitFor([] { return Dialog(1).connected(); }));
  }
  // What it has logged, lines with these words.
  std::vector<std::string> EndAndRead(const std::string& words) {
    kill(lab_.xswd().pid(), SIGTERM);
    std::istringstream log(lab_.xswd().Wait().err);
    std::vector<std::string> lines;
    for (std::string line; std::getline(log, line);) {
      if (line.find(words) != std::string::npos) lines.push_back(line);
    }
    return lines;
  }
  QueueLab lab_;
};

TEST_F(Guards, ANamespaceThatIsAnotherOneByNowIsNotEntered) {
  Change<xsw_port_conf>("xsw_port_conf", 1, [](auto& conf) { conf.netns_cookie = 12345; });
  const std::string answer = Dialog(1).Ask(kOpen, {MakeMemfd(1 << 20).get()});
  EXPECT_TRUE(answer.starts_with("/open_nak,2,")) << answer;
  EXPECT_NE(answer.find("not the namespace any more"), std::string::npos) << answer;
}

// Of another version, of which nothing but that is known.
TEST_F(Guards, AnEswitchThatCannotBeReadKeepsItsSockets) {
  const auto set_abi = [](uint32_t abi) {
    Change<xsw_eswitch>("xsw_eswitch", 0, [&](auto& eswitch) { eswitch.abi = abi; });
  };
  struct stat before = {}, after = {};
  ASSERT_EQ(stat(SocketPath(1).c_str(), &before), 0);
  set_abi(XSW_ABI_VERSION + 1);
  EXPECT_TRUE(Dialog(1).Ask(kOpen).starts_with("/open_nak,"));
  // It looks again soon after this, and says so of the other.
  Process another({"ip", "link", "add", "other0", "type", "veth", "peer", "name", "other1"});
  another.Wait();
  EXPECT_FALSE(WaitFor([&] { return stat(SocketPath(1).c_str(), &after) != 0; }, 3000));
  set_abi(XSW_ABI_VERSION);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_TRUE(Dialog(1).Ask(kOpen, {MakeMemfd(1 << 20).get()}).starts_with("/open_ok,"));
  EXPECT_EQ(EndAndRead("up0: its ports stay as they were").size(), 1u);
}

TEST_F(Guards, AQueueHasItsShareOfMemoryMax) {
  const auto open = [](size_t memory) { return Dialog(1).Ask(kOpen, {MakeMemfd(memory).get()}); };
  EXPECT_TRUE(open(16 << 20).starts_with("/open_ok,"));
  const std::string refused = open((16 << 20) + 4096);
  EXPECT_TRUE(refused.starts_with("/open_nak,12,memory of 16781312 bytes is above 16777216"))
      << refused;
  EXPECT_NE(refused.find("xsw port function set up0/1 memory_max SIZE"), std::string::npos)
      << refused;
  Change<xsw_port_conf>("xsw_port_conf", 1, [](auto& conf) { conf.memory_max = 8 << 20; });
  EXPECT_TRUE(open((4 << 20) + 4096).starts_with("/open_nak,12,"));
  EXPECT_TRUE(open(4 << 20).starts_with("/open_ok,"));
}

// Of queue 0 or 1 of a port, with so many MiB.
std::string OpenWith(Dialog& dialog, int queue, size_t mib) {
  return dialog.Ask("/open," + std::to_string(queue) + ",64,64,64,64,2048,0",
                    {MakeMemfd(mib << 20).get()});
}

TEST_F(Guards, AUsersQueuesHaveSoMuchTogether) {
  LimitUsers();
  lab_.AddBlock(2, "queues 2 owner nobody");
  Dialog first(1), second(2), small(2);
  const std::string given = OpenWith(first, 0, 2);
  ASSERT_TRUE(given.starts_with("/open_ok,")) << given;
  EXPECT_EQ(OpenWith(second, 0, 2),
            "/open_nak,12,memory of 2097152 bytes: uid 0's queues would have more than 3145728 "
            "together (xswd --uid-memory-max): close one, or ask for less");
  EXPECT_TRUE(OpenWith(small, 1, 1).starts_with("/open_ok,"));
  const auto as_nobody = [] {
    return As({}, [] {
      Dialog dialog(2);
      return OpenWith(dialog, 0, 3).substr(0, 9);
    });
  };
  EXPECT_EQ(as_nobody(), "/open_ok,") << "another user's";
  EXPECT_TRUE(WaitFor([&] { return as_nobody() == "/open_ok,"; })) << "closed: free again";
}

// Neither the end of its port nor that of xswd frees what a socket has.
TEST_F(Guards, WhatHasLostItsPortIsCountedToo) {
  LimitUsers();
  auto lost = std::make_unique<Dialog>(1);
  ASSERT_TRUE(OpenWith(*lost, 0, 2).starts_with("/open_ok,"));
  lab_.XswOk("port del up0/1");
  ASSERT_TRUE(lab_.Stops(1));
  lab_.StartXswd({}, {"--uid-memory-max", "3"});
  lab_.AddBlock(1, "queues 2 owner nobody");
  const auto open = [] {
    Dialog dialog(1);
    return OpenWith(dialog, 0, 2).substr(0, 12);
  };
  EXPECT_EQ(open(), "/open_nak,12");
  lost.reset();
  EXPECT_TRUE(WaitFor([&] { return open().starts_with("/open_ok,"); }));
}

TEST_F(Guards, ALimitThatIsNoneIsRefused) {
  for (const char* text : {"0", "-1", "3G", "", "4294967296"}) {
    const Result result = RunCommand(Argv{kXswd, "--uid-memory-max", text});
    EXPECT_EQ(result.status, 2) << text;
    EXPECT_EQ(result.err,
              std::string("Error: xswd: --uid-memory-max ") + text + ": not a number of MiB.\n");
  }
}

// A page that is not there when the memory is registered would be made then, and charged to xswd.
TEST_F(Guards, NoHoleComesIntoMemoryThatWasGiven) {
  Fd memory = MakeMemfd(1 << 20);
  ASSERT_TRUE(Dialog(1).Ask(kOpen, {memory.get()}).starts_with("/open_ok,"));
  EXPECT_NE(fallocate(memory.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 65536), 0);
  EXPECT_EQ(errno, EPERM);
  EXPECT_NE(ftruncate(memory.get(), 65536), 0);
  Fd unsealed(memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(posix_fallocate(unsealed.get(), 0, 1 << 20), 0);
  const std::string answer = Dialog(1).Ask(kOpen, {unsealed.get()});
  EXPECT_TRUE(answer.starts_with("/open_nak,22,seal the memfd")) << answer;
}

TEST_F(Guards, AMapIsNotGivenToWhomItIsOfNoUse) {
  Dialog client(1);
  EXPECT_EQ(client.Ask("/connect,host"), "/host_ok");
  const std::string function = lab_.ShowPort(1)["function"]["ifname"];
  EXPECT_EQ(client.Ask("/xsk_map_fd," + function), "/fd_nak");
  EXPECT_LT(client.fd(), 0);
}

// Whoever has a map may freeze it, and then nobody enters a socket any more.
TEST_F(Guards, AFrozenMapIsNotTheNextOwners) {
  lab_.sandbox().AddNetns("pod");
  lab_.AddBlock(2, "netns pod ifname eth0 owner 1000:1000");
  const auto open = [](unsigned user) {
    return As({.uid = user, .gid = user},
              [] { return Dialog(2).Ask(kOpen, {MakeMemfd(1 << 20).get()}).substr(0, 12); });
  };
  EXPECT_EQ(As({.uid = 1000, .gid = 1000},
               []() -> std::string {
                 Dialog client(2);
                 client.Ask("/connect,host");
                 if (client.Ask("/xsk_map_fd,eth0") != "/fd_ack") return "no map";
                 return bpf_map_freeze(client.fd()) ? "cannot freeze it" : "";
               }),
            "");
  EXPECT_EQ(open(1000), "/open_nak,10");
  lab_.XswOk("port function set up0/2 owner 1001:1001");
  EXPECT_TRUE(WaitFor([&] { return open(1001) == "/open_ok,202"; })) << open(1001);
}

// libxswq asks ten times, for a queue that may be free in a moment.
TEST_F(Guards, OneRefusedOpenIsLoggedOnce) {
  Application taken("up0/1");
  xswq_qp* qp = nullptr;
  EXPECT_EQ(xswq_open("up0/1", nullptr, &qp), -EBUSY);
  const std::vector<std::string> lines = EndAndRead("is taken");
  int said = 0;
  for (const std::string& line : lines) {
    std::smatch times;
    said += std::regex_search(line, times, std::regex("\\((\\d+) times more\\)"))
                ? std::stoi(times[1])
                : 1;
  }
  EXPECT_EQ(said, 10);
  EXPECT_LE(lines.size(), 4u) << "two lines a second, and the ten tries take less than that";
}

TEST_F(Guards, NobodyHidesWhatAnotherDid) {
  EXPECT_EQ(As({.uid = 1001, .gid = 65534},
               []() -> std::string {
                 for (int i = 0; i < 200; i++)
                   Dialog(1).Ask("/open,0,64,64,64,64,2048," + std::to_string(1000 + i));
                 return "";
               }),
            "");
  EXPECT_EQ(As({}, [] { return Dialog(1).Ask(kOpen, {MakeMemfd(1 << 20).get()}).substr(0, 9); }),
            "/open_ok,");
  const std::vector<std::string> lines = EndAndRead("up0/1: ");
  int loud = 0, given = 0;
  for (const std::string& line : lines) {
    loud += line.find("uid 1001") != std::string::npos;
    given += line.find("given to") != std::string::npos;
  }
  EXPECT_EQ(given, 1);
  EXPECT_LT(loud, 100);
}

}  // namespace
}  // namespace xsw::test
