// SPDX-License-Identifier: Apache-2.0
// The document of `xsw save` and `xsw apply`, without any eswitch.
#include "switchdev_model/configuration/document.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

// As `save` writes it: everything that there is to say, once.
constexpr char kAll[] = R"({
    "eswitch": {
        "eth0": {
            "mode": "switchdev",
            "xdp": "on",
            "rx_path": "xdp",
            "host": false,
            "miss": "drop",
            "ports": [
                {
                    "sfnum": 1
                },
                {
                    "sfnum": 7,
                    "hw_addr": "02:00:00:00:00:07",
                    "netns": "c7",
                    "ifname": "lan0",
                    "state": "active",
                    "mtu": 1400,
                    "vlans": "10,20-22,30",
                    "pvid": 30,
                    "qos": 5,
                    "spoofchk": false,
                    "trust": true,
                    "promisc": true,
                    "allmulti": true,
                    "isolated": true,
                    "link": "disable",
                    "tx_max": "1500mbit",
                    "rx_max": "9223372036854775808bit",
                    "burst": "1m"
                },
                {
                    "sfnum": 88,
                    "class": "queues",
                    "queues": 4,
                    "program": "none",
                    "netns": null,
                    "owner": "root:4294967294",
                    "memory_max": "65537b",
                    "vlan": 9,
                    "qos": 1
                },
                {
                    "sfnum": 4294967295,
                    "vlans": "1"
                }
            ],
            "fdb": [
                {
                    "mac": "02:00:00:00:0a:01",
                    "port": "host"
                },
                {
                    "mac": "02:00:00:00:0a:02",
                    "port": 7,
                    "vlan": 10
                }
            ],
            "mdb": [
                {
                    "group": "01:00:5e:01:02:03",
                    "port": 1
                }
            ]
        },
        "eth1": {}
    }
})";

TEST(Document, ReadAndWrittenAgainIsTheSameText) {
  absl::StatusOr<Document> document = ParseDocument(kAll);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(FormatDocument(document->configuration), kAll);
  EXPECT_EQ(document->places.at({"eth0", 88}), "/eswitch/eth0/ports/2");
}

TEST(Document, WhatIsLeftOutIsAsItIsByDefault) {
  absl::StatusOr<Document> short_form =
      ParseDocument(R"({"eswitch": {"eth0": {"ports": [{"sfnum": 3}]}}})");
  absl::StatusOr<Document> long_form = ParseDocument(R"({"eswitch": {"eth0": {
      "mode": "legacy", "xdp": "auto", "rx_path": "auto", "host": true, "miss": "auto",
      "ports": [{"sfnum": 3, "class": "netdev", "netns": "", "state": "inactive", "mtu": 0, "qos": 0,
                 "spoofchk": true, "trust": false, "promisc": false, "allmulti": false,
                 "isolated": false, "link": "enable", "tx_max": 0, "rx_max": "0", "burst": "0b"}],
      "fdb": [], "mdb": []}}})");
  ASSERT_TRUE(short_form.ok() && long_form.ok()) << short_form.status() << long_form.status();
  EXPECT_EQ(short_form->configuration, long_form->configuration);
}

TEST(Document, OrderUnitsCommentsAndGroupsByIpMakeNoDifference) {
  absl::StatusOr<Document> mixed = ParseDocument(R"(
      // the second floor
      {"$schema": "configuration.schema.json",
       "eswitch": {"eth0": {
           "mdb": [{"port": 1, "group": "239.1.2.3", "vlan": 10}, /* not yet */
                   {"group": "ff05::1:3", "port": 2}],
           "fdb": [{"port": 1, "mac": "02:00:00:00:0A:01"}],
           "ports": [{"tx_max": "1.5gbit", "sfnum": 2},
                     {"sfnum": 1, "vlan": 10, "rx_max": 12345, "burst": 65536}]}}})");
  ASSERT_TRUE(mixed.ok()) << mixed.status();
  EXPECT_EQ(
      FormatDocument(mixed->configuration, -1),
      R"({"eswitch":{"eth0":{"ports":[{"sfnum":1,"vlan":10,"rx_max":"12345bit","burst":"64k"},)"
      R"({"sfnum":2,"tx_max":"1500mbit"}],)"
      R"("fdb":[{"mac":"02:00:00:00:0a:01","port":1,"vlan":10}],)"
      R"("mdb":[{"group":"01:00:5e:01:02:03","port":1,"vlan":10},)"
      R"({"group":"33:33:00:01:00:03","port":2}]}}})");
}

struct BadRow {
  const char *text, *error;
};

