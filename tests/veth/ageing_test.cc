// SPDX-License-Identifier: Apache-2.0
// xsw-bridge: what goes past a bridge keeps the bridge's addresses as young as it would have.
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cstring>

#include "tests/veth/offloaded.h"
#include "userspace/netlink.h"

namespace xsw::test {
namespace {

// Makes a static entry whose activity is watched; Debian's iproute2 does not know the word.
void Watch(const Mac& mac, const std::string& port) {
  absl::StatusOr<Netlink> nl = Netlink::Open();
  ASSERT_TRUE(nl.ok()) << nl.status();
  const NlMsg msg = NewMessage(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE,
                               ndmsg{.ndm_family = AF_BRIDGE,
                                     .ndm_ifindex = static_cast<int>(if_nametoindex(port.c_str())),
                                     .ndm_state = NUD_NOARP,
                                     .ndm_flags = NTF_MASTER});
  nla_put(msg.get(), NDA_LLADDR, mac.size(), mac.data());
  nlattr* watched = nla_nest_start(msg.get(), NDA_FDB_EXT_ATTRS);
  nla_put_u8(msg.get(), NFEA_ACTIVITY_NOTIFY, FDB_NOTIFY_BIT);
  nla_nest_end(msg.get(), watched);
  const absl::Status made = nl->Send(msg, "watch " + port);
  ASSERT_TRUE(made.ok()) << made;
}

bool IsSaidToBeInactive(const Mac& mac) {
  bool is = false;
  absl::StatusOr<Netlink> nl = Netlink::Open();
  if (!nl.ok()) return false;
  const absl::Status read =
      nl->Send(NewMessage(RTM_GETNEIGH, NLM_F_DUMP, ndmsg{.ndm_family = AF_BRIDGE}),
               "list addresses", [&](nlmsghdr* header) {
                 nlattr *tb[NDA_MAX + 1] = {}, *watched[NFEA_MAX + 1] = {};
                 nlmsg_parse(header, sizeof(ndmsg), tb, NDA_MAX, nullptr);
                 if (!tb[NDA_LLADDR] || !tb[NDA_FDB_EXT_ATTRS] ||
                     std::memcmp(nla_data(tb[NDA_LLADDR]), mac.data(), mac.size()))
                   return;
                 nla_parse_nested(watched, NFEA_MAX, tb[NDA_FDB_EXT_ATTRS], nullptr);
                 is = watched[NFEA_ACTIVITY_NOTIFY] &&
                      (nla_get_u8(watched[NFEA_ACTIVITY_NOTIFY]) & FDB_NOTIFY_INACTIVE_BIT);
               });
  EXPECT_TRUE(read.ok()) << read;
  return is;
}

// The bridge sees no frame of them but those that rise.
class Ageing : public Offloaded {
 protected:
  // Port 1 sends past the bridge.
  void Begin() {
    Learn();
    Ip("c1", "neigh replace " + IpOf(2) + " lladdr " + Text(kMac2) + " dev eth0 nud permanent\n");
  }
  static std::string Known() { return MustRun("bridge -d fdb show br br0"); }
  static bool Knows(const Mac& mac) {
    return Known().find(Text(mac) + " dev up0sf") != std::string::npos;
  }
  // Seconds since the bridge has seen a frame of it: "used 7/3" is 3.
  static int AgeOf(const Mac& mac) {
    const std::string known = MustRun("bridge -s fdb show br br0");
    const size_t entry = known.find(Text(mac) + " dev up0sf");
    const size_t used = known.find("used ", entry);
    const size_t slash = known.find('/', used);
    return entry == std::string::npos ? -1 : std::stoi(known.substr(slash + 1));
  }
  // Frames of port 1 go on for so long, or until `happened`.
  static bool Sending(int ms, const std::function<bool()>& happened) {
    Probe probe;
    return WaitFor(
        [&] {
          probe.Send();
          return happened();
        },
        ms);
  }
};

TEST_F(Ageing, AnAddressInUseDoesNotAgeAndASilentOneDoes) {
  MustRun("ip link set br0 type bridge ageing_time 300");
  Begin();
  EXPECT_FALSE(Sending(9000, [] { return !Knows(kMac1); }));
  EXPECT_TRUE(WaitFor([] { return !Knows(kMac2); }));
}

// For 8 s the bridge forgets after its forward delay, 2 s, and not after 300 s.
TEST_F(Ageing, AnAddressInUseIsYoungEnoughForAChangeOfTheTopology) {
  MustRun("ip link add spare type veth peer spare_end");
  MustRun("ip link set spare_end up");
  MustRun("ip link set br0 type bridge stp_state 1 forward_delay 200 max_age 600 hello_time 100");
  const auto changing = [] {
    return MustRun("ip -d link show br0").find("topology_change 1") != std::string::npos;
  };
  Begin();
  MustRun("ip link set spare master br0 up");
  // Once the spanning tree opens it. Until then few of port 1's frames have risen.
  ASSERT_TRUE(Sending(20000, [] { return AgeOf(kMac1) >= 3; }));
  ASSERT_TRUE(Sending(20000, changing));
  ASSERT_TRUE(Sending(2000, [] { return AgeOf(kMac1) <= 1; }));
  EXPECT_FALSE(Sending(5000, [] { return AgeOf(kMac1) > 1; })) << Known();
  EXPECT_GT(AgeOf(kMac2), 3);
}

TEST_F(Ageing, AStaticAddressInUseIsNotSaidToBeInactive) {
  MustRun("ip link set br0 type bridge ageing_time 300");
  Begin();
  Watch(kMac1, "up0sf1");
  Watch(kMac2, "up0sf2");
  EXPECT_FALSE(Sending(9000, [] { return IsSaidToBeInactive(kMac1); }));
  EXPECT_TRUE(WaitFor([] { return IsSaidToBeInactive(kMac2); })) << Known();
}

}  // namespace
}  // namespace xsw::test
