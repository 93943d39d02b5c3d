// SPDX-License-Identifier: Apache-2.0
// `port add` takes every word of a port's policy, all or nothing, and the port has it from its
// first frame on.
//
//    out ==wire== up0   up0sf1 === eth0 in c1, the new port
//                       up0sf2 === eth0 in c2, in no VLAN
#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <memory>

#include "tests/veth/packet.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {
namespace {

constexpr char kAdd[] =
    "port add up0 sfnum 1 hw_addr 02:00:00:00:00:01 netns c1 ifname eth0 state active ";
constexpr char kSet[] = "port function set up0/1 ";

class NewPort : public testing::Test {
 protected:
  NewPort() : t({.ports = 0}) {
    t.sandbox().AddNetns("c1");
    // The run of the very first port makes directories that stay.
    t.XswOk(kAdd);
    t.XswOk("port del up0/1");
  }
  // All that is to be seen of port 1.
  std::string Port() {
    Json port = t.ShowPort(1);
    port.erase("statistics");
    Json fdb = t.ShowFdb();
    return port.dump() + fdb.dump() + LinkOf("", "up0sf1").value("operstate", "");
  }
  Topology t;
};

TEST_F(NewPort, TakesEveryWordThatFunctionSetTakes) {
  for (const char* words :
       {"vlan 7", "vlan 7 qos 3", "vlans 10,20-30", "vlans 10,20-30 pvid 10 qos 5", "novlan",
        "spoofchk off", "trust on", "trust on promisc on", "trust on allmulti on", "isolated on",
        "link disable", "tx_max 10mbit", "rx_max 20mbit", "tx_max 10mbit rx_max 20mbit burst 64kb",
        "vlan 7 qos 3 spoofchk off trust on promisc on allmulti on isolated on link disable "
        "tx_max 10mbit rx_max 20mbit burst 64kb mtu 1400"}) {
    SCOPED_TRACE(words);
    t.XswOk(kAdd);
    t.XswOk(std::string(kSet) + words);
    const std::string expected = Port();
    t.XswOk("port del up0/1");
    if (t.Xsw(kAdd + std::string(words)).status != 0) {
      ADD_FAILURE() << "not taken by port add";
      continue;
    }
    EXPECT_EQ(Port(), expected);
    t.XswOk("port del up0/1");
  }
}

TEST_F(NewPort, IsNotThereAfterABadWordAndTheErrorIsThatOfFunctionSet) {
  const Snapshot before = TakeSnapshot(t);
  struct {
    const char *words, *error;
  } const kRows[] = {
      {"vlan 4095", "4095 is not within 1 to 4094"},
      {"vlans 10-5", "\"10-5\" is not a list of VLANs"},
      {"vlan 7 vlans 8", "vlan makes an access port"},
      {"pvid 7", "pvid is for a trunk"},
      {"vlan 7 novlan", "novlan with vlan"},
      {"vlan 7 qos 8", "qos 8 is not within 0 to 7"},
      {"qos 3", "qos is for the tags of a vlan or pvid"},
      {"promisc on", "promisc on needs trust on"},
      {"allmulti on", "allmulti on needs trust on"},
      {"link up", "neither enable nor disable"},
      {"tx_max fast", "fast"},
      {"isolated maybe", "maybe"},
      {"vlan 7 mtu 9000", "mtu 9000"},
  };
  for (const auto& [words, error] : kRows) {
    for (const char* option : {"", "-d "}) {
      SCOPED_TRACE(std::string(option) + words);
      const Result result = t.Xsw(std::string(option) + kAdd + words);
      EXPECT_NE(result.status, 0);
      EXPECT_NE(result.err.find(error), std::string::npos) << result.err;
    }
  }
  // Found only when the rest is known to be good.
  const Result taken = t.Xsw("port add up0 netns c1 ifname lo state active vlan 7 tx_max 10mbit");
  EXPECT_NE(taken.err.find("name lo is taken"), std::string::npos) << taken.err;
  t.XswOk("-d " + std::string(kAdd) + "vlan 7 tx_max 10mbit");
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
}

// An address that another port has in this VLAN alone.
TEST_F(NewPort, WhoseAddressIsTakenInItsVlanIsNotThere) {
  t.XswOk("port add up0 sfnum 2");
  t.XswOk("port function set up0/1 vlan 7");
  t.XswOk("fdb add up0 02:00:00:00:00:01 port up0/1 vlan 7");
  const Snapshot before = TakeSnapshot(t);
  const Result result = t.Xsw(std::string(kAdd) + "vlan 7");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("02:00:00:00:00:01 vlan 7 is in use by port up0/1"), std::string::npos)
      << result.err;
  EXPECT_EQ(Changes(before, TakeSnapshot(t)), "");
  t.XswOk(std::string(kAdd) + "vlan 8");
}