class BadDocument : public testing::TestWithParam<BadRow> {};

TEST_P(BadDocument, IsRefusedWithItsPlace) {
  absl::StatusOr<Document> document = ParseDocument(GetParam().text);
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.status().message(), GetParam().error);
}

#define ESWITCH(inside) R"({"eswitch": {"eth0": {)" inside "}}}"
#define PORT(inside) ESWITCH(R"("ports": [{"sfnum": 1}, {"sfnum": 2, )" inside "}]")
#define AT_PORT "/eswitch/eth0/ports/1"

constexpr BadRow kDocuments[] = {
    {"{",
     "parse error at line 1, column 2: syntax error while parsing object key - unexpected end "
     "of input; expected string literal"},
    {"[]", "the document: is array, not an object"},
    {"{}", "the document: eswitch is missing"},
    {R"({"eswitches": {}})", "/eswitches: unknown key"},
    {R"({"eswitch": []})", "/eswitch: is array, not an object"},
    {R"({"eswitch": {"a/b~": 1}})", "/eswitch/a~1b~0: is number, not an object"},
    {R"({"eswitch": {"eth0": {}, "eth0": {}}})", "/eswitch/eth0: comes twice"},
    {ESWITCH(R"("mode": "bridge")"),
     "/eswitch/eth0/mode: mode \"bridge\" is not one of legacy, switchdev, switchdev_inactive"},
    {ESWITCH(R"("host": "on")"), "/eswitch/eth0/host: is string, not true or false"},
    {ESWITCH(R"("modus": "legacy")"), "/eswitch/eth0/modus: unknown key"},
    {ESWITCH(R"("ports": {})"), "/eswitch/eth0/ports: is object, not a list"},
    {ESWITCH(R"("ports": [{}])"), "/eswitch/eth0/ports/0: sfnum is missing"},
    {ESWITCH(R"("ports": [{"sfnum": 1}, {"sfnum": 1}])"),
     "/eswitch/eth0/ports/1/sfnum: sfnum 1 is that of /eswitch/eth0/ports/0 too"},
};
INSTANTIATE_TEST_SUITE_P(Documents, BadDocument, testing::ValuesIn(kDocuments));

constexpr BadRow kPorts[] = {
    {PORT(R"("mtu": 1400, "mtu": 1500)"), AT_PORT "/mtu: comes twice"},
    {PORT(R"("mtu": "1400")"), AT_PORT "/mtu: is string, not a number"},
    {PORT(R"("mtu": 67)"), AT_PORT "/mtu: mtu 67 is not within 68 to 65535"},
    {PORT(R"("mtu": 1400.5)"), AT_PORT "/mtu: 1400.5 is not a whole number from 0 to 4294967295"},
    {PORT(R"("mtu": -1)"), AT_PORT "/mtu: -1 is not a whole number from 0 to 4294967295"},
    {PORT(R"("index": 3)"), AT_PORT "/index: unknown key"},
    {PORT(R"("hw_addr": "02:00")"), AT_PORT "/hw_addr: \"02:00\" is not a MAC address"},
    {PORT(R"("hw_addr": "01:00:00:00:00:01")"),
     AT_PORT "/hw_addr: hw_addr 01:00:00:00:00:01 is multicast"},
    {PORT(R"("netns": "pid:1")"), AT_PORT "/netns: \"pid:1\" is a process's number, not a name"},
    {PORT(R"("netns": "1")"), AT_PORT "/netns: \"1\" is a process's number, not a name"},
    {PORT(R"("netns": null, "state": "active")"), AT_PORT "/state: goes with the name of a netns"},
    {PORT(R"("ifname": "a name")"),
     AT_PORT "/ifname: ifname \"a name\" is not a netdev name of 1 to 15 characters"},
    {PORT(R"("state": "on")"), AT_PORT "/state: state \"on\" is neither active nor inactive"},
    {PORT(R"("class": "queues", "queues": 65)"),
     AT_PORT "/queues: queues 65 is not within 1 to 64"},
    {PORT(R"("queues": 2)"),
     AT_PORT ": queues, program, owner and memory_max are for class queues"},
    {PORT(R"("class": "queues", "owner": "nobody:nogroup:")"),
     AT_PORT "/owner: owner: no group \"nogroup:\""},
    {PORT(R"("class": "queues", "memory_max": "1k")"),
     AT_PORT "/memory_max: memory_max 1024 is below 65536 bytes, the least that a queue has"},
    {PORT(R"("vlan": 4095)"), AT_PORT "/vlan: vlan 4095 is not within 1 to 4094"},
    {PORT(R"("pvid": 0)"), AT_PORT "/pvid: pvid 0 is not within 1 to 4094"},
    {PORT(R"("vlan": 7, "qos": 8)"), AT_PORT "/qos: qos 8 is not within 0 to 7"},
    {PORT(R"("vlans": "7-3")"),
     AT_PORT "/vlans: vlans \"7-3\" is not a list of VLANs 1 to 4094 such as 10,20-30"},
    {PORT(R"("vlan": 7, "vlans": "7")"),
     AT_PORT ": vlan makes an access port, vlans and pvid a trunk: not both"},
    {PORT(R"("pvid": 7)"),
     AT_PORT ": pvid is for a trunk: say vlans too (vlan makes an access port)"},
    {PORT(R"("promisc": true)"), AT_PORT ": promisc on needs trust on"},
    {PORT(R"("tx_max": "fast")"),
     AT_PORT "/tx_max: rate \"fast\" is not a number with a unit (kbit, mbit, ...)"},
    {PORT(R"("tx_max": 100)"),
     AT_PORT "/tx_max: tx_max 100 is below one frame a second (656 bit/s)"},
    {PORT(R"("rx_max": 9223372036854775809)"),
     AT_PORT "/rx_max: rx_max 9223372036854775809 is above 2^63 bit/s"},
    {PORT(R"("burst": "1b")"), AT_PORT "/burst: burst 1 is below one frame (82 bytes)"},
    {PORT(R"("link": false)"), AT_PORT "/link: is boolean, not a string"},
};
INSTANTIATE_TEST_SUITE_P(Ports, BadDocument, testing::ValuesIn(kPorts));

