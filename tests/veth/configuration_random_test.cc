// SPDX-License-Identifier: Apache-2.0
// Random configurations, all classes of port and all settings: from whatever state the one before
// has left, `apply` makes each, `save` gives it back, and ports that both have lose no frame.
//
//    out ==wire== up0   up0sf1 === eth0 in c1   } in every configuration, as they are
//                       up0sf2 === eth0 in c2   }
//                       ports 10 to 17, as random says, in r1, r2, r3 or the host
//
// XSW_TEST_SEED repeats a run.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/veth/documents.h"
#include "tests/veth/live_change.h"
#include "tests/veth/observers.h"

namespace xsw::test {
namespace {

constexpr int kRounds = 8;

unsigned Seed() {
  const char* said = std::getenv("XSW_TEST_SEED");
  return said ? static_cast<unsigned>(std::atoi(said)) : std::random_device()();
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine_); }
  bool OneIn(int n) { return Below(n) == 0; }
  template <typename T>
  T Of(const std::vector<T>& values) {
    return values[Below(static_cast<int>(values.size()))];
  }
  template <typename T>
  std::vector<T> Shuffled(std::vector<T> values) {
    std::shuffle(values.begin(), values.end(), engine_);
    return values;
  }

 private:
  std::mt19937 engine_;
};

Json FixedPort(int port) {
  return {{"sfnum", port},
          {"hw_addr", Text(MacOf(port))},
          {"netns", ContainerName(port)},
          {"ifname", "eth0"},
          {"state", "active"}};
}

// In the words of `save`. Addresses and names are few, so that one configuration's are another
// port's in the next.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}
  Json Make(const std::vector<std::string>& modes);

 private:
  Json Port(int sfnum);
  void AddKind(Json* port);
  void AddPlace(Json* port);
  void AddVlans(Json* port);
  void AddPolicy(Json* port);
  void AddEntries(Json* eswitch);

  Random random_;
  std::vector<int> macs_, names_;
};

void Maker::AddKind(Json* port) {
  if (!random_.OneIn(3)) return;
  (*port)["class"] = "queues";
  if (random_.OneIn(2)) (*port)["queues"] = 2 + random_.Below(3);
  if (random_.OneIn(3)) (*port)["program"] = "none";
  if (random_.OneIn(2))
    (*port)["owner"] = random_.Of<std::string>({"nobody:nogroup", "daemon:daemon"});
  if (random_.OneIn(3)) (*port)["memory_max"] = random_.Of<std::string>({"1m", "100k", "70001b"});
}

void Maker::AddPlace(Json* port) {
  if (random_.OneIn(2))
    (*port)["hw_addr"] = Text({2, 0, 0, 0, 5, static_cast<uint8_t>(macs_.back())});
  macs_.pop_back();
  if (random_.OneIn(2)) (*port)["netns"] = random_.Of<std::string>({"r1", "r2", "r3"});
  if (random_.OneIn(2)) (*port)["ifname"] = "if" + std::to_string(names_.back());
  names_.pop_back();
  if (random_.OneIn(2)) (*port)["state"] = "active";
  if (random_.OneIn(3)) (*port)["mtu"] = random_.Of<int>({68, 1400, 1500});
}

void Maker::AddVlans(Json* port) {
  const int kind = random_.Below(4);
  if (kind == 0) return;
  if (kind == 1) (*port)["vlan"] = 1 + random_.Below(9);
  if (kind >= 2) (*port)["vlans"] = random_.Of<std::string>({"1", "3-5,9", "1-9,4094"});
  if (kind == 3) {
    (*port)["pvid"] = 9;
    // A trunk's list has its pvid.
    if ((*port)["vlans"] == "1") (*port)["vlans"] = "1,9";
  }
  if (kind != 2 && random_.OneIn(2)) (*port)["qos"] = 1 + random_.Below(7);
}