// Its function, from the moment at which it is there: set up, and sending and receiving.
class FirstFrames {
 public:
  // False: it is not there yet.
  bool Start() {
    if (socket_) return true;
    InNetns in("c1");
    Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = {};
    std::string(kContainerDev).copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP;
    if (ioctl(fd.get(), SIOCSIFFLAGS, &request)) return false;
    socket_ = std::make_unique<PacketSocket>("", kContainerDev, ETH_P_ALL);
    return true;
  }
  void Send(const Bytes& frame) const { socket_->Send(frame); }
  std::optional<Received> Receive() const { return socket_->Receive(0); }

 private:
  std::unique_ptr<PacketSocket> socket_;
};

int Count(const PacketSocket& socket, const std::function<bool(const Bytes&)>& what) {
  int count = 0;
  while (auto got = socket.Receive(0)) count += IsTestFrame(got->frame) && what(got->frame);
  return count;
}

// What it sends is tagged 7 on the wire and comes to no port of another VLAN; of the frames to all
// on the wire it gets those of 7 alone.
TEST_F(NewPort, IsInItsVlanFromItsFirstFrameOn) {
  t.AddPort(2);
  t.ConfigureFunction(2);
  PacketSocket wire(kOutside, kContainerDev, ETH_P_ALL), port2("c2", kContainerDev, ETH_P_ALL);
  const Bytes from_port = Numbered(Eth{.dst = kBroadcast, .src = kMac1} / Payload(60), 1);
  const Bytes untagged = Numbered(Eth{.dst = kBroadcast, .src = kOutsideMac} / Payload(60), 2);
  const Bytes in_7 =
      Numbered(Eth{.dst = kBroadcast, .src = kOutsideMac} / Vlan{.id = 7} / Payload(60), 3);
  int sent_in_7 = 0, got_in_7 = 0, strays = 0;
  for (int round = 0; round < 10; round++) {
    FirstFrames function;
    Process add(t.XswArgv(kAdd + std::string("vlan 7")));
    // On for some frames when it is done.
    for (int after = 0; after < 20; after += add.Done()) {
      wire.Send(untagged);
      wire.Send(in_7);
      if (!function.Start()) continue;
      function.Send(from_port);
      while (auto got = function.Receive()) (IdOf(got->frame) == 3 ? got_in_7 : strays)++;
    }
    ASSERT_EQ(add.Wait().err, "");
    const auto is_from_port = [](const Bytes& frame) { return IdOf(frame) == 1; };
    strays += Count(port2, is_from_port);
    strays +=
        Count(wire, [&](const Bytes& frame) { return is_from_port(frame) && !IsTagged(frame); });
    wire.Send(in_7);
    function.Send(from_port);
    sent_in_7 += WaitFor([&] { return Count(wire, is_from_port) > 0; });
    t.XswOk("port del up0sf1");
  }
  EXPECT_EQ(strays, 0);
  EXPECT_EQ(sent_in_7, 10) << "nothing has come out";
  EXPECT_GT(got_in_7, 0) << "nothing has come in";
}

}  // namespace
}  // namespace xsw::test
