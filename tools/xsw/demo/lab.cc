// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/demo/lab.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/port.h"
#include "userspace/bpffs.h"
#include "userspace/netdev.h"
#include "userspace/netns.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr char kRunDir[] = "/run/xsw";
constexpr uint32_t kMtu = 1500;
constexpr uint8_t kPrefix = 24;
constexpr int kLoopback = 1;  // its ifindex in every namespace
constexpr int kUpMs = 2000;

enum { kOutside, kHost, kContainer1, kContainer2 };

DemoNodes Blank() {
  return {DemoNode{.name = "outside", .netns = "xsw-demo-out", .address = "10.0.0.9"},
          DemoNode{.name = "host", .netns = kDemoHost, .address = "10.0.0.1"},
          DemoNode{.name = "c1", .netns = "xsw-demo-c1", .address = "10.0.0.11"},
          DemoNode{.name = "c2", .netns = "xsw-demo-c2", .address = "10.0.0.12"}};
}

std::string PathOf(const DemoNode& node) { return absl::StrCat(kNetnsDir, "/", node.netns); }

// Off until all are up, else the first ones speak (MLD, neighbour discovery) to netdevs that are
// down, which the statistics would rightly call lost. Not everywhere may it be set, or is there.
void SetIpv6(const DemoNode& node, bool on) {
  InNetns(node.fd, [on]() -> absl::Status {
    const Fd file(open("/proc/sys/net/ipv6/conf/all/disable_ipv6", O_WRONLY | O_CLOEXEC));
    if (!file || write(file.get(), on ? "0" : "1", 1) < 0) return ErrnoStatus(errno, "IPv6");
    return absl::OkStatus();
  }).IgnoreError();
}

absl::Status MakeNamespace(DemoNode& node) {
  XSW_RETURN_IF_ERROR(MakeNetns(PathOf(node)));
  XSW_ASSIGN_OR_RETURN(node.fd, OpenNetns(node.netns));
  SetIpv6(node, false);
  return ChangeLinkIn(node.fd, kLoopback, {.up = true}, "set lo up");
}

absl::Status AddAddress(Netlink& nl, int ifindex, const DemoNode& node) {
  in_addr address = {};
  inet_pton(AF_INET, node.address.c_str(), &address);
  const uint32_t broadcast = address.s_addr | htonl(0xffffffffu >> kPrefix);
  NlMsg msg = NewMessage(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
                         ifaddrmsg{.ifa_family = AF_INET,
                                   .ifa_prefixlen = kPrefix,
                                   .ifa_index = static_cast<__u32>(ifindex)});
  nla_put(msg.get(), IFA_LOCAL, sizeof(address), &address);
  nla_put(msg.get(), IFA_ADDRESS, sizeof(address), &address);
  nla_put(msg.get(), IFA_BROADCAST, sizeof(broadcast), &broadcast);
  return nl.Send(msg, absl::StrCat("give ", node.name, " the address ", node.address));
}

absl::Status MakeWire(const DemoNodes& nodes) {
  return InNetns(nodes[kHost].fd, [&]() -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    const VethEnd uplink{.name = kDemoDev, .mac = {2, 0, 0, 0, 0, 1}};
    const VethEnd outside{
        .name = kDemoDev, .mac = {2, 0, 0, 0, 0, 9}, .netns = &nodes[kOutside].fd};
    return MakeVeth(nl, uplink, outside, kMtu);
  });
}

absl::Status MakeEswitch(const std::string& bpffs, const DemoNodes& nodes) {
  return InNetns(nodes[kHost].fd, [&]() -> absl::Status {
    XSW_RETURN_IF_ERROR(Eswitch::Add(bpffs, kDemoDev, {}));
    XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToWrite(bpffs, kDemoDev));
    for (int i : {kContainer1, kContainer2}) {
      PortSpec spec;
      spec.function.netns = nodes[i].netns;
      spec.function.ifname = kDemoDev;
      spec.function.active = true;
      XSW_RETURN_IF_ERROR(AddPort(eswitch, spec).status());
    }
    return absl::OkStatus();
  });
}

