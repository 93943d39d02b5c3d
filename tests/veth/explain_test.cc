// SPDX-License-Identifier: Apache-2.0
// `xsw explain` says where a frame would go, in every form in which a frame can be said, and
// nothing moves. (That it says the right thing is tests/bpf/differential_test.cc's.)
#include <gtest/gtest.h>

#include <fstream>

#include "tests/veth/packet.h"
#include "tests/veth/topology.h"

namespace xsw::test {
namespace {

struct Row {
  const char* name;
  const char* line;  // after `explain`
  std::vector<std::string> says;
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

// Port 1 is an access port of VLAN 5, port 2 a trunk of 5 and 6, port 3 untagged and inactive.
const Row kRows[] = {
    {"AccessToTrunk",
     "up0/1 src 02:00:00:00:00:01 dst 02:00:00:00:00:02",
     {"up0/1 may send it; it counts as VLAN 5", "the FDB has the destination (VLAN 5) at up0/2",
      "sent to up0/2, with the tag of VLAN 5"}},
    {"TrunkToAccess",
     "up0/2 src 02:00:00:00:00:02 dst 02:00:00:00:00:01 vlan 5",
     {"up0/2 may send it; it counts as VLAN 5", "the FDB has the destination (VLAN 5) at up0/1",
      "sent to up0/1, untagged"}},
    {"Spoof",
     "up0/1 src 02:00:00:00:00:02 dst 02:00:00:00:00:01",
     {"dropped, reason spoof (charged to up0/1): the source address is not the port's, and "
      "spoofchk is on"}},
    {"WireToInactive",
     "up0/0 src 02:00:00:00:00:20 dst 02:00:00:00:00:03",
     {"the FDB has the destination (untagged) at up0/3",
      "dropped, reason inactive (charged to up0/3): that port's function is inactive"}},
    {"WireBroadcast",
     "up0/0 src 02:00:00:00:00:20 dst ff:ff:ff:ff:ff:ff vlan 5",
     {"sent to up0/1, untagged", "sent to up0/2, with the tag of VLAN 5",
      "left to the host's stack on up0", "up0/3 gets no copy: it is inactive"}},
    {"BroadcastInAVlanOfNobodyElse",
     "up0/2 src 02:00:00:00:00:02 dst ff:ff:ff:ff:ff:ff vlan 6",
     {"up0/2 may send it; it counts as VLAN 6", "sent to the wire, with the tag of VLAN 6",
      "given to the host as if received on up0, with the tag of VLAN 6",
      "up0/1 gets no copy: it is not in VLAN 6", "up0/2 gets no copy: it is the sender",
      "up0/3 gets no copy: it is inactive"}},
    {"AnotherVlan",
     "up0/2 src 02:00:00:00:00:02 dst 02:00:00:00:00:01 vlan 6",
     {"up0/2 may send it; it counts as VLAN 6", "the FDB does not have the destination (VLAN 6)",
      "sent to the wire, with the tag of VLAN 6", "up0/1 has this address in VLAN 5"}},
    {"NoVlanFromTheWire",
     "up0/0 src 02:00:00:00:00:20 dst 02:00:00:00:00:01",
     {"left to the host's stack on up0", "up0/1 has this address in VLAN 5"}},
    {"ToTheHost",
     "up0/1 src 02:00:00:00:00:01 dst 02:00:00:00:00:10",
     {"up0/1 may send it; it counts as VLAN 5", "the destination is the host's",
      "given to the host as if received on up0, with the tag of VLAN 5"}},
    {"Hex",
     "up0/1 020000000020020000000001 88b5",
     {"up0/1 may send it; it counts as VLAN 5", "the FDB does not have the destination (VLAN 5)",
      "sent to the wire, with the tag of VLAN 5"}},
    {"HexWithColons",
     "up0/1 0x02:00:00:00:00:20:02:00:00:00:00:01:88:b5",
     {"up0/1 may send it; it counts as VLAN 5", "the FDB does not have the destination (VLAN 5)",
      "sent to the wire, with the tag of VLAN 5"}},
};

class Explain : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() {
    topology_ = new Topology({.ports = 3});
    std::ofstream("/run/policy") << "port function set up0/1 vlan 5\n"
                                    "port function set up0/2 vlans 5-6\n"
                                    "port function set up0/3 state inactive\n";
    topology_->XswOk("-b /run/policy");
  }
  static void TearDownTestSuite() { delete topology_; }

