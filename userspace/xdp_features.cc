// SPDX-License-Identifier: Apache-2.0
#include "userspace/xdp_features.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "userspace/fd.h"
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

// The family's id on this socket; negative: this kernel has none.
int OpenNetdevFamily(nl_sock* sock) {
  if (int err = genl_connect(sock)) return err;
  return genl_ctrl_resolve(sock, "netdev");
}

}  // namespace

// The family came with the rule that a driver tells whether it can, which the kernel then relies
// on.
bool RedirectsFragsToNetdevs() {
  NlSock sock(nl_socket_alloc());
  return OpenNetdevFamily(sock.get()) >= 0;
}

// Flags are looked at before the netdev, of which there is none.
bool RedirectsFragsToSockets() {
  Fd sock(socket(AF_XDP, SOCK_RAW, 0));
  sockaddr_xdp nowhere = {};
  nowhere.sxdp_family = AF_XDP;
  nowhere.sxdp_flags = XDP_USE_SG;
  return sock && bind(sock.get(), reinterpret_cast<sockaddr*>(&nowhere), sizeof(nowhere)) &&
         errno != EINVAL;
}

void SetFrags(bpf_object* object, bool on) {
  bpf_program* program;
  bpf_object__for_each_program(program, object) {
    if (bpf_program__type(program) == BPF_PROG_TYPE_XDP)
      bpf_program__set_flags(program, on ? BPF_F_XDP_HAS_FRAGS : 0);
  }
}

bool TransmitsXdpFrames(int ifindex) {
  uint64_t features = 0;
  NlSock sock(nl_socket_alloc());
  const int family = OpenNetdevFamily(sock.get());
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