// IFF_RUNNING comes a moment after IFF_UP; what is sent before it is lost.
absl::Status WaitUntilRunning(Netlink& nl, const HeldSignals& signals) {
  for (int waited_ms = 0; waited_ms < kUpMs; waited_ms += 5) {
    XSW_RETURN_IF_ERROR(signals.Check());
    XSW_ASSIGN_OR_RETURN(std::vector<Link> links, DumpLinks(nl));
    bool running = true;
    for (const Link& link : links) running = running && (!link.up() || link.flags & IFF_RUNNING);
    if (running) return absl::OkStatus();
    usleep(5000);
  }
  return absl::DeadlineExceededError("demo: a netdev has no carrier");
}

absl::Status BringUp(DemoNode& node) {
  return InNetns(node.fd, [&]() -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    XSW_ASSIGN_OR_RETURN(Link link, GetLink(nl, std::string(kDemoDev)));
    node.mac = link.mac;
    XSW_RETURN_IF_ERROR(ChangeLink(nl, link.ifindex, {.up = true},
                                   absl::StrCat("set ", kDemoDev, " of ", node.name, " up")));
    return AddAddress(nl, link.ifindex, node);
  });
}

absl::Status AwaitCarrier(const DemoNode& node, const HeldSignals& signals) {
  return InNetns(node.fd, [&]() -> absl::Status {
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    return WaitUntilRunning(nl, signals);
  });
}

absl::Status RemoveEswitch(const std::string& bpffs, const Fd& host) {
  return InNetns(host, [&]() -> absl::Status {
    absl::Status status = Eswitch::Del(bpffs, kDemoDev);
    if (!status.ok() && !absl::IsNotFound(status)) return status;
    XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
    // The wire would outlive the names if a user's shell still holds both ends' namespaces.
    absl::StatusOr<Link> wire = GetLink(nl, std::string(kDemoDev));
    return wire.ok() ? DeleteLink(nl, wire->ifindex, "remove the wire") : absl::OkStatus();
  });
}

}  // namespace

absl::Status MakeNetnsDir() {
  if (mkdir(kNetnsDir, 0755) && errno != EEXIST)
    return ErrnoStatus(errno, absl::StrCat("create ", kNetnsDir));
  constexpr unsigned long kShare = MS_SHARED | MS_REC, kBind = MS_BIND | MS_REC;
  if (mount("", kNetnsDir, "none", kShare, nullptr) == 0) return absl::OkStatus();
  if (mount(kNetnsDir, kNetnsDir, "none", kBind, nullptr) ||
      mount("", kNetnsDir, "none", kShare, nullptr))
    return ErrnoStatus(errno, absl::StrCat("share mounts below ", kNetnsDir));
  return absl::OkStatus();
}

absl::StatusOr<Fd> LockDemo() {
  XSW_RETURN_IF_ERROR(MakeDirs(kRunDir));
  Fd dir(open(kRunDir, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir && flock(dir.get(), LOCK_EX | LOCK_NB) == 0) return dir;
  if (errno == EWOULDBLOCK)
    return absl::UnavailableError("demo: another xsw demo is running on this machine");
  return ErrnoStatus(errno, absl::StrCat("lock ", kRunDir));
}

absl::StatusOr<DemoNodes> MakeDemo(const std::string& bpffs, const HeldSignals& signals) {
  DemoNodes nodes = Blank();
  XSW_RETURN_IF_ERROR(MakeNetnsDir());
  for (DemoNode& node : nodes) XSW_RETURN_IF_ERROR(MakeNamespace(node));
  XSW_RETURN_IF_ERROR(MakeWire(nodes));
  XSW_RETURN_IF_ERROR(signals.Check());
  XSW_RETURN_IF_ERROR(MakeEswitch(bpffs, nodes));
  for (DemoNode& node : nodes) XSW_RETURN_IF_ERROR(BringUp(node));
  for (const DemoNode& node : nodes) XSW_RETURN_IF_ERROR(AwaitCarrier(node, signals));
  for (const DemoNode& node : nodes) SetIpv6(node, true);
  return nodes;
}

absl::Status RemoveDemo(const std::string& bpffs) {
  absl::Status status;
  for (const DemoNode& node : Blank()) {
    absl::StatusOr<Fd> netns = OpenNetns(node.netns);
    if (netns.ok() && node.netns == kDemoHost) status = RemoveEswitch(bpffs, *netns);
    status.Update(RemoveNetns(PathOf(node)));
  }
  return status;
}

}  // namespace xsw
