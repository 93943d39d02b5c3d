// SPDX-License-Identifier: Apache-2.0
// xsw-cni: the examples of CNI's specification (SPEC.md 1.1.0, "Appendix: Examples"), where they
// are about the plugin that makes the interface.
#include <gtest/gtest.h>

#include "tests/cni/plugin.h"

namespace xsw::test {
namespace {

constexpr char kContainer[] = "cnitool-77383ca0a0715733ca6f";

const Json kInRange = {
    {{"subnet", "10.1.0.0/16"}, {"gateway", "10.1.0.1"}, {"rangeStart", "10.1.0.5"}}};

// "dbnet" with xsw in place of the bridge.
Json Dbnet() {
  Json network = Plugin::Network({{"name", "dbnet"}, {"dns", {{"nameservers", {"10.1.0.1"}}}}});
  network["ipam"] = {{"type", "host-local"},
                     {"dataDir", "/run/addresses"},
                     {"ranges", {kInRange}},
                     {"routes", {{{"dst", "0.0.0.0/0"}}}}};
  return network;
}

class Spec : public testing::Test {
 protected:
  Json Ok(const char* command, const Json& network) {
    return plugin_.Ok(command, {{"CNI_CONTAINERID", kContainer}}, network);
  }
  Plugin plugin_;
};

TEST_F(Spec, AnAttachmentIsAddedCheckedAndDeleted) {
  Json network = Dbnet();
  const Json result = Ok("ADD", network);
  EXPECT_EQ(result["ips"],
            (Json{{{"interface", 1}, {"address", "10.1.0.5/16"}, {"gateway", "10.1.0.1"}}}));
  EXPECT_EQ(result["routes"], (Json{{{"dst", "0.0.0.0/0"}}}));
  EXPECT_EQ(result["dns"], (Json{{"nameservers", {"10.1.0.1"}}}));
  // As the portmap that comes last in the chain returns it: a tuning has changed the address.
  network["prevResult"] = result;
  MustRun("ip -n pod1 link set eth0 address 00:11:22:33:44:66");
  network["prevResult"]["interfaces"][1]["mac"] = "00:11:22:33:44:66";
  Ok("CHECK", network);
  Ok("DEL", network);
  EXPECT_TRUE(plugin_.Ports().empty());
}

TEST_F(Spec, WhatIsNotValidIsCollected) {
  Json network = Dbnet();
  Ok("ADD", network);
  network["cni.dev/valid-attachments"] = {{{"containerID", kContainer}, {"ifname", "eth0"}}};
  Ok("GC", network);
  EXPECT_EQ(plugin_.Ports().size(), 1u);
  network["cni.dev/valid-attachments"] = {{{"containerID", kContainer}, {"ifname", "eth1"}}};
  Ok("GC", network);
  EXPECT_TRUE(plugin_.Ports().empty());
}

TEST_F(Spec, AnErrorHasItsThreeMembers) {
  const Result result = plugin_.Call("ADD", {}, {{"cniVersion", "0.1.0"}, {"name", "dbnet"}});
  EXPECT_EQ(Answer(result)["cniVersion"], "0.1.0");
  EXPECT_EQ(Answer(result)["code"], 1);
  EXPECT_FALSE(Answer(result)["msg"].get<std::string>().empty());
}

}  // namespace
}  // namespace xsw::test
