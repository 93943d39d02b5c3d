// SPDX-License-Identifier: Apache-2.0
// The netdevs around the switch under test, in two network namespaces of their own:
//
//        "near": where the switch is      |   "far": behind its ports
//        up0, the uplink (kHostMac) ======|====== wire
//        rep1, representor of port 1 =====|====== fn1 (kMac1)
//        rep2 ============================|====== fn2 (kMac2)
//        rep3 ============================|====== fn3 (kMac3)
//        stray, no port of ours ==========|====== strayfar
//        block1, block2 ==================|====== block1far, block2far
//
// stray's ifindex falls into rep1's slot of xsw_rep.
// blockN stands for the function end of queue block N: it has its ifindex and two queues.
//
// Both namespaces and all in them are gone when the process ends, however it ends.
#ifndef XSW_TESTS_BPF_LAB_H_
#define XSW_TESTS_BPF_LAB_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tests/bpf/frames.h"
#include "tests/bpf/tap.h"

namespace xsw::test {

// Where frames can be sent and seen.
enum Place { kWire = 0, kFunction1, kFunction2, kFunction3, kHost, kPlaces, kStray = kPlaces };
constexpr int kPorts = 3;
constexpr uint32_t kLabMtu = 9000;  // of all netdevs

// The calling thread in another network namespace, for a scope.
class InNetns {
 public:
  InNetns(int netns, int back);
  ~InNetns();
  InNetns(const InNetns&) = delete;
  InNetns& operator=(const InNetns&) = delete;

 private:
  int back_;
};

class Lab {
 public:
  Lab();

  // The netdev of the place on the switch's side: up0 or the representor. 0: deleted.
  static std::string NearName(Place at);
  unsigned NearIfindex(Place at) const;
  unsigned StrayIfindex() const;
  // Of the other end; for a caller that has entered the far side.
  static unsigned FarIfindex(Place at);
  // Both ends of the port's veth pair go, or the near end goes down: a send on it then fails.
  void DeletePort(Place port);
  void TakeDown(Place at);
  void SetMtu(Place at, uint32_t mtu);  // of the near end
  void Congest(Place at);  // what is sent there finds no room in the near end's queue
  // Undoes these.
  void Repair();
  void AddAddress(Place at, const std::string& address);
  // NAPI at the far end, which takes frames from an XDP redirect only with it.
  void SetFarGro(Place at, bool on);

  const Tap& At(Place place) const { return *taps_[place]; }
  bool Exists(Place place) const { return taps_[place] != nullptr; }
  // All frames that have arrived at each place since the last call, in order, and nothing still on
  // its way.
  std::array<std::vector<Bytes>, kPlaces> Arrived();

  // The calling thread is behind the ports for as long as the result lives.
  [[nodiscard]] InNetns EnterFar() const { return InNetns(far_.get(), near_.get()); }

 private:
  void CreatePort(Place port);
  void AwaitPair(Place at) const;
  void Open(Place at);
  void OpenNear(Place at);
  void SendMarkers(uint8_t round) const;

  Fd near_;
  Fd far_;
  std::array<bool, kPlaces> down_ = {};
  std::array<bool, kPlaces> other_mtu_ = {};
  std::array<bool, kPlaces> congested_ = {};
  std::array<std::unique_ptr<Tap>, kPlaces> near_taps_;  // on the near ends, for sending markers
  std::array<std::unique_ptr<Tap>, kPlaces> taps_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_BPF_LAB_H_
