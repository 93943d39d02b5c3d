// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/reporters.h"

#include <gtest/gtest.h>

#include "tests/veth/packet.h"
#include "tests/veth/snapshot.h"

namespace xsw::test {

Json Reporter(const Topology& t, const std::string& name) {
  const Json health = Json::parse(t.XswOk("-j health show up0 reporter " + name))["health"]["up0"];
  EXPECT_EQ(health.size(), 1u) << health;
  EXPECT_EQ(health[0]["reporter"], name);
  return health[0];
}

std::string Brief(const Json& reporter) {
  return reporter["state"].get<std::string>() + " " + reporter["error"].dump() + "/" +
         reporter["recover"].dump();
}

std::string StateOf(const Topology& t, const std::string& name) {
  return Reporter(t, name)["state"];
}

void EndNamespace(Topology& t) {
  t.sandbox().DeleteNetns("c1");
  ASSERT_TRUE(WaitFor([] { return LinkOf("", "up0sf1").is_null(); }));
}

namespace {

void SendTo(int port, int frames) {
  const PacketSocket wire(kOutside, kContainerDev, kTestType);
  for (int i = 0; i < frames; i++) {
    const Frame frame = Eth{.dst = MacOf(port), .src = kOutsideMac} / Payload(46);
    ASSERT_TRUE(wire.Send(Numbered(frame, static_cast<uint32_t>(i))));
  }
}

}  // namespace

void Lose(const Topology& t, int port, int frames) {
  MustRun("ip -n " + ContainerName(port) + " link set eth0 down");
  SendTo(port, frames);
  ASSERT_TRUE(WaitFor([&] { return t.ShowPort(port)["statistics"]["lost_at_function"] >= frames; }))
      << t.ShowPort(port);
  MustRun("ip -n " + ContainerName(port) + " link set eth0 up");
}

}  // namespace xsw::test