#define MAC3 R"("mac": "02:00:00:00:00:03")"
#define ENTRY(list, inside)                                                        \
  ESWITCH(R"("ports": [{"sfnum": 1, "vlan": 7, "hw_addr": "02:00:00:00:00:01"}, )" \
          R"({"sfnum": 2, "vlans": "8-9"}], ")" list R"(": [)" inside "]")

constexpr BadRow kEntries[] = {
    {ENTRY("fdb", R"({"port": 1})"), "/eswitch/eth0/fdb/0: mac is missing"},
    {ENTRY("fdb", "{" MAC3 "}"), "/eswitch/eth0/fdb/0: port is missing"},
    {ENTRY("fdb", "{" MAC3 R"(, "port": "eth0/1"})"),
     "/eswitch/eth0/fdb/0/port: \"eth0/1\" is neither a port's sfnum nor \"host\""},
    {ENTRY("fdb", "{" MAC3 R"(, "port": 3})"),
     "/eswitch/eth0/fdb/0/port: no port of this eswitch has sfnum 3 here"},
    {ENTRY("fdb", "{" MAC3 R"(, "port": 1, "vlan": 8})"),
     "/eswitch/eth0/fdb/0: its port does not carry VLAN 8"},
    {ENTRY("fdb", "{" MAC3 R"(, "port": 2})"),
     "/eswitch/eth0/fdb/0: its port is a trunk without pvid, say in which vlan"},
    {ENTRY("fdb", "{" MAC3 R"(, "port": 1}, {)" MAC3 R"(, "port": "host", "vlan": 7})"),
     "/eswitch/eth0/fdb/1: address 02:00:00:00:00:03 vlan 7 is that of /eswitch/eth0/fdb/0 too"},
    {ENTRY("fdb", R"({"mac": "02:00:00:00:00:01", "port": 1})"),
     "/eswitch/eth0/fdb/0: address 02:00:00:00:00:01 vlan 7 is that of "
     "/eswitch/eth0/ports/0/hw_addr too"},
    {ENTRY("mdb", R"({"group": "02:00:00:00:00:01", "port": 1})"),
     "/eswitch/eth0/mdb/0/group: 02:00:00:00:00:01: is not a multicast address that a switch "
     "forwards"},
    {ENTRY("mdb", R"({"group": "224.0.0.1", "port": 1})"),
     "/eswitch/eth0/mdb/0/group: group 224.0.0.1: every node hears it, nobody joins it"},
    {ENTRY("mdb", R"({"group": "239.1.1.1", "port": "host"})"),
     "/eswitch/eth0/mdb/0/port: the uplink and the host get every group"},
    {ENTRY("mdb", R"({"group": "239.1.1.1", "port": 1}, {"group": "239.1.1.1", "port": 1})"),
     "/eswitch/eth0/mdb/1: comes twice"},
};
INSTANTIATE_TEST_SUITE_P(Entries, BadDocument, testing::ValuesIn(kEntries));

}  // namespace
}  // namespace xsw
