// SPDX-License-Identifier: Apache-2.0
#include "tests/bpf/lab.h"

#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "bpf/abi.h"

namespace xsw::test {
namespace {

// Nothing else sends from this address; the witness in accel_tag.bpf.c knows it too. Its markers go
// to a link-local one, which the uplink's programs leave alone whatever the eswitch's settings are.
constexpr Mac kMarkerMac = {2, 'm', 'a', 'r', 'k', 'r'};
// Markers follow frames through the one queue of the one CPU that all run on. A frame makes at most
// three hops (function, representor, uplink's ingress), each to the end of that queue.
constexpr uint8_t kMarkerRounds = 3;
constexpr size_t kMarkerRoundAt = 14;

std::string FarName(Place at) {
  return at == kWire ? "wire" : "fn" + std::to_string(static_cast<int>(at));
}

void WriteFile(const char* path, const char* text) {
  Fd fd(open(path, O_WRONLY | O_CLOEXEC));
  Must(fd.get() >= 0, std::string("open ") + path);
  Must(write(fd.get(), text, strlen(text)) > 0, std::string("write ") + path);
}

// A new network namespace, silent: no IPv6 neighbour discovery between the frames. The mount
// namespace is new too, so that nothing mounted or pinned here outlives the process.
Fd NewNetns() {
  Must(unshare(CLONE_NEWNET | CLONE_NEWNS) == 0, "unshare (root needed)");
  if (access("/proc/sys/net/ipv6/conf/default/disable_ipv6", F_OK) == 0)
    WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
  Fd fd(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  Must(fd.get() >= 0, "open /proc/self/ns/net");
  return fd;
}

// The answer of an ioctl about a netdev of the calling thread's namespace.
ifreq AskNetdev(const std::string& dev, unsigned long request, void* data) {
  ifreq answer = {};
  strncpy(answer.ifr_name, dev.c_str(), IFNAMSIZ - 1);
  if (data != nullptr) answer.ifr_data = static_cast<char*>(data);
  const Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Must(ioctl(fd.get(), request, &answer) == 0, "ask " + dev);
  return answer;
}

void ChangeMtu(const std::string& dev, uint32_t mtu) {
  ifreq request = {};
  strncpy(request.ifr_name, dev.c_str(), IFNAMSIZ - 1);
  request.ifr_mtu = static_cast<int>(mtu);
  const Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Must(ioctl(fd.get(), SIOCSIFMTU, &request) == 0, "set mtu of " + dev);
}

// A veth end that has just got its peer sends nothing until the kernel's link watch has run, which
// it does in its own time, up to a second; being asked for the link makes it run at once (6.9).
void AwaitRunning(const std::string& dev) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  bool running = false;
  while (!running) {
    if (std::chrono::steady_clock::now() > limit) Die(dev + " does not get to run");
    running = AskNetdev(dev, SIOCGIFFLAGS, nullptr).ifr_flags & IFF_RUNNING;
    // Asked after the flags: under the lock that link watch holds until it is done.
    ethtool_value link = {.cmd = ETHTOOL_GLINK};
    AskNetdev(dev, SIOCETHTOOL, &link);
    sched_yield();
  }
}

// Lines for ip -batch, all in one process.
void Ip(const std::string& lines) {
  FILE* ip = popen("ip -batch -", "w");
  Must(ip != nullptr, "start ip");
  fputs(lines.c_str(), ip);
  if (pclose(ip) != 0) Die("ip -batch failed on:\n" + lines);
}

void Tc(const std::string& line) {
  if (system(("tc " + line).c_str()) != 0) Die("tc failed on: " + line);
}

std::string VethLine(const std::string& near, const std::string& near_options,
                     const std::string& far, const std::string& far_options, int far_netns) {
  const std::string mtu = " mtu " + std::to_string(kLabMtu) + " ";
  return "link add " + near + mtu + near_options + " type veth peer name " + far + mtu +
         far_options + " netns /proc/" + std::to_string(getpid()) + "/fd/" +
         std::to_string(far_netns) + "\nlink set " + near + " up\n";
}

std::string PortLine(Place port, int far_netns) {
  return VethLine(Lab::NearName(port), "", FarName(port),
                  "address 02:00:00:00:00:0" + std::to_string(static_cast<int>(port)), far_netns);
}

std::string BlockLine(int port, int far_netns) {
  const std::string name = "block" + std::to_string(port);
  return VethLine(name, "index " + std::to_string(XSW_QUEUES_IFINDEX + port) +
                            " numrxqueues 2 numtxqueues 2",
                  name + "far", "", far_netns);
}

Bytes Marker(uint8_t round) {
  Frame frame = Eth{.dst = kLldpMac, .src = kMarkerMac} / Payload(46);
  frame.bytes[kMarkerRoundAt] = round;
  return frame.bytes;
}
bool IsMarker(const Bytes& frame) {
  return frame.size() > kMarkerRoundAt &&
         std::equal(kMarkerMac.begin(), kMarkerMac.end(), frame.begin() + 6);
}

// One queue for all frames, and one CPU whose counters move.
void StayOnOneCpu() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(sched_getcpu(), &cpus);
  Must(sched_setaffinity(0, sizeof(cpus), &cpus) == 0, "sched_setaffinity");
}

}  // namespace

