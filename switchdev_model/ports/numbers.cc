// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/ports/numbers.h"

#include <set>

#include "abi.h"
#include "absl/strings/str_cat.h"
#include "userspace/status.h"

namespace xsw {
namespace {

uint32_t LowestFree(const std::set<uint32_t>& used) {
  uint32_t free = 1;
  for (uint32_t number : used) free += number == free;
  return free;
}

}  // namespace

absl::StatusOr<PortNumbers> ChooseNumbers(const std::string& uplink, const TakenNumbers& taken,
                                          std::optional<uint32_t> sfnum) {
  std::set<uint32_t> indices, sfnums;
  for (const auto& [index, number] : taken) {
    indices.insert(index);
    if (!number) continue;
    sfnums.insert(*number);
    if (sfnum == number)
      return absl::AlreadyExistsError(absl::StrCat("port ", uplink, " sfnum ", *sfnum,
                                                   ": in use by port ", uplink, "/", index));
  }
  if (indices.size() >= XSW_MAX_PORTS)
    return absl::ResourceExhaustedError(
        absl::StrCat("eswitch ", uplink, ": all ", XSW_MAX_PORTS, " ports are in use"));
  return PortNumbers{LowestFree(indices), sfnum.value_or(LowestFree(sfnums))};
}

}  // namespace xsw
