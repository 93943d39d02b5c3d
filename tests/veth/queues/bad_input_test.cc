// SPDX-License-Identifier: Apache-2.0
// What is asked for wrongly: a clear error, nothing changed, nothing leaked.
#include <gtest/gtest.h>

#include <cstring>

#include "tests/veth/queues/dialog.h"
#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

class BadInput : public testing::Test {
 protected:
  BadInput() : lab_({.ports = 1}) { lab_.AddBlock(2, "queues 2"); }

  // The error, and the words that must be in its message.
  void ExpectError(const char* port, const xswq_attr& attr, int error, const std::string& words) {
    const size_t fds = CountFds(getpid());
    xswq_qp* qp = nullptr;
    EXPECT_EQ(xswq_open(port, &attr, &qp), error);
    EXPECT_EQ(qp, nullptr);
    EXPECT_NE(std::string(xswq_error()).find(words), std::string::npos) << xswq_error();
    EXPECT_STREQ(xswq_strerror(error), xswq_error());
    EXPECT_EQ(CountFds(getpid()), fds);
  }
  QueueLab lab_;
};

TEST_F(BadInput, Ports) {
  ExpectError("", {}, -EINVAL, "not a port like eth0/3");
  ExpectError("up0", {}, -EINVAL, "not a port like eth0/3");
  ExpectError("up0/", {}, -EINVAL, "not a port like eth0/3");
  ExpectError("up0/1", {}, -ENOENT, "class queues");
  ExpectError("up0/9", {}, -ENOENT, "must exist");
  ExpectError("eth9/1", {}, -ENOENT, "xswd");
  ExpectError("/nowhere/x.sock", {}, -ENOENT, "/nowhere");
  ExpectError(("/" + std::string(200, 'x')).c_str(), {}, -ENAMETOOLONG, "too long");
  xswq_qp* qp = nullptr;
  EXPECT_EQ(xswq_open(nullptr, nullptr, &qp), -EINVAL);
}

TEST_F(BadInput, Sizes) {
  ExpectError("up0/2", {.queue = 2}, -ERANGE, "has queues 0 to 1");
  ExpectError("up0/2", {.queue = UINT32_MAX}, -ERANGE, "has queues 0 to 1");
  ExpectError("up0/2", {.recv_depth = 1000}, -EINVAL, "powers of two");
  ExpectError("up0/2", {.send_depth = 32}, -EINVAL, "powers of two");
  ExpectError("up0/2", {.send_depth = 65536}, -EINVAL, "powers of two");
  ExpectError("up0/2", {.buffer_size = 1024}, -EINVAL, "2048 nor 4096");
  ExpectError("up0/2", {.headroom = 1000}, -EINVAL, "headroom");
  ExpectError("up0/2", {.memory = 4096}, -EINVAL, "from 64 KiB");
  ExpectError("up0/2", {.memory = (1 << 20) + 1}, -EINVAL, "whole pages");
  ExpectError("up0/2", {.memory = 1ull << 40}, -EINVAL, "256 MiB");
  ExpectError("up0/2", {.reserved = 1}, -EINVAL, "reserved");
  Application app("up0/2", 2);
}

TEST_F(BadInput, AnInactivePort) {
  lab_.XswOk("port function set up0/2 state inactive");
  ExpectError("up0/2", {}, -ENETDOWN, "state active");
  lab_.XswOk("port function set up0/2 state active");
  Application app("up0/2");
}