void Maker::AddPolicy(Json* port) {
  if (random_.OneIn(3)) (*port)["spoofchk"] = false;
  if (random_.OneIn(3)) (*port)["trust"] = true;
  if (port->contains("trust") && random_.OneIn(2)) (*port)["promisc"] = true;
  if (port->contains("trust") && random_.OneIn(2)) (*port)["allmulti"] = true;
  if (random_.OneIn(4)) (*port)["isolated"] = true;
  if (random_.OneIn(4)) (*port)["link"] = "disable";
  if (random_.OneIn(3))
    (*port)["tx_max"] = random_.Of<std::string>({"10mbit", "1500mbit", "12345678bit"});
  if (random_.OneIn(3)) (*port)["rx_max"] = random_.Of<std::string>({"1gbit", "33kbit"});
  if (random_.OneIn(3)) (*port)["burst"] = random_.Of<std::string>({"64k", "1m", "1514b"});
}

Json Maker::Port(int sfnum) {
  Json port = {{"sfnum", sfnum}};
  AddKind(&port);
  AddPlace(&port);
  AddVlans(&port);
  AddPolicy(&port);
  return port;
}

// Each in the VLAN of its port's untagged frames, where there is one.
void Maker::AddEntries(Json* eswitch) {
  Json fdb = Json::array(), mdb = Json::array();
  std::vector<Json> ports;
  for (const Json& port : (*eswitch)["ports"])
    if (!port.contains("vlans") || port.contains("pvid")) ports.push_back(port);
  if (random_.OneIn(2)) fdb.push_back({{"mac", "02:00:00:00:09:00"}, {"port", "host"}});
  for (size_t i = 0; i < ports.size(); i++) {
    const Json& port = ports[i];
    Json where = {{"port", port["sfnum"]}};
    for (const char* key : {"vlan", "pvid"})
      if (port.contains(key)) where["vlan"] = port[key];
    Json entry = where;
    entry["mac"] = "02:00:00:00:09:0" + std::to_string(1 + (i + random_.Below(2) * 4) % 8);
    bool taken = false;
    for (const Json& other : fdb) taken = taken || other["mac"] == entry["mac"];
    if (!taken && random_.OneIn(2)) fdb.push_back(entry);
    entry = where;
    entry["group"] = "01:00:5e:01:01:01";
    if (random_.OneIn(2)) mdb.push_back(entry);
  }
  std::sort(mdb.begin(), mdb.end(), [](const Json& a, const Json& b) {
    return std::pair(a.value("vlan", 0), a["port"]) < std::pair(b.value("vlan", 0), b["port"]);
  });
  if (!fdb.empty()) (*eswitch)["fdb"] = fdb;
  if (!mdb.empty()) (*eswitch)["mdb"] = mdb;
}