  static std::vector<std::string> Said(const Json& explained) {
    std::vector<std::string> said;
    for (const Json& program : explained["programs"])
      for (const Json& step : program["steps"]) said.push_back(step["text"]);
    for (const Json& remark : explained["remarks"]) said.push_back(remark["text"]);
    return said;
  }
  static std::string Counters() {
    return topology_->XswOk("-j -s port show") + MustRun("ip -n c2 -s -j link show eth0");
  }

  static Topology* topology_;
};
Topology* Explain::topology_;

TEST_P(Explain, SaysWhereAFrameWouldGoAndMovesNothing) {
  const std::string before = Counters();
  const Json json = Json::parse(topology_->XswOk(std::string("-j explain ") + GetParam().line));
  ASSERT_EQ(json["explain"].size(), 1u);
  EXPECT_EQ(Said(json["explain"][0]), GetParam().says);
  const std::string text = topology_->XswOk(std::string("explain ") + GetParam().line);
  for (const std::string& line : GetParam().says)
    EXPECT_NE(text.find("    " + line + "\n"), std::string::npos) << text;
  EXPECT_EQ(Counters(), before);
}

INSTANTIATE_TEST_SUITE_P(All, Explain, testing::ValuesIn(kRows),
                         [](const auto& info) { return std::string(info.param.name); });

// What the programs cannot know: the netdevs they send to, and whom their copies pass by.
struct Besides {
  const char* given;  // `xsw ...` or any other command
  const char* line;
  const char* step;
  const char* says;
  const char* after;
};
constexpr char kWireTo1[] = "up0/0 src 02:00:00:00:00:20 dst 02:00:00:00:00:01 vlan 5";
constexpr char kBroadcastOf1[] = "up0/1 src 02:00:00:00:00:01 dst ff:ff:ff:ff:ff:ff";
constexpr Besides kBesides[] = {
    {"ip link set up0sf1 down", kWireTo1, "representor_down",
     "up0sf1 is down, so the function of up0/1 has no carrier: ip link set up0sf1 up",
     "ip link set up0sf1 up"},
    {"ip link set up0sf1 down", kBroadcastOf1, "representor_down",
     "up0sf1 is down, so the function of up0/1 has no carrier: ip link set up0sf1 up",
     "ip link set up0sf1 up"},
    {"ip -n c1 link set eth0 down", kWireTo1, "function_down",
     "the function of up0/1 is down: what is sent there is lost (lost_at_function)",
     "ip -n c1 link set eth0 up"},
    {"ip link set up0 down", kWireTo1, "uplink_down",
     "up0 is down: nothing comes from the wire, or goes there", "ip link set up0 up"},
    {"ip -n out link set eth0 down", kBroadcastOf1, "uplink_down",
     "up0 has no carrier: nothing comes from the wire, or goes there",
     "ip -n out link set eth0 up"},
    {"xsw port function set up0/2 isolated on", kBroadcastOf1, "skipped",
     "up0/2 gets no copy: it is isolated", "xsw port function set up0/2 isolated off"},
    {"xsw port function set up0/1 isolated on", kBroadcastOf1, "skipped",
     "up0/2 gets no copy: the sender is isolated", "xsw port function set up0/1 isolated off"},
    {"xsw mdb add up0 239.1.2.3 port up0/1",
     "up0/0 src 02:00:00:00:00:20 dst 01:00:5e:01:02:03 vlan 5", "skipped",
     "up0/2 gets no copy: it is no member of the group", "xsw mdb del up0 239.1.2.3 port up0/1"},
    {"xsw eswitch set up0 mode switchdev", kBroadcastOf1, "no_bridge",
     "up0sf1 is in no bridge: what rises there goes no further, unless other software of the host "
     "takes it",
     "xsw eswitch set up0 mode legacy"},
};

TEST_F(Explain, SaysWhatTheProgramsDoNotSee) {
  const auto run = [](const std::string& command) {
    command.starts_with("xsw ") ? topology_->XswOk(command.substr(4)) : MustRun(command);
  };
  for (const Besides& row : kBesides) {
    SCOPED_TRACE(std::string(row.given) + ": " + row.line);
    const auto remarked = [&] {
      const Json json = Json::parse(topology_->XswOk(std::string("-j explain ") + row.line));
      for (const Json& remark : json["explain"][0]["remarks"])
        if (remark["text"] == row.says) return remark["step"] == row.step;
      return false;
    };
    EXPECT_FALSE(remarked());
    run(row.given);
    EXPECT_TRUE(WaitFor(remarked)) << topology_->XswOk(std::string("explain ") + row.line);
    run(row.after);
    Topology::WaitForCarrier({kUplink, Representor(1)});
  }
}

TEST(ExplainXdp, SaysThatGroIsOff) {
  Topology t({.xdp = "on", .ports = 1});
  const std::string line = "explain up0/0 src 02:00:00:00:00:20 dst 02:00:00:00:00:01";
  const std::string lost =
      "GRO of the function of up0/1 is off: what XDP sends there is lost (lost_at_function)";
  EXPECT_EQ(t.XswOk(line).find(lost), std::string::npos);
  MustRun("ip netns exec c1 ethtool -K eth0 gro off");
  EXPECT_NE(t.XswOk(line).find(lost), std::string::npos) << t.XswOk(line);
}

void Append32(std::string& to, uint32_t value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// Of two frames.
std::string Capture() {
  std::string file;
  for (uint32_t word : {0xa1b2c3d4u, 0x00040002u, 0u, 0u, 65535u, 1u}) Append32(file, word);
  for (const Mac& dst : {kMac2, kBroadcast}) {
    const Bytes frame = (Eth{.dst = dst, .src = kMac1} / Payload(46)).bytes;
    Append32(file, 0);
    Append32(file, 0);
    Append32(file, static_cast<uint32_t>(frame.size()));
    Append32(file, static_cast<uint32_t>(frame.size()));
    file.append(frame.begin(), frame.end());
  }
  return file;
}

TEST_F(Explain, EachFrameOfACapture) {
  std::ofstream("/run/two.pcap", std::ios::binary) << Capture();
  const Json json = Json::parse(topology_->XswOk("-j explain up0/1 /run/two.pcap"));
  ASSERT_EQ(json["explain"].size(), 2u);
  EXPECT_EQ(Said(json["explain"][0]).back(), "sent to up0/2, with the tag of VLAN 5");
  EXPECT_EQ(json["explain"][1]["programs"].back()["steps"].back()["text"],
            "given to the host as if received on up0, with the tag of VLAN 5");
}

TEST_F(Explain, RefusesWhatIsNoFrame) {
  std::ofstream("/run/not.pcap") << "hello";
  const std::pair<const char*, const char*> rows[] = {
      {"up0/1 xyz", "neither hex nor a file"},
      {"up0/1 0102", "2 bytes are no Ethernet frame"},
      {"up0/1 /run/not.pcap", "/run/not.pcap"},
      {"up0/9 src 02:00:00:00:00:01 dst 02:00:00:00:00:02", "port up0/9: does not exist"},
      {"up0/1 src 02:00:00:00:00:01", "needs src MAC and dst MAC"},
      {"up0/1 src 02:00:00:00:00:01 dst 02:00:00:00:00:02 vlan 4095", "is not within 1 to 4094"},
      {"up0/1", "FRAME is missing"},
  };
  for (const auto& [line, error] : rows) {
    const Result result = topology_->Xsw(std::string("explain ") + line);
    EXPECT_NE(result.status, 0) << line;
    EXPECT_NE(result.err.find(error), std::string::npos) << line << ": " << result.err;
  }
}

}  // namespace
}  // namespace xsw::test