// The same, said to xswd without the library's own checks.
TEST_F(BadInput, Requests) {
  Fd good = MakeMemfd(1 << 20), holes = MakeMemfd(1 << 20, true), odd = MakeMemfd((1 << 20) + 1);
  Fd small = MakeMemfd(32768), empty = MakeMemfd(0), page = MakeMemfd((1 << 20) + 2048);
  const std::tuple<const char*, int, const char*> rows[] = {
      {"/open,2,64,64,64,64,2048,0", good.get(), "/open_nak,34,"},
      {"/open,0,63,64,64,64,2048,0", good.get(), "/open_nak,22,rx ring"},
      {"/open,0,64,0,64,64,2048,0", good.get(), "/open_nak,22,tx ring"},
      {"/open,0,64,64,65536,64,2048,0", good.get(), "/open_nak,22,fill ring"},
      {"/open,0,64,64,64,100,2048,0", good.get(), "/open_nak,22,completion ring"},
      {"/open,0,64,64,64,64,4095,0", good.get(), "/open_nak,22,chunk size"},
      {"/open,0,64,64,64,64,2048,513", good.get(), "/open_nak,22,headroom"},
      {"/open,0,64,64,64,64,2048,0", holes.get(), "/open_nak,22,the memfd has holes"},
      {"/open,0,64,64,64,64,2048,0", odd.get(), "/open_nak,22,memory of 1048577"},
      {"/open,0,64,64,64,64,2048,0", page.get(), "/open_nak,22,memory of 1050624"},
      {"/open,0,64,64,64,64,2048,0", small.get(), "/open_nak,22,memory of 32768"},
      {"/open,0,64,64,64,64,2048,0", empty.get(), "/open_nak,22,memory of 0"},
  };
  const size_t fds = IdleFds(lab_.xswd().pid());
  for (const auto& [request, fd, answer] : rows) {
    Dialog client(2);
    EXPECT_TRUE(client.Ask(request, {fd}).starts_with(answer)) << request << " -> " << answer;
    EXPECT_EQ(client.Hear(), kClosed);
  }
  EXPECT_TRUE(WaitFor([&] { return CountFds(lab_.xswd().pid()) == fds; }));
  EXPECT_TRUE(
      Dialog(2).Ask("/open, 0, 64, 64, 64, 64, 2048, 0", {good.get()}).starts_with("/open_ok,"));
}

// What is posted: refused whole, with its reason.
TEST_F(BadInput, Postings) {
  Application app("up0/2");
  xswq_qp* qp = app.qp();
  auto* buffer = static_cast<char*>(xswq_buffer(qp, 3000));
  char elsewhere[64];
  const auto send = [&](std::vector<xswq_sge> sge) {
    return xswq_post_send(qp, sge.data(), static_cast<int>(sge.size()));
  };
  EXPECT_EQ(send({{elsewhere, 60, 0}}), -EFAULT);
  EXPECT_EQ(send({{buffer + 2040, 60, 0}}), -EFAULT) << "across two buffers";
  EXPECT_EQ(send({{buffer, 0, 0}}), -EFAULT);
  EXPECT_EQ(send({{buffer, 13, 0}}), -EMSGSIZE);
  EXPECT_EQ(send({{buffer, 1519, 0}}), -EMSGSIZE);
  EXPECT_NE(std::string(xswq_error()).find("MTU 1500"), std::string::npos) << xswq_error();
  EXPECT_EQ(send({{buffer, 1400, XSWQ_MORE}, {buffer, 1400, 0}}), -EMSGSIZE);
  EXPECT_EQ(send({{buffer, 60, XSWQ_MORE}}), -EINVAL);
  EXPECT_EQ(send(std::vector<xswq_sge>(18, {buffer, 20, XSWQ_MORE})), -EINVAL);
  EXPECT_EQ(send({{buffer, 60, 0}, {elsewhere, 60, 0}}), -EFAULT);
  void* wrong = elsewhere;
  xswq_wc drained[64];
  while (xswq_poll_cq(qp, drained, 64) > 0) {
  }
  EXPECT_LE(xswq_post_recv(qp, &wrong, 1), 0);
  EXPECT_EQ(app.stats().send_frames, 0u) << "nothing of all this was sent";
  const Bytes frame = Numbered(Eth{.dst = kOutsideMac, .src = kMac2} / Payload(46), 1);
  EXPECT_EQ(app.Send(frame), 0);
}

TEST_F(BadInput, CommandLines) {
  for (const char* words :
       {"", "recv", "send up0/2", "fly up0/2", "recv up0/2 more", "recv up0/2 -q 5-2",
        "recv up0/2 -q x", "send up0/2 -d xx", "recv up0/2 -t 0", "recv up0/2 -n 0", "recv -x",
        "send up0/2 -d 02:00:00:00:00:01 -l 10"}) {
    const Result result = RunCommand(kXswPerf + std::string(" ") + words);
    EXPECT_EQ(result.status, 2) << words;
    EXPECT_NE(result.err, "") << words;
  }
  EXPECT_EQ(RunCommand(kXswPerf + std::string(" recv up0/1")).status, 1);
  EXPECT_EQ(RunCommand(kXswd + std::string(" --nonsense")).status, 2);
  EXPECT_EQ(RunCommand(kXswd + std::string(" word")).status, 2);
  EXPECT_EQ(RunCommand(kXswd + std::string(" -n nowhere")).status, 1);
  EXPECT_EQ(RunCommand(kXswd + std::string(" --bpffs /tmp")).status, 1);
}

}  // namespace
}  // namespace xsw::test
