// SPDX-License-Identifier: Apache-2.0
// The state in an eswitch's directory without opening all of it: for what is half made, half
// removed, of another version, or of another namespace.
#ifndef XSW_USERSPACE_PINNED_H_
#define XSW_USERSPACE_PINNED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"
#include "userspace/mac.h"

namespace xsw {

// A map by its pin; should that be missing, by a pinned program that uses the map. NotFound: by
// neither.
absl::StatusOr<Fd> OpenMap(const std::string& dir, const std::string& name);

// What is pinned there; none where there is no such pin. Another error is no proof of that.
absl::StatusOr<Fd> OpenPin(const std::string& pin);

// A hash map that nobody has needed before, pinned there.
absl::StatusOr<Fd> MakeHash(const std::string& pin, const char* name, uint32_t key_size,
                            uint32_t value_size, uint32_t entries);

// Pins in one step: whatever has that pin loses it. A killed command may leave another beside it.
absl::Status PinInPlace(int fd, const std::string& pin, const std::string& what);
std::string PlaceBeside(const std::string& pin);

// Whether the programs in two directories are the same, instruction for instruction.
absl::StatusOr<bool> SamePrograms(const std::string& dir, const std::string& other);

// The ifindices in a devmap (xsw_dev_tc, xsw_dev_xdp) but for the uplink's. The kernel itself takes
// out those that are gone. No such map: none.
absl::StatusOr<std::vector<int>> PortNetdevs(const std::string& dir, const std::string& devmap);

// Whether any netdev of the eswitch is left, uplink or representor. Whatever cannot be read is no
// proof that a netdev is gone.
bool HasNetdevs(const std::string& dir);

// The addresses in the FDB, each as often as it has entries. No such map: none.
absl::StatusOr<std::vector<Mac>> AddressesIn(const std::string& dir);

}  // namespace xsw

#endif  // XSW_USERSPACE_PINNED_H_
