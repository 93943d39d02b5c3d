// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/bridge.h"

#include <string>

#include "tests/veth/topology.h"

namespace xsw::test {

void MakeBridge(int ports) {
  std::string lines = "link add br0 address " + Text(kHostMac) +
                      " type bridge mcast_snooping 0\n"
                      "addr flush dev up0\naddr add 10.9.0.1/24 dev br0\nlink set br0 up\n"
                      "link set up0 master br0\n";
  for (int port = 1; port <= ports; port++)
    lines += "link set " + Representor(port) + " master br0\n";
  Ip("", lines);
  auto forwarding = [&] {
    const Json links = Json::parse(MustRun("bridge -j link show"), nullptr, false);
    int ready = 0;
    for (const Json& link : links) ready += link.value("state", "") == "forwarding";
    return ready == ports + 1;
  };
  if (!WaitFor(forwarding, 20000)) Die("the bridge does not forward");
}

Offload::Offload(const Topology& topology) : topology_(topology) {
  process_ = std::make_unique<Process>(Argv{XSW_BRIDGE_BINARY, "--bpffs", kTestBpffs});
}

Json Offload::Ports() const { return Json::parse(topology_.XswOk("-j bridge show"))["bridge"]; }

std::string Offload::Of(int port) const {
  const Json ports = Ports();
  const Json& it = ports.at(std::string(kUplink) + "/" + std::to_string(port));
  return it["offload"] == true ? "on" : it["reason"].get<std::string>();
}

int Offload::Addresses() const {
  int addresses = 0;
  for (const Json& port : Ports()) addresses += port["addresses"].get<int>();
  return addresses;
}

bool Offload::Covers(int ports, int addresses) const {
  return WaitFor([&] {
    bool on = Addresses() >= addresses;
    for (int port = 0; port <= ports; port++) on = on && Of(port) == "on";
    return on;
  });
}

}  // namespace xsw::test
