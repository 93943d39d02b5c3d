// SPDX-License-Identifier: Apache-2.0
// xsw on a real NIC's driver, with the offloads that it comes with. In a virtual machine
// (tests/vm/nics).
//
//    out ==wire== up0   up0sf1 === c1, a netdev port
//                       up0/2, a queue block
#include "tests/vm/nic/nic.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>

#include "abi.h"
#include "tests/veth/queues/lab.h"
#include "tests/vm/nic/matrix.h"

namespace xsw::test {
namespace {

// Found out by trying these drivers (Debian's kernels, QEMU's devices): 6.1's vmxnet3 and all of
// e1000e have no native XDP.
bool DriverHasXdp() {
  if (NicDriver() == "vmxnet3") return KernelSeries() != "6.1";
  return NicDriver() == "igb" || NicDriver() == "virtio_net";
}

Json LinkNow() { return Json::parse(MustRun("ip -d -j link show up0"))[0]; }
std::string Features() { return MustRun("ethtool -k up0"); }

TEST(Nic, ShowSaysWhetherTheDriverHasNativeXdp) {
  Feature feature("native XDP");
  Topology t({.xdp = "auto", .ports = 0});
  const Json show = ShowEswitch(t);
  EXPECT_EQ(show["xdp_attached"], DriverHasXdp());
  // XDP does not see a tag that the NIC has taken out.
  EXPECT_FALSE(DriverHasXdp() && Features().find("rx-vlan-offload: on") != std::string::npos);
  EXPECT_EQ(show.value("note", "").find("the driver has no native XDP") != std::string::npos,
            !DriverHasXdp())
      << show;
  if (!show["xdp_attached"]) feature.Seen("no: tc");
}

TEST(Nic, XdpOnIsRefusedWithTheReasonWhereTheDriverHasNone) {
  Topology t({.eswitch = false});
  const Result result = t.Xsw("eswitch add up0 xdp on");
  EXPECT_EQ(result.status == 0, DriverHasXdp()) << result.err;
  if (DriverHasXdp()) return;
  EXPECT_NE(result.err.find("its driver has no native XDP: say xdp off, tc does the same"),
            std::string::npos)
      << result.err;
}

TEST(Nic, TheHostKeepsItsConnectionThroughAttachAndDetach) {
  Feature feature("host keeps its connections");
  Topology t({.eswitch = false});
  // QEMU's does not follow when the netdev's own address changes, as ours has.
  if (NicDriver() == "vmxnet3") Ip("", "link set up0 promisc on");
  ASSERT_TRUE(Reach(kOut, kHostEnd));
  TcpStream stream(kOut, kHostEnd);
  ASSERT_TRUE(stream.connected() && stream.Transfer(100000));
  t.XswOk("eswitch add up0");
  EXPECT_TRUE(stream.Transfer(1 << 20, 60000)) << "after eswitch add";
  t.XswOk("eswitch del up0");
  EXPECT_TRUE(stream.Transfer(1 << 20, 60000) && stream.intact()) << "after eswitch del";
}

TEST(Nic, ItIsAfterwardsAsItWasBefore) {
  Topology t({.eswitch = false});
  const Json link = LinkNow();
  const std::string features = Features();
  t.XswOk("eswitch add up0");
  t.AddPort(1);
  t.XswOk("port function set up0/1 vlan 10");
  t.XswOk("eswitch del up0");
  Topology::WaitForCarrier({kUplink});
  for (const char* key : {"flags", "promiscuity", "allmulti", "address", "mtu"})
    EXPECT_EQ(LinkNow().value(key, Json()), link.value(key, Json())) << key;
  EXPECT_EQ(Features(), features);
}

// vmxnet3 cannot filter by further addresses, so the kernel itself counts it promiscuous.
TEST(Nic, APortsAddressIsInItsListAndWeDoNotMakeItPromiscuous) {
  Feature feature("filter by address");
  Topology t({.xdp = "auto", .ports = 1});
  const bool filters = NicDriver() != "vmxnet3";
  EXPECT_EQ(LinkNow()["promiscuity"], filters ? 0 : 1);
  const Json show = ShowEswitch(t);
  EXPECT_EQ(show["promisc"], false);
  EXPECT_EQ(show.value("note", "").find("its driver cannot filter") == std::string::npos, filters)
      << show;
  EXPECT_TRUE(Reach(kOut, kPort) && Reach(kPort, kOut));
  if (!filters) feature.Seen("no, promiscuous");
}

// As many as a port may have: more than any of these NICs has room for in its list.
TEST(Nic, MoreAddressesThanItsListHoldsArriveAllTheSame) {
  Topology t({.xdp = "auto", .ports = 1});
  const auto address = [](uint8_t i) { return Mac{2, 0, 0, 0, 7, i}; };
  std::ofstream batch("/run/addresses");
  for (uint8_t i = 0; i < XSW_MAX_EXTRA_MACS; i++)
    batch << "fdb add up0 " << Text(address(i)) << " port up0/1\n";
  batch.close();
  t.XswOk("-b /run/addresses");
  const PacketSocket wire(kOutside, kContainerDev, kTestType), port("c1", kContainerDev, kTestType);
  for (uint8_t i = 0; i < XSW_MAX_EXTRA_MACS; i++) {
    const Bytes frame = Numbered(Eth{address(i), kOutsideMac} / Payload(60), i);
    wire.Send(frame);
    EXPECT_TRUE(Gets(port, frame)) << Text(address(i));
  }
}

// With a filter of xdp-tools there before.
TEST(Nic, XdpSharedRunsBesideAFilterOrIsRefusedWithTheReason) {
  Feature feature("xdp shared");
  Topology t({.eswitch = false});
  if (DriverHasXdp()) MustRun("xdp-filter load up0");
  const Result result = t.Xsw("eswitch add up0 xdp shared");
  EXPECT_EQ(result.status == 0, DriverHasXdp()) << result.err;
  if (result.status) {
    EXPECT_NE(result.err.find("no native XDP"), std::string::npos) << result.err;
    feature.Seen("no: tc");
    return;
  }
  t.AddPort(1);
  t.ConfigureFunction(1);
  EXPECT_TRUE(Reach(kOut, kPort) && Reach(kPort, kOut));
  const std::string programs = MustRun("xdp-loader status up0");
  for (const char* program : {"xdpfilt", "xsw_uplink_xdp"})
    EXPECT_NE(programs.find(program), std::string::npos) << programs;
  t.XswOk("eswitch del up0");
  MustRun("xdp-loader unload up0 --all");
}

int ReceiveQueues() {
  const std::string channels = RunCommand({"ethtool", "-l", "up0"}).out;
  const size_t at = channels.rfind("Combined:");  // the current number comes after the possible one
  return at == std::string::npos ? 1 : std::max(1, std::atoi(channels.c_str() + at + 9));
}
// Those that have had a frame.
int BusyQueues() {
  const std::string stats = MustRun("ethtool -S up0");
  // 6.12 has no others of virtio-net there.
  const std::regex busy("rx(_queue_)?[0-9]+_(xdp_)?packets: [1-9]");
  return static_cast<int>(std::distance(std::sregex_iterator(stats.begin(), stats.end(), busy),
                                        std::sregex_iterator()));
}

TEST(Nic, FlowsOfEachReceiveQueueArrive) {
  Feature feature("receive queues");
  Topology t({.xdp = "auto", .ports = 1, .any_cpu = true});
  // A flow each: its hash, or what it has been answered from, chooses the queue. igb's hash has the
  // ports of TCP in it, not those of UDP.
  for (int flow = 0; flow < 16; flow++) {
    TcpStream stream(kOut, kPort);
    EXPECT_TRUE(stream.connected() && stream.Transfer(1000, 60000));
  }
  EXPECT_EQ(std::to_string(ReceiveQueues()), std::getenv("XSW_NIC_QUEUES"));
  // QEMU's vmxnet3 gives all to the first.
  EXPECT_TRUE(ReceiveQueues() == 1 || BusyQueues() > 1 || NicDriver() == "vmxnet3")
      << MustRun("ethtool -S up0");
  feature.Seen(std::to_string(ReceiveQueues()));
}

class NicSettings : public testing::TestWithParam<const char*> {};

// Bulk with the default offloads, both ways and for the host too.
TEST_P(NicSettings, TcpAndUdpArriveIntactEachWay) {
  Feature feature(std::string("netdev ports, ") + GetParam());
  Topology t({.xdp = GetParam(), .ports = 1});
  for (const auto& [from, to] :
       {std::pair(kOut, kPort), {kPort, kOut}, {kOut, kHostEnd}, {kPort, kHostEnd}})
    ExpectTcpAndUdp(from, to);
  for (const char* netns : {"", "c1", kOutside}) EXPECT_EQ(ChecksumErrors(netns), 0u) << netns;
}

// Neighbour discovery is multicast, to groups that only the container has joined.
TEST_P(NicSettings, NeighbourDiscoveryReachesAPort) {
  Feature feature("multicast");
  Topology t({.xdp = GetParam(), .ports = 1, .ipv6 = true});
  EXPECT_TRUE(Reach({kOutside, kOutsideIp6}, {"c1", Ip6Of(1)}));
}

// With tag stripping and VLAN filter as they come.
TEST_P(NicSettings, APortsVlanComesThroughTheNicsFilterAndBack) {
  Feature feature("VLANs");
  Topology t({.xdp = GetParam(), .ports = 1});
  t.XswOk("port function set up0/1 vlan 10");
  const PacketSocket wire(kOutside, kContainerDev, ETH_P_ALL), port("c1", kContainerDev, kTestType);
  const Bytes in = Numbered(Eth{kMac1, kOutsideMac} / Vlan{.id = 10} / Payload(60), 1),
              untagged = Numbered(Eth{kMac1, kOutsideMac} / Payload(60), 1),
              foreign = Numbered(Eth{kMac1, kOutsideMac} / Vlan{.id = 11} / Payload(60), 2),
              out = Numbered(Eth{kOutsideMac, kMac1} / Payload(60), 3),
              tagged = Numbered(Eth{kOutsideMac, kMac1} / Vlan{.id = 10} / Payload(60), 3);
  wire.Send(foreign);
  wire.Send(in);
  std::optional<Received> first = port.Receive(10000);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->frame, untagged);
  port.Send(out);
  EXPECT_TRUE(Gets(wire, tagged, 10000));
  const bool filters = Features().find("rx-vlan-filter: on") != std::string::npos;
  const Json show = ShowEswitch(t);
  EXPECT_EQ(show["promisc"], filters);
  EXPECT_EQ(show.value("note", "").find("promiscuous: ") != std::string::npos, filters) << show;
  if (filters) feature.Seen("yes, promiscuous");
}

TEST_P(NicSettings, AQueueBlockSendsToTheWireAndReceives) {
  Feature feature(std::string("queue blocks, ") + GetParam());
  QueueLab lab({.xdp = GetParam(), .ports = 1});
  lab.AddBlock(2, "queues 2");
  Application app("up0/2", 2);
  const PacketSocket wire(kOutside, kContainerDev, kTestType);
  ExpectTraffic(wire, app, kMac2);
  const Bytes group = Numbered(Eth{kBroadcast, kOutsideMac} / Payload(60), 7);
  wire.Send(group);
  EXPECT_TRUE(app.Gets(group));
}

INSTANTIATE_TEST_SUITE_P(, NicSettings, testing::Values("off", "auto"), XdpName);

// At MTU 9000 most drivers refuse XDP: tc does the work, and show says so.
TEST(Nic, JumboFramesPassWithXdpOrWithoutItAndShowSaysWhich) {
  Feature feature("MTU 9000");
  Topology t({.xdp = "auto", .ports = 1, .mtu = 9000});
  const auto state = [&] {
    return t.XswOk("-s port show up0/1") + MustRun("ethtool -S up0") +
           MustRun("ip -s -s link show up0");
  };
  // virtio_net drops, and counts as its own, long frames that come to the 256 buffers which it had
  // ready before XDP came.
  EXPECT_EQ(UdpExchange(kOut, kPort, std::vector<size_t>(300, 100)), 300);
  EXPECT_EQ(UdpExchange(kOut, kPort, {1400, 8000, 8972}), 3) << state();
  EXPECT_EQ(UdpExchange(kPort, kOut, {1400, 8000, 8972}), 3) << state();
  const Json show = ShowEswitch(t);
  const bool attached = show["xdp_attached"];
  EXPECT_NE(attached, show.value("note", "").find("no native XDP") != std::string::npos) << show;
  const Result on = t.Xsw("eswitch set up0 xdp on");
  EXPECT_EQ(on.status == 0, attached) << on.err;
  EXPECT_EQ(on.err.find("say xdp off, tc does the same") != std::string::npos, !attached) << on.err;
  feature.Seen(show["xdp_attached"] ? "XDP" : "tc");
}

}  // namespace
}  // namespace xsw::test
