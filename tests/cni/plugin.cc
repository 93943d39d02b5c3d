// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/plugin.h"

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

constexpr char kAddresses[] = "/run/addresses";

void Write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  Must(file.good(), "write " + path);
}

}  // namespace

Plugin::Plugin(bool eswitch, bool ipv6) : t({.eswitch = eswitch, .ports = 0, .ipv6 = ipv6}) {
  t.sandbox().AddNetns(kPod);
  Must(mkdir(kPlugins, 0700) == 0, "make a directory for plugins");
  Must(symlink(XSW_CNI_BINARY, (std::string(kPlugins) + "/xsw").c_str()) == 0, "link xsw-cni");
}

Json Plugin::Network(const Json& more) {
  Json network = {{"cniVersion", "1.1.0"},
                  {"name", "net1"},
                  {"type", "xsw"},
                  {"master", kUplink},
                  {"bpffs", kTestBpffs}};
  if (!more.is_null()) network.update(more);
  return network;
}

Json Plugin::NetworkWithIpam(const Json& more) {
  Json network =
      Network({{"ipam",
                {{"type", "host-local"},
                 {"dataDir", kAddresses},
                 {"ranges", {{{{"subnet", "10.9.0.0/24"}, {"rangeStart", "10.9.0.50"}}}}},
                 {"routes", {{{"dst", "0.0.0.0/0"}}}}}}});
  if (!more.is_null()) network.update(more);
  return network;
}

Argv Plugin::Words(const std::string& command, const Variables& variables,
                   const std::string& input) {
  Variables all = {{"CNI_COMMAND", command},
                   {"CNI_CONTAINERID", "c1"},
                   {"CNI_NETNS", PathOf(kPod)},
                   {"CNI_IFNAME", "eth0"},
                   {"CNI_PATH", std::string(kPlugins) + ":/usr/lib/cni"}};
  for (const auto& [name, value] : variables) all[name] = value;
  const std::string file = "/run/input" + std::to_string(inputs_++);
  Write(file, input);
  Argv argv = {"env"};
  for (const auto& [name, value] : all)
    if (value != "-") argv.push_back(name + "=" + value);
  for (const char* word : {"sh", "-c", "exec \"$0\" call <\"$1\"", XSW_CNI_BINARY})
    argv.push_back(word);
  argv.push_back(file);
  return argv;
}

Result Plugin::Call(const std::string& command, const Variables& variables, const Json& network) {
  return RunCommand(Words(command, variables, network.dump()));
}

Json Plugin::Ok(const std::string& command, const Variables& variables, const Json& network) {
  const Result result = Call(command, variables, network);
  EXPECT_EQ(result.status, 0) << command << ": " << result.out << result.err;
  return result.out.empty() ? Json() : Answer(result);
}

std::map<std::string, Json> Plugin::Ports() {
  std::map<std::string, Json> ports;
  const Result shown = t.Xsw("-j -s port show up0");
  if (shown.status != 0) return ports;
  const Json all = Json::parse(shown.out)["port"];
  for (const auto& [handle, port] : all.items())
    if (port["flavour"] == "pcisf") ports[handle] = port;
  return ports;
}

Json Plugin::OnlyPort() {
  const auto ports = Ports();
  EXPECT_EQ(ports.size(), 1u);
  return ports.empty() ? Json() : ports.begin()->second;
}

int Plugin::AddressesGiven() {
  int count = 0;
  DIR* dir = opendir((std::string(kAddresses) + "/net1").c_str());
  if (!dir) return 0;
  // A file for each, by its name.
  while (const dirent* entry = readdir(dir)) count += std::string(entry->d_name).starts_with("10.");
  closedir(dir);
  return count;
}

void Plugin::MakePlugin(const std::string& name, const std::string& lines) {
  const std::string path = std::string(kPlugins) + "/" + name;
  Write(path, "#!/bin/sh\n" + lines + "\n");
  Must(chmod(path.c_str(), 0700) == 0, "make a plugin");
}

Json Answer(const Result& result) {
  const Json json = Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(json.is_discarded()) << result.out;
  return json.is_discarded() ? Json::object() : json;
}

}  // namespace xsw::test