Json Maker::Make(const std::vector<std::string>& modes) {
  Json eswitch = {{"ports", {FixedPort(1), FixedPort(2)}}};
  const std::string mode = random_.Of(modes);
  if (mode != "legacy") eswitch["mode"] = mode;
  const std::string xdp = random_.Of<std::string>({"auto", "on", "off"});
  if (xdp != "auto") eswitch["xdp"] = xdp;
  if (random_.OneIn(2)) eswitch["rx_path"] = xdp == "on" && random_.OneIn(2) ? "xdp" : "stack";
  if (random_.OneIn(4)) eswitch["host"] = false;
  if (random_.OneIn(2))
    eswitch["miss"] = random_.Of<std::string>({"uplink", "representor", "drop"});
  macs_ = random_.Shuffled<int>({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  names_ = random_.Shuffled<int>({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  for (int sfnum = 10; sfnum < 18; sfnum++)
    if (random_.OneIn(2)) eswitch["ports"].push_back(Port(sfnum));
  AddEntries(&eswitch);
  return OfUp0(eswitch);
}

// Sent all the time, and none of them lost.
std::vector<Flow> Flows() {
  const auto flow = [](const char* name, Place from, Place to, const Mac& dst, const Mac& src) {
    const Frame frame = Eth{.dst = dst, .src = src} / Payload(60);
    return Flow{name, from, frame, {{to, frame}}, {to}};
  };
  return {flow("port 1 to port 2", kFunction1, kFunction2, kMac2, kMac1),
          flow("port 2 to port 1", kFunction2, kFunction1, kMac1, kMac2),
          flow("wire to port 1", kWire, kFunction1, kMac1, kOutsideMac),
          flow("port 1 to the wire", kFunction1, kWire, kOutsideMac, kMac1)};
}

class ConfigurationRandom : public testing::Test {
 protected:
  ConfigurationRandom() : t({.xdp = "on", .ports = 2}), seed_(Seed()), maker_(seed_) {
    std::cout << "XSW_TEST_SEED=" << seed_ << "\n";
    for (const char* netns : {"r1", "r2", "r3"}) t.sandbox().AddNetns(netns);
  }
  // For when it has failed.
  std::string Plan(const Json& document) {
    WriteDocument(document.dump());
    return t.Xsw(std::string("diff --prune ") + kDocument).out;
  }
  void ExpectIs(const Json& document) {
    EXPECT_EQ(Saved(t), document);
    EXPECT_EQ(Diff(t, document, "--prune"), std::vector<std::string>());
  }
  Topology t;
  unsigned seed_;
  Maker maker_;
};

// miss is for the mode of the kernel's software of no interest, and what is unknown here goes to
// the wire: port 1's frames to the outside.
Json WithoutMiss(Json document) {
  document["eswitch"]["up0"].erase("miss");
  return document;
}

TEST_F(ConfigurationRandom, ApplyThenSaveGivesTheFileAndLosesNoFrame) {
  for (int round = 0; round < kRounds && !HasFailure(); round++) {
    const Json document = WithoutMiss(maker_.Make({"legacy"}));
    SCOPED_TRACE("round " + std::to_string(round) + "\n" + document.dump(4));
    WriteDocument(document.dump(4));
    Observers see(t);
    Process apply(t.XswArgv(std::string("apply --prune ") + kDocument));
    const std::vector<Flow> flows = Flows();
    uint32_t id = 0;
    while (!apply.Done() && id < 40000) {
      for (const Flow& flow : flows) see.Send(flow.from, Numbered(flow.frame, id++));
      WaitFor([&] { return apply.Done(); }, 1);
    }
    const Result result = apply.Wait();
    ASSERT_EQ(result.status, 0) << result.err << Plan(document) << Saved(t).dump(4);
    ExpectNoLoss(see.Arrived(), flows, id);
    ExpectIs(document);
  }
}

TEST_F(ConfigurationRandom, EveryModeAndMiss) {
  for (int round = 0; round < kRounds && !HasFailure(); round++) {
    const Json document = maker_.Make({"legacy", "switchdev", "switchdev_inactive"});
    SCOPED_TRACE("round " + std::to_string(round) + "\n" + document.dump(4));
    const Result result = Apply(t, document, "--prune");
    ASSERT_EQ(result.status, 0) << result.err << Plan(document) << Saved(t).dump(4);
    ExpectIs(document);
    if (round == 0) {
      EXPECT_EQ(SchemaErrors(t.XswOk("save")), "");
    }
  }
}

// The same by the commands that diff prints.
TEST_F(ConfigurationRandom, TheLinesOfDiffLeadThere) {
  for (int round = 0; round < kRounds / 2 && !HasFailure(); round++) {
    const Json document = maker_.Make({"legacy", "switchdev"});
    SCOPED_TRACE("round " + std::to_string(round) + "\n" + document.dump(4));
    for (const std::string& line : Diff(t, document, "--prune")) t.XswOk(line);
    ExpectIs(document);
  }
}

}  // namespace
}  // namespace xsw::test
