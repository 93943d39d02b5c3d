// SPDX-License-Identifier: Apache-2.0
#include "tests/vm/nic/nic.h"

namespace xsw::test {

Json ShowEswitch(const Topology& t) {
  return Json::parse(t.XswOk("-j eswitch show up0"))["eswitch"]["up0"];
}

bool Reach(const Endpoint& from, const Endpoint& to) {
  return WaitFor([&] { return Ping(from, to); }, 20000);
}

void ExpectTcpAndUdp(const Endpoint& from, const Endpoint& to) {
  TcpStream stream(from, to);
  ASSERT_TRUE(stream.connected()) << from.ip << " to " << to.ip;
  EXPECT_TRUE(stream.Transfer(1 << 20, 60000) && stream.intact()) << from.ip << " to " << to.ip;
  EXPECT_EQ(UdpExchange(from, to, {1, 512, 1472, 5000}), 4) << from.ip << " to " << to.ip;
}

void WaitForWire() {
  Topology::WaitForCarrier({kUplink});
  InNetns in(kOutside);
  Topology::WaitForCarrier({kContainerDev});
}

std::string XdpName(const testing::TestParamInfo<const char*>& info) {
  return std::string(info.param) == "off" ? "XdpOff" : "XdpAuto";
}

}  // namespace xsw::test
