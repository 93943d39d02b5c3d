// SPDX-License-Identifier: Apache-2.0
// What xsw shows and says of queue blocks: text, JSON, help and completion.
//
//   up0/1  netdev      up0/2  queues 2, owner nobody      up0/3  program none, eth0 in "pod",
//   inactive
#include <gtest/gtest.h>

#include <memory>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class Show : public testing::Test {
 protected:
  void SetUp() override {
    if (lab_) return;
    lab_ = std::make_unique<QueueLab>(TopologyOptions{.ports = 1});
    lab_->AddBlock(2, "queues 2 owner nobody:nogroup");
    lab_->sandbox().AddNetns("pod");
    lab_->XswOk("port add up0 sfnum 3 hw_addr " + Text(kMac3) +
                " class queues program none netns pod ifname eth0");
  }
  static void TearDownTestSuite() { lab_.reset(); }
  static std::string Out(const std::string& line) { return lab_->XswOk(line); }
  // The words that completion offers behind these.
  static std::string Complete(const std::string& words) {
    const std::string script = "source " + std::string(kCompletion) + "; COMP_WORDS=(" +
                               lab_->XswArgv("")[0] + " " + words +
                               " ''); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _xsw; echo \" "
                               "${COMPREPLY[*]} \"";
    const Result result = RunCommand(Argv{"timeout", "20", "bash", "-c", script});
    EXPECT_EQ(result.status, 0) << words << ": " << result.err;
    return result.out;
  }
  static std::unique_ptr<QueueLab> lab_;
};
std::unique_ptr<QueueLab> Show::lab_;

TEST_F(Show, TheTextOfAQueueBlock) {
  const std::string kPolicy =
      "  policy:\n"
      "    spoofchk on trust off promisc off allmulti off isolated off link enable\n";
  EXPECT_EQ(Out("port show up0/2"),
            "up0/2: type eth netdev up0sf2 flavour pcisf controller 0 pfnum 0 sfnum 2 external "
            "false splittable false class queues queues 2 program xsk mtu 1500 "
            "netdev_state up\n"
            "  function:\n"
            "    hw_addr 02:00:00:00:00:02 state active opstate attached ifname up0s2 "
            "netdev_state up owner nobody:nogroup memory_max 33554432\n" +
                kPolicy);
  EXPECT_EQ(Out("port show up0/3"),
            "up0/3: type eth netdev up0sf3 flavour pcisf controller 0 pfnum 0 sfnum 3 external "
            "false splittable false class queues queues 1 program none mtu 1500 "
            "netdev_state up\n"
            "  function:\n"
            "    hw_addr 02:00:00:00:00:03 state inactive opstate attached netns pod ifname eth0 "
            "netdev_state up owner root:root memory_max 16777216\n" +
                kPolicy);
}

TEST_F(Show, TheJsonOfAQueueBlock) {
  const Json block = lab_->ShowPort(2), none = lab_->ShowPort(3), netdev = lab_->ShowPort(1);
  EXPECT_EQ(block["class"], "queues");
  EXPECT_EQ(block["queues"], 2);
  EXPECT_EQ(block["program"], "xsk");
  EXPECT_EQ(block["function"]["owner"], "nobody:nogroup");
  EXPECT_EQ(block["function"]["memory_max_bytes"], 2 << 24) << "the default: 16 MiB a queue";
  EXPECT_EQ(block["function"]["state"], "active");
  EXPECT_FALSE(block["function"].contains("netns")) << "it is private";
  EXPECT_EQ(none["queues"], 1);
  EXPECT_EQ(none["program"], "none");
  EXPECT_EQ(none["function"]["netns"], "pod");
  EXPECT_EQ(none["function"]["ifname"], "eth0");
  EXPECT_EQ(netdev["class"], "netdev");
  for (const char* key : {"queues", "program"}) EXPECT_FALSE(netdev.contains(key)) << key;
  EXPECT_FALSE(netdev["function"].contains("owner"));
}

TEST_F(Show, StatisticsHaveTheLossesOfQueues) {
  for (int port : {2, 3}) {
    const Json statistics = lab_->ShowPort(port)["statistics"];
    EXPECT_EQ(statistics["drops"]["no_socket"], 0);
    EXPECT_EQ(statistics["lost_at_socket"], 0);
    EXPECT_EQ(statistics["lost_at_function"], 0);
  }
  EXPECT_FALSE(lab_->ShowPort(1)["statistics"].contains("lost_at_socket")) << "it is a netdev";
  const std::string text = Out("-s port show up0/2");
  EXPECT_NE(text.find("    drops: none\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    lost_at_socket 0\n"), std::string::npos) << text;
}

TEST_F(Show, AddShowsTheNewBlockAndSetIsSeen) {
  const std::string added = Out("-j port add up0 sfnum 9 class queues queues 64 owner 4242:4343");
  EXPECT_EQ(added, Out("-j port show up0/4"));
  EXPECT_EQ(lab_->ShowPort(4)["queues"], 64);
  EXPECT_EQ(lab_->ShowPort(4)["function"]["owner"], "4242:4343") << "they have no names";
  Out("port function set up0/4 owner nobody");
  EXPECT_EQ(lab_->ShowPort(4)["function"]["owner"], "nobody:nogroup");
  Out("port del up0/4");
}

TEST_F(Show, HelpHasTheWordsOfQueueBlocks) {
  for (const char* line : {"help", "port help", "port add help"}) {
    const std::string help = Out(line);
    for (const char* words :
         {"class netdev|queues", "queues K", "program xsk|none", "owner USER[:GROUP]"})
      EXPECT_NE(help.find(words), std::string::npos) << words << " in xsw " << line;
  }
  EXPECT_NE(Out("port function set help").find("owner USER[:GROUP]"), std::string::npos);
  const std::string help = Out("help");
  for (const char* words : {"class queues", "xswd", "AF_XDP"})
    EXPECT_NE(help.find(words), std::string::npos) << words << " in xsw help";
}

TEST_F(Show, TheShellCompletesTheWordsOfQueueBlocks) {
  const std::string add = Complete("port add up0"), set = Complete("port function set up0/2");
  for (const char* word : {" class ", " queues ", " program ", " owner ", " netns ", " state ",
                           " vlan ", " novlan ", " trust ", " tx_max "})
    EXPECT_NE(add.find(word), std::string::npos) << word << " in " << add;
  EXPECT_NE(set.find(" owner "), std::string::npos) << set;
  EXPECT_EQ(Complete("port add up0 class"), " netdev queues \n");
  EXPECT_EQ(Complete("port add up0 program"), " xsk none \n");
  EXPECT_EQ(Complete("port add up0 queues"), "  \n") << "a number";
  EXPECT_NE(Complete("port add up0 owner").find(" nobody "), std::string::npos);
  EXPECT_EQ(Complete("port add up0 owner nobody").find(" owner "), std::string::npos) << "twice";
}

}  // namespace
}  // namespace xsw::test
