// SPDX-License-Identifier: Apache-2.0
#include "bench/memory.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "bench/command.h"
#include "bench/pin.h"
#include "userspace/status.h"

namespace xsw::bench {
namespace {

constexpr int kPorts = 8;

enum class What { kMaps, kPrograms };

struct Account {
  double bytes = 0;
  bool map = false;
};

// Of what is pinned there; links have no memory of their own.
Account AccountOf(const std::string& path) {
  Account account;
  const Fd pin(bpf_obj_get(path.c_str()));
  std::ifstream info(absl::StrCat("/proc/self/fdinfo/", pin.get()));
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("map_type:")) account.map = true;
    if (line.starts_with("memlock:")) account.bytes = std::stod(line.substr(8));
  }
  return account;
}

absl::StatusOr<Measured> Sum(const World& world, What what) {
  XSW_ASSIGN_OR_RETURN(std::string pins, PinsOf(world));
  double bytes = 0;
  std::error_code error;
  for (const auto& pin : std::filesystem::recursive_directory_iterator(pins, error)) {
    if (pin.is_directory() || pin.path().filename().string().starts_with("link_")) continue;
    const Account account = AccountOf(pin.path());
    if (account.map == (what == What::kMaps)) bytes += account.bytes;
  }
  if (error || bytes == 0) return absl::InternalError(absl::StrCat("no pins in ", pins));
  return Measured{.value = bytes / 1024};
}

// The difference that the last of many ports make.
absl::StatusOr<Measured> PerPort(const World& world, const std::string& port_class) {
  XSW_ASSIGN_OR_RETURN(Measured before, Sum(world, What::kMaps));
  for (int port = 1; port <= kPorts; port++)
    XSW_RETURN_IF_ERROR(
        Xsw(world.NetnsName(kHost), {"port", "add", "up0", "sfnum", absl::StrCat(port), "class",
                                     port_class, "state", "active"})
            .status());
  XSW_ASSIGN_OR_RETURN(Measured after, Sum(world, What::kMaps));
  for (int port = 1; port <= kPorts; port++)
    XSW_RETURN_IF_ERROR(
        Xsw(world.NetnsName(kHost), {"port", "del", absl::StrCat("up0/", port)}).status());
  return Measured{.value = (after.value - before.value) / kPorts};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Memory>> Memory::Make() {
  XSW_ASSIGN_OR_RETURN(World world, World::Make("memory"));
  XSW_RETURN_IF_ERROR(Xsw(world.NetnsName(kHost), {"eswitch", "add", "up0"}).status());
  return std::unique_ptr<Memory>(new Memory(std::move(world)));
}

Workload Memory::Accounted() const {
  return {
      .id = "memory",
      .title = "memory of maps and programs",
      .unit = "KiB",
      .rounds = 1,
      .seconds = 2,
      .baselines = {},
      .cells = {
          {"maps of an eswitch, for up to 4096 ports", [this] { return Sum(world_, What::kMaps); }},
          {"programs of an eswitch", [this] { return Sum(world_, What::kPrograms); }},
          {"more for a port of class netdev", [this] { return PerPort(world_, "netdev"); }},
          {"more for a port of class queues", [this] { return PerPort(world_, "queues"); }}}};
}

}  // namespace xsw::bench
