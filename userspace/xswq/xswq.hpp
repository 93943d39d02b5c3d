// SPDX-License-Identifier: Apache-2.0
// C++17 over xswq.h: a queue pair that closes itself. Everything that moves frames is xswq.h's.
//
//   auto qp = xswq::QueuePair::Open("eth0/3");
//   if (!qp) throw std::runtime_error(xswq_error());
//   int n = xswq_poll_cq(qp.get(), wc, 64);
#ifndef XSWQ_HPP
#define XSWQ_HPP

#include <memory>

#include "xswq.h"

namespace xswq {

struct Close {
  void operator()(xswq_qp* qp) const { xswq_close(qp); }
};

class QueuePair : public std::unique_ptr<xswq_qp, Close> {
 public:
  using unique_ptr::unique_ptr;

  // Null on error; *error, if given, gets xswq_open()'s return value.
  static QueuePair Open(const char* port, const xswq_attr& attr = {}, int* error = nullptr) {
    xswq_qp* qp = nullptr;
    const int result = xswq_open(port, &attr, &qp);
    if (error) *error = result;
    return QueuePair(result ? nullptr : qp);
  }

  xswq_info info() const {
    xswq_info value{};
    xswq_query(get(), &value);
    return value;
  }
  xswq_stats stats() const {
    xswq_stats value{};
    xswq_query_stats(get(), &value);
    return value;
  }
};

}  // namespace xswq

#endif  // XSWQ_HPP
