// SPDX-License-Identifier: Apache-2.0
// Frames of every size are steered alike and counted whole. From the uplink the longest is a
// multi-buffer XDP frame: only its first page is in sight of the program.
#include "tests/bpf/row.h"

namespace xsw::test {
namespace {

// A frame of so many bytes, Ethernet header included.
Frame Sized(const Mac& dst, const Mac& src, size_t bytes) {
  return Eth{.dst = dst, .src = src} / Payload(bytes - ETH_HLEN);
}

}  // namespace

Table SizeRows() {
  Table rows;
  for (size_t bytes : {14, 15, 60, 1514, 9014}) {
    const std::string size = std::to_string(bytes) + " bytes ";
    const Moves all = Tx(1) + Tx(2) + Tx(3);
    rows.push_back({size + "from uplink go to the port", FromUplink(),
                    Sized(kMac2, kOutsideMac, bytes), kRedirect, Tx(2)});
    rows.push_back({size + "from uplink go to the host", FromUplink(),
                    Sized(kHostMac, kOutsideMac, bytes), kPass});
    rows.push_back({size + "from host go to the port", FromHost(), Sized(kMac2, kHostMac, bytes),
                    kRedirect, Tx(2)});
    rows.push_back({size + "from port go to another", From(kFunction1), Sized(kMac2, kMac1, bytes),
                    kRedirect, Rx(1) + Tx(2)});
    rows.push_back({size + "on a representor go to its function", OnRepresentor(kFunction2),
                    Sized(kMac2, kHostMac, bytes), kPass, SlowTx(2)});
    rows.push_back({size + "of broadcast from uplink go to all",
                    FromUplink(),
                    Sized(kBroadcast, kOutsideMac, bytes),
                    kPass,
                    all,
                    {kFunction1, kFunction2, kFunction3}});
    rows.push_back({size + "of broadcast from port go to all others",
                    From(kFunction1),
                    Sized(kBroadcast, kMac1, bytes),
                    kRedirect,
                    Rx(1) + Tx(2) + Tx(3),
                    {kWire, kFunction2, kFunction3}});
  }
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Size, Frames, testing::ValuesIn(Cases(SizeRows())), CaseName);

}  // namespace xsw::test
