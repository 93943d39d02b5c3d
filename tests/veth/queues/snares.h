// SPDX-License-Identifier: Apache-2.0
// File descriptors that an unprivileged user makes and whose close does not return.
#ifndef XSW_TESTS_VETH_QUEUES_SNARES_H_
#define XSW_TESTS_VETH_QUEUES_SNARES_H_

#include "userspace/fd.h"

namespace xsw::test {

// A file of a FUSE filesystem that answers everything but FLUSH, in user and mount namespaces of
// the caller's own: it never leaves them again, so this is for a process that ends soon. Whoever
// else closes fd() is in D state until this process has ended.
class FuseFile {
 public:
  FuseFile();
  int fd() const { return file_.get(); }
  // Until somebody has closed it.
  void WaitForCatch() const;

 private:
  Fd file_, caught_;
};

// A TCP socket with data that its peer does not take, and SO_LINGER: whoever closes it waits an
// hour, unless a signal comes.
class LingeringSocket {
 public:
  LingeringSocket();
  int fd() const { return client_.get(); }
  // Our own copy, which is not to be the last.
  void Close() { client_ = Fd(); }

 private:
  Fd listener_, client_, server_;
};

}  // namespace xsw::test

#endif  // XSW_TESTS_VETH_QUEUES_SNARES_H_
