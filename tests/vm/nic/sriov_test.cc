// SPDX-License-Identifier: Apache-2.0
// A NIC whose hardware has functions of its own: the eswitch is on the physical one, beside its
// VFs.
//
//    out ==wire== up0 (PF)   up0sf1 === c1
//                 VF 0 === "vf"
#include <filesystem>

#include "tests/vm/nic/matrix.h"
#include "tests/vm/nic/nic.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

// The NIC's directory in /sys.
fs::path Device() {
  const std::string info = MustRun("ethtool -i up0");
  const size_t start = info.find("bus-info: ") + 10;
  return fs::path("/sys/bus/pci/devices") / info.substr(start, info.find('\n', start) - start);
}
bool HasVfs() { return NicDriver() == "igb"; }

// The netdev that the VF's driver makes, in the namespace "vf".
void TakeVf() {
  const fs::path net = Device() / "virtfn0/net";
  ASSERT_TRUE(WaitFor([&] { return fs::exists(net) && !fs::is_empty(net); }, 20000));
  const std::string name = fs::directory_iterator(net)->path().filename();
  MustRun("nsenter --net=/proc/1/ns/net ip link set " + name + " netns /run/netns/vf");
  Ip("vf", "link set " + name + " name eth0 address " + Text(MacOf(8)) +
               "\nlink set eth0 up\naddr add " + IpOf(8) + "/24 dev eth0\n");
}

class Sriov : public testing::TestWithParam<const char*> {
 protected:
  Sriov() : t_({.eswitch = false}) { t_.sandbox().AddNetns("vf"); }
  ~Sriov() override {
    if (HasVfs()) WriteFile(Device() / "sriov_numvfs", "0");
  }
  void MakeVfs() {
    MustRun("modprobe igbvf");
    WriteFile(Device() / "sriov_numvfs", "2");
    TakeVf();
    WaitForWire();
  }
  void MakeEswitch() {
    t_.XswOk(std::string("eswitch add up0 xdp ") + GetParam());
    WaitForWire();
    t_.AddPort(1);
    t_.ConfigureFunction(1);
  }
  // Nobody is cut off by the other.
  void ExpectAllReachTheWire() {
    const Endpoint vf = {"vf", IpOf(8)};
    EXPECT_TRUE(Reach(kOut, kPort) && Reach(kPort, kOut));
    EXPECT_TRUE(Reach(kOut, kHostEnd));
    EXPECT_TRUE(Reach(kOut, vf) && Reach(vf, kOut));
    ExpectTcpAndUdp(kOut, kPort);
    ExpectTcpAndUdp(kPort, kOut);
  }
  Topology t_;
};

TEST_P(Sriov, TheEswitchComesToANicThatHasVfs) {
  Feature feature("beside VFs");
  if (!HasVfs()) {
    EXPECT_FALSE(fs::exists(Device() / "sriov_totalvfs"));
    feature.Seen("no VFs");
    return;
  }
  MakeVfs();
  MakeEswitch();
  EXPECT_EQ(ShowEswitch(t_)["xdp_attached"], std::string(GetParam()) == "auto");
  ExpectAllReachTheWire();
}

TEST_P(Sriov, VfsComeToANicThatHasAnEswitch) {
  if (!HasVfs()) return;
  MakeEswitch();
  MakeVfs();
  ExpectAllReachTheWire();
}

INSTANTIATE_TEST_SUITE_P(, Sriov, testing::Values("off", "auto"), XdpName);

}  // namespace
}  // namespace xsw::test
