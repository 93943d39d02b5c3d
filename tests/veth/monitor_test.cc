// SPDX-License-Identifier: Apache-2.0
// `xsw monitor` tells of each change, once, in order; of what root has changed alone; and says so
// when it could not keep up.
#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

#include "tests/veth/topology.h"
#include "tests/veth/watcher.h"

namespace xsw::test {
namespace {

constexpr uint32_t kGroup = 1u << 24;  // userspace/event.cc

// "port set up0/1"
std::string Short(const Json& event) {
  return event["object"].get<std::string>() + " " + event["action"].get<std::string>() + " " +
         event.value("handle", "");
}

void SendForged(const std::string& text, int times) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);
  sockaddr_nl to = {};
  to.nl_family = AF_NETLINK;
  to.nl_groups = kGroup;
  for (int i = 0; i < times; i++)
    sendto(fd, text.data(), text.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&to),
           sizeof(to));
  close(fd);
}

TEST(Monitor, TellsEachChangeOnceAndInOrder) {
  Topology t({.ports = 1});
  Watcher watcher(t);
  t.XswOk("port add up0 sfnum 7 hw_addr 02:00:00:00:00:77");
  t.XswOk("port function set up0/2 vlan 5 spoofchk off");
  t.XswOk("fdb add up0 02:00:00:00:0a:01 port up0/1");
  t.XswOk("fdb del up0 02:00:00:00:0a:01 port up0/1");
  t.XswOk("mdb add up0 01:00:5e:00:00:05 port up0/2");
  t.XswOk("mdb del up0 01:00:5e:00:00:05 port up0/2");
  t.XswOk("port del up0/2");
  t.XswOk("eswitch set up0 miss drop");
  EXPECT_EQ(t.Xsw("port del up0/9").status, 1);
  t.XswOk("-d port del up0/1");
  t.XswOk("eswitch del up0");
  ASSERT_TRUE(watcher.WaitForEvent("eswitch", "del"));
  const std::vector<Json> events = watcher.Events();
  std::vector<std::string> told;
  for (const Json& event : events)
    if (event["action"] != "opstate") told.push_back(Short(event));
  EXPECT_EQ(told, (std::vector<std::string>{"monitor start ", "port new up0/2", "port set up0/2",
                                            "fdb new up0/1", "fdb del up0/1", "mdb new up0/2",
                                            "mdb del up0/2", "port del up0/2", "eswitch set up0",
                                            "port del up0/1", "eswitch del up0"}));
  for (size_t i = 0; i < events.size(); i++) {
    EXPECT_EQ(events[i]["seq"], i + 1);
    EXPECT_EQ(events[i]["time"].get<std::string>().size(), 24u) << events[i];
  }
}

TEST(Monitor, TellsHowThePortIsNow) {
  Topology t({.ports = 1});
  Watcher watcher(t), text(t, "");
  t.XswOk("port function set up0/1 vlan 5 tx_max 10mbit");
  ASSERT_TRUE(watcher.WaitForEvent("port", "set"));
  const Json event = watcher.Events().back();
  EXPECT_EQ(event["port"], Json::parse(t.XswOk("-j port show up0/1"))["port"]["up0/1"]);
  EXPECT_EQ(event["port"]["policy"]["vlan"], 5);
  ASSERT_TRUE(text.WaitForLines(2));
  const std::string line = text.Lines()[1];
  EXPECT_NE(line.find(" [port,set] up0/1: type eth netdev up0sf1 "), std::string::npos) << line;
  EXPECT_NE(line.find(" vlan 5 "), std::string::npos) << line;
}

TEST(Monitor, TellsOfOpstatesThatNoCommandOfOursHasChanged) {
  Topology t({.ports = 2});
  Watcher watcher(t);
  auto opstates = [&] {
    std::vector<std::string> told;
    for (const Json& event : watcher.Events())
      if (event["action"] == "opstate")
        told.push_back(event["handle"].get<std::string>() + " " +
                       event["opstate"].get<std::string>());
    return told;
  };
  auto expect = [&](const std::vector<std::string>& told) {
    EXPECT_TRUE(WaitFor([&] { return opstates() == told; }, Watcher::kPatienceMs))
        << testing::PrintToString(opstates());
  };
  MustRun("ip -n c1 link set eth0 down");
  expect({"up0/1 detached"});
  MustRun("ip -n c1 link set eth0 up");
  expect({"up0/1 detached", "up0/1 attached"});
  MustRun("ip -n c2 link del eth0");
  expect({"up0/1 detached", "up0/1 attached", "up0/2 detached"});
}

TEST(Monitor, BelievesRootAlone) {
  Topology t({.ports = 1});
  Watcher watcher(t);
  const std::string forged = "xsw1 port del up0 1 00:00:00:00:00:00 0";
  const pid_t nobody = fork();
  if (nobody == 0) {
    if (setuid(65534) == 0) SendForged(forged, 10);
    _exit(0);
  }
  waitpid(nobody, nullptr, 0);
  SendForged("xsw1 nonsense", 1);
  t.XswOk("eswitch set up0 miss drop");
  ASSERT_TRUE(watcher.WaitForEvent("eswitch", "set"));
  EXPECT_FALSE(watcher.Has("port", "del"));
  EXPECT_EQ(watcher.Lines().size(), 2u);
}

TEST(Monitor, SaysResyncWhenEventsWereLost) {
  Topology t({.ports = 1});
  Watcher watcher(t);
  kill(watcher.pid(), SIGSTOP);
  SendForged("xsw1 port set up0 1 00:00:00:00:00:00 0", 50000);
  kill(watcher.pid(), SIGCONT);
  EXPECT_TRUE(watcher.WaitForEvent("monitor", "resync"));
  t.XswOk("eswitch set up0 miss drop");
  EXPECT_TRUE(watcher.WaitForEvent("eswitch", "set")) << "it goes on";
}

TEST(Monitor, NeedsRoot) {
  Topology t({.ports = 0});
  Argv argv = {"setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps=-all"};
  const Argv monitor = t.XswArgv("monitor");
  argv.insert(argv.end(), monitor.begin(), monitor.end());
  const Result result = RunCommand(argv);
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.err.starts_with("Error: xsw: ")) << result.err;
}

}  // namespace
}  // namespace xsw::test
