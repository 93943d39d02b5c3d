// SPDX-License-Identifier: Apache-2.0
// That something has changed of netdevs, bridges, their VLANs and addresses, tc and nftables, in
// the calling thread's network namespace. What it was does not matter: look at what there is.
#ifndef XSW_USERSPACE_ROUTE_NEWS_H_
#define XSW_USERSPACE_ROUTE_NEWS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "userspace/fd.h"

namespace xsw {

class RouteNews {
 public:
  static absl::StatusOr<RouteNews> Open();

  // Each is readable when something has come.
  const std::vector<Fd>& fds() const { return fds_; }

  struct News {
    bool any = false;        // something has changed
    bool addresses = false;  // addresses of bridges, among it
    bool lost = false;       // the kernel had more than there was room for: all may have changed
  };
  // Reads all that has come.
  News Read();

 private:
  std::vector<Fd> fds_;
};

}  // namespace xsw

#endif  // XSW_USERSPACE_ROUTE_NEWS_H_
