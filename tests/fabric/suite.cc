// SPDX-License-Identifier: Apache-2.0
#include "tests/fabric/suite.h"

#include <memory>

namespace xsw::test {
namespace {

constexpr int kSoonMs = 15000;
std::unique_ptr<Fabric> fabric;

}  // namespace

void FabricSuite::SetUpTestSuite() {
  fabric = std::make_unique<Fabric>(3);
  for (int host = 1; host <= 3; host++) fabric->AddContainer(host, 1);
  fabric->AddContainer(1, 2);
  fabric->AddContainer(3, 2);
}

void FabricSuite::TearDownTestSuite() { fabric.reset(); }

void FabricSuite::SetUp() { ASSERT_TRUE(f().Converged()); }

Fabric& FabricSuite::f() { return *fabric; }

bool FabricSuite::Reaches(const Endpoint& from, const Endpoint& to) {
  return WaitFor([&] { return Ping(from, to); }, kSoonMs);
}

void FabricSuite::Announce(int host, int number) {
  FlushNeighbours(ContainerOf(host, number));
  EXPECT_TRUE(Reaches(In(host, number), {"", "172.16.0.1"}));
}

bool FabricSuite::KnowsIp(int host, int where, int number) {
  return Says(
      host, "vtysh -c 'show bgp l2vpn evpn'",
      "[2]:[0]:[48]:[" + Text(MacOf(where, number)) + "]:[32]:[" + In(where, number).ip + "]");
}

bool FabricSuite::Offloaded(int host, int port, int other) {
  const auto has_address = [](const Json& ports, int port) {
    const Json& it = ports["eth0/" + std::to_string(port)];
    return it["offload"] == true && it["addresses"] == 1;
  };
  return WaitFor([&] {
           const Json ports = Json::parse(f().Run(host, "xsw -j bridge show"))["bridge"];
           return has_address(ports, port) && has_address(ports, other);
         }) &&
         Ping(In(host, port), In(host, other));
}

uint64_t FabricSuite::RisenOf(int host, int port, const std::function<void()>& traffic) {
  const auto risen = [&] {
    return f().ShowPort(host, port)["statistics"]["slow_path"]["rx"]["frames"].get<uint64_t>();
  };
  const uint64_t before = risen();
  traffic();
  return risen() - before;
}

bool FabricSuite::Says(int host, const std::string& command, const std::string& part) {
  return WaitFor([&] { return f().Run(host, command).find(part) != std::string::npos; }, kSoonMs);
}

}  // namespace xsw::test