InNetns::InNetns(int netns, int back) : back_(back) {
  Must(setns(netns, CLONE_NEWNET) == 0, "setns");
}
InNetns::~InNetns() { Must(setns(back_, CLONE_NEWNET) == 0, "setns back"); }

Lab::Lab() {
  StayOnOneCpu();
  far_ = NewNetns();
  near_ = NewNetns();
  Ip(VethLine("up0", "address 02:00:00:00:00:10", "wire", "", far_.get()) +
     PortLine(kFunction1, far_.get()) +
     PortLine(kFunction2, far_.get()) + PortLine(kFunction3, far_.get()) +
     BlockLine(1, far_.get()) + BlockLine(2, far_.get()));
  const unsigned twin = NearIfindex(kFunction1) + XSW_REP_SLOTS;
  Ip(VethLine("stray", "index " + std::to_string(twin), "strayfar", "", far_.get()));
  {
    InNetns in = EnterFar();
    Ip("link set wire up\nlink set fn1 up\nlink set fn2 up\nlink set fn3 up\n");
  }
  for (Place at : {kWire, kFunction1, kFunction2, kFunction3}) Open(at);
}

void Lab::Open(Place at) {
  AwaitPair(at);
  OpenNear(at);
  InNetns in = EnterFar();
  taps_[at] = std::make_unique<Tap>(FarName(at), ETH_P_ALL);
}

void Lab::OpenNear(Place at) {
  near_taps_[at] = std::make_unique<Tap>(NearName(at), ETH_P_LOOPBACK);
  if (at == kWire) taps_[kHost] = std::make_unique<Tap>(NearName(at), kTestType);
}

void Lab::AwaitPair(Place at) const {
  AwaitRunning(NearName(at));
  InNetns in = EnterFar();
  AwaitRunning(FarName(at));
}

std::string Lab::NearName(Place at) {
  return at == kWire ? "up0" : "rep" + std::to_string(static_cast<int>(at));
}

void Lab::AddAddress(Place at, const std::string& address) {
  Ip("addr add " + address + " dev " + NearName(at) + "\n");
}

unsigned Lab::NearIfindex(Place at) const { return if_nametoindex(NearName(at).c_str()); }
unsigned Lab::FarIfindex(Place at) { return if_nametoindex(FarName(at).c_str()); }
unsigned Lab::StrayIfindex() const { return if_nametoindex("stray"); }

void Lab::DeletePort(Place port) {
  taps_[port] = nullptr;
  near_taps_[port] = nullptr;
  Ip("link del " + NearName(port) + "\n");
}

void Lab::CreatePort(Place port) {
  Ip(PortLine(port, far_.get()));
  {
    InNetns in = EnterFar();
    Ip("link set " + FarName(port) + " up\n");
  }
  Open(port);
}

void Lab::TakeDown(Place at) {
  Ip("link set " + NearName(at) + " down\n");
  down_[at] = true;
}

void Lab::SetMtu(Place at, uint32_t mtu) {
  ChangeMtu(NearName(at), mtu);
  other_mtu_[at] = true;
}

void Lab::Congest(Place at) {
  Tc("qdisc replace dev " + NearName(at) + " root bfifo limit 1");
  congested_[at] = true;
}

void Lab::Repair() {
  for (Place at : {kWire, kFunction1, kFunction2, kFunction3}) {
    if (taps_[at] == nullptr) CreatePort(at);
    if (std::exchange(other_mtu_[at], false)) ChangeMtu(NearName(at), kLabMtu);
    if (std::exchange(congested_[at], false)) Tc("qdisc del dev " + NearName(at) + " root");
    if (!down_[at]) continue;
    Ip("link set " + NearName(at) + " up\n");
    AwaitPair(at);
    OpenNear(at);  // the old sockets answer ENETDOWN
    down_[at] = false;
  }
}

void Lab::SetFarGro(Place at, bool on) {
  InNetns in = EnterFar();
  ethtool_value gro = {.cmd = ETHTOOL_SGRO, .data = on};
  AskNetdev(FarName(at), SIOCETHTOOL, &gro);
}

void Lab::SendMarkers(uint8_t round) const {
  const Bytes marker = Marker(round);
  for (Place at : {kWire, kFunction1, kFunction2, kFunction3})
    if (near_taps_[at] != nullptr) near_taps_[at]->SendBypassingTc(marker);
  taps_[kWire]->Send(marker);
}

std::array<std::vector<Bytes>, kPlaces> Lab::Arrived() {
  std::array<std::vector<Bytes>, kPlaces> arrived;
  for (uint8_t round = 0; round < kMarkerRounds; round++) {
    SendMarkers(round);
    for (int at = 0; at < kPlaces; at++) {
      if (taps_[at] == nullptr) continue;
      Bytes frame = taps_[at]->Receive();
      while (!IsMarker(frame) || frame[kMarkerRoundAt] != round) {
        arrived[at].push_back(frame);
        frame = taps_[at]->Receive();
      }
    }
  }
  return arrived;
}

}  // namespace xsw::test
