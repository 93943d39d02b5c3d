// SPDX-License-Identifier: Apache-2.0
#include "userspace/xdp_features.h"

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <cstdint>

#include "userspace/netlink.h"

namespace xsw {
namespace {

// <linux/netdev.h>, which Debian 12 (6.1) does not have.
constexpr int kDevGet = 1;            // NETDEV_CMD_DEV_GET
constexpr int kAttrIfindex = 1;       // NETDEV_A_DEV_IFINDEX
constexpr int kAttrXdpFeatures = 3;   // NETDEV_A_DEV_XDP_FEATURES
constexpr uint64_t kNdoXmit = 1 << 2; // NETDEV_XDP_ACT_NDO_XMIT
constexpr uint64_t kNdoXmitSg = 1 << 6;

int OnReply(nl_msg* msg, void* arg) {
  nlattr* attr = nlmsg_find_attr(nlmsg_hdr(msg), GENL_HDRLEN, kAttrXdpFeatures);
  if (attr) *static_cast<uint64_t*>(arg) = nla_get_u64(attr);
  return NL_OK;
}

}  // namespace

bool TransmitsXdpFrames(int ifindex) {
  uint64_t features = 0;
  NlSock sock(nl_socket_alloc());
  if (genl_connect(sock.get())) return false;
  const int family = genl_ctrl_resolve(sock.get(), "netdev");
  if (family < 0) return false;
  NlMsg msg(nlmsg_alloc());
  genlmsg_put(msg.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0, kDevGet, 1);
  nla_put_u32(msg.get(), kAttrIfindex, ifindex);
  nl_socket_modify_cb(sock.get(), NL_CB_VALID, NL_CB_CUSTOM, OnReply, &features);
  if (nl_send_auto(sock.get(), msg.get()) < 0) return false;
  nl_recvmsgs_default(sock.get());
  return (features & kNdoXmit) && (features & kNdoXmitSg);
}

}  // namespace xsw
