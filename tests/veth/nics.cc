// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/nics.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "tests/veth/command.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

// By place on the bus: names change.
std::vector<std::string> IdleNics() {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/net")) {
    std::error_code none;
    const auto driver = std::filesystem::read_symlink(entry.path() / "device/driver", none);
    if (none || driver.filename() != NicDriver()) continue;
    found.emplace_back(std::filesystem::canonical(entry.path() / "device").string(),
                       entry.path().filename().string());
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const auto& [device, name] : found) names.push_back(name);
  return names;
}

}  // namespace

std::string NicDriver() {
  const char* driver = std::getenv("XSW_NIC_DRIVER");
  return driver ? driver : "";
}

void TakeNics(const std::vector<NicPlace>& places) {
  const std::vector<std::string> nics = IdleNics();
  if (nics.size() < places.size()) Die("no two NICs of driver " + NicDriver());
  for (size_t i = 0; i < places.size(); i++) {
    const std::string lent = "lent" + std::to_string(i);
    MustRun("nsenter --net=/proc/1/ns/net ip link set " + nics[i] + " down");
    MustRun("nsenter --net=/proc/1/ns/net ip link set " + nics[i] + " name " + lent);
    const std::string here = "/proc/" + std::to_string(getpid()) + "/ns/net";
    const std::string to = places[i].netns.empty() ? here : "/run/netns/" + places[i].netns;
    MustRun("nsenter --net=/proc/1/ns/net ip link set " + lent + " netns " + to);
    InNetns in(places[i].netns);
    MustRun("ip link set " + lent + " name " + places[i].name);
  }
}

void ReturnNics(const std::vector<NicPlace>& places) {
  for (const NicPlace& place : places) {
    InNetns in(place.netns);
    MustRun("ip link set " + place.name + " promisc off allmulticast off down mtu 1500");
    MustRun("ip link set " + place.name + " netns 1");
  }
}

}  // namespace xsw::test
