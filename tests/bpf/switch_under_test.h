// SPDX-License-Identifier: Apache-2.0
// The shipped programs, loaded once per process, on the netdevs of a Lab, with standard settings:
// legacy mode, host on, ports 1 to 3 active members with spoof check, their functions in another
// network namespace, and in the FDB the addresses of frames.h. Port 2 also carries VLAN 7, tagged.
//
//   SwitchUnderTest& s = SwitchUnderTest::Get();
//   s.Reset();
//   EXPECT_EQ(s.Run(Program::kPortRx, kFunction1, frame, {}).verdict, kDrop);
//   EXPECT_EQ(s.Moved(), (Counters{{"port 1 drops spoof", 1}, ...}));
#ifndef XSW_TESTS_BPF_SWITCH_UNDER_TEST_H_
#define XSW_TESTS_BPF_SWITCH_UNDER_TEST_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bpf/abi.h"
#include "tests/bpf/frames.h"
#include "tests/bpf/lab.h"

struct xsw_bpf;
struct queue_bpf;
struct accel_tag_bpf;

namespace xsw::test {

enum class Program { kUplinkXdp, kUplinkRx, kUplinkTx, kPortXdp, kPortRx, kPortTx, kQueueRx };

// The same names for XDP_* and TC_ACT_*.
enum Verdict { kPass, kDrop, kRedirect, kNoVerdictOfOurs };
std::ostream& operator<<(std::ostream& out, Verdict verdict);

// Counter -> how far it has moved, those that have not left out: "port 2 tx broadcast frames" -> 1.
using Counters = std::map<std::string, uint64_t>;
std::string CounterName(unsigned port, const std::string& counter);
std::string CastName(xsw_cast cast);
// Does not compile when a reason has no name.
std::string DropName(xsw_drop why);

// What the frame carries beside its bytes.
struct Setup {
  bool accelerate_tag = false;  // the outermost tag in the skb's field instead of in the data
  uint16_t tc_index = 0;        // these two: tc programs only
  uint32_t rx_queue = 0;        // XDP programs only
  uint32_t gso_size = 0;        // tc programs only: payload of a segment
};

struct Outcome {
  Verdict verdict;
  Bytes frame;  // after the program, an accelerated tag that came with it back in its place
  Bytes data;   // what lies in the data alone; the kernel does not tell of an accelerated tag
};

class SwitchUnderTest {
 public:
  // Loads and builds all at the first call, or dies with one line that says why not.
  static SwitchUnderTest& Get();

  // Standard settings, all counters 0.
  void Reset();

  // One frame through one program, by BPF_PROG_TEST_RUN, as if received or sent by the netdev on
  // the switch's side of at; kStray: by a netdev that is no port; kQueueRx: by the function end of
  // the queue block at. Redirects are only told (verdict), clones are really sent.
  Outcome Run(Program program, Place at, const Frame& frame, const Setup& setup);
  // Through xsw_uplink_xdp, with its redirect carried out.
  void RunXdpLive(const Frame& frame);

  // The counters of all ports since Reset.
  Counters Moved() const;

  void ConfigureEswitch(const std::function<void(xsw_eswitch&)>& change);
  void ConfigurePort(Place port, const std::function<void(xsw_port&)>& change);
  void AddFdb(const Mac& mac, uint16_t vlan, uint32_t port);
  void RemoveFdb(const Mac& mac, uint16_t vlan);
  void SetTrunk(Place port, const std::vector<uint16_t>& vlans);
  // port XSW_UPLINK: the group is known.
  void AddMdb(const Mac& group, uint16_t vlan, uint32_t port);
  // Permits, as xsw-bridge writes them; they are valid until Reset.
  void PutInBridge(Place port, const xsw_bport& place);
  void AddPermit(const Mac& mac, uint16_t vlan, const xsw_permit& permit);
  void EndLease();
  // Empty buckets, for longer than a test lasts.
  void Overdraw(Place port);
  // What the port's bucket for what it sends has been charged with since StartCharging, in bytes.
  void StartCharging(Place port);
  uint64_t Charged(Place port) const;
  // The uplink no longer in the devmap, as when its netdev is gone.
  void DropWire();
  // An AF_XDP socket in the XSKMAP of a queue block, until Reset. Ports 1 and 2 have such a map.
  void PutSocket(Place port, uint32_t queue);

  // The programs on the real hooks of the lab's netdevs for as long as the process lives, and ours:
  // a witness behind those of the uplink and of the representors' egress, and on functions 2 and 3;
  // on function 1 one that forges the origin tag.
  void AttachAll();
  // Frames that went through a witness since Reset, and those that had the origin tag there.
  uint64_t Witnessed() const;
  uint64_t WitnessedOriginTags() const;
  // The accelerated tag, as on the wire, of the last frame that went to the host; empty for none.
  Bytes HostsTag() const;

  Lab& lab() { return lab_; }

 private:
  SwitchUnderTest();
  ~SwitchUnderTest() = delete;  // lives as long as the process
  int ProgramFd(Program program) const;
  void Link(Place port);
  void AnnounceFdb();  // as the model does after each change
  void PutLease(uint64_t until);
  void LoadQueueProgram();
  unsigned ReceiverOf(Program program, Place at) const;
  Outcome RunTc(Program program, unsigned ifindex, const Frame& frame, const Setup& setup);
  Outcome RunXdp(Program program, unsigned ifindex, const Frame& frame, const Setup& setup);

  Lab lab_;
  uint32_t fdb_generation_ = 0;
  uint32_t permit_generation_ = 0;
  xsw_bpf* shipped_;
  queue_bpf* queue_;
  accel_tag_bpf* helper_;
  std::array<Fd, kPorts> xsks_;  // XSKMAPs by port - 1
  std::vector<Fd> sockets_;
  bool attached_ = false;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_SWITCH_UNDER_TEST_H_
