// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/queues/lab.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>

namespace xsw::test {

const char kXswd[] = XSWD_BINARY;
const char kXswPerf[] = XSW_PERF_BINARY;
const char kXswqEcho[] = XSWQ_ECHO_BINARY;
const char kXswdUnit[] = XSWD_UNIT;
const char kCompletion[] = XSW_COMPLETION;

namespace {

using Clock = std::chrono::steady_clock;

int LeftMs(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(left, 0));
}

Clock::time_point In(int ms) { return Clock::now() + std::chrono::milliseconds(ms); }

// Never back to root: the process ends with body.
[[noreturn]] void RunAs(const User& user, const std::function<std::string()>& body, int to) {
  const rlimit memlock = {user.memlock, user.memlock};
  const std::vector<gid_t> groups(user.groups.begin(), user.groups.end());
  std::string said = "cannot become the user";
  if (!setrlimit(RLIMIT_MEMLOCK, &memlock) && !setgroups(groups.size(), groups.data()) &&
      !setresgid(user.gid, user.gid, user.gid) && !setresuid(user.uid, user.uid, user.uid) &&
      ReadFile("/proc/self/status").find("CapEff:\t0000000000000000") != std::string::npos)
    said = body();
  if (write(to, said.data(), said.size()) < 0) _exit(1);
  _exit(0);
}

}  // namespace

QueueLab::QueueLab(const TopologyOptions& options) : Topology(options) { StartXswd(); }

void QueueLab::StartXswd(Argv before, const Argv& more) {
  xswd_.reset();
  before.insert(before.end(), {kXswd, "--bpffs", kTestBpffs});
  before.insert(before.end(), more.begin(), more.end());
  xswd_ = std::make_unique<Process>(before);
}

void QueueLab::AddBlock(int port, const std::string& more) {
  XswOk("port add up0 sfnum " + std::to_string(port) + " hw_addr " + Text(MacOf(port)) +
        " class queues state active " + more);
  if (!Serves(port)) ADD_FAILURE() << "xswd does not serve " << Handle(port);
}

bool QueueLab::Serves(int port) const {
  return WaitFor([&] { return access(SocketPath(port).c_str(), F_OK) == 0; });
}

bool QueueLab::Stops(int port) const {
  return WaitFor([&] { return access(SocketPath(port).c_str(), F_OK) != 0; });
}

uint64_t QueueLab::Drops(int port, const std::string& reason) const {
  return ShowPort(port)["statistics"]["drops"][reason].get<uint64_t>();
}

uint64_t QueueLab::Stat(int port, const std::string& name) const {
  return ShowPort(port)["statistics"][name].get<uint64_t>();
}

std::string SocketPath(int port) { return "/run/xsw/up0/" + std::to_string(port) + ".sock"; }

Application::Application(const std::string& port, int queues, const xswq_attr& attr) {
  for (int i = 0; i < queues; i++) {
    xswq_attr own = attr;
    own.queue = attr.queue + i;
    Queue queue{.qp = xswq::QueuePair::Open(port.c_str(), own)};
    if (!queue.qp) Die(std::string("an application cannot start: ") + xswq_error());
    const uint32_t half = queue.qp.info().buffers / 2;
    for (uint32_t b = 0; b < queue.qp.info().buffers; b++) {
      void* buffer = xswq_buffer(queue.qp.get(), b);
      if (b >= half || xswq_post_recv(queue.qp.get(), &buffer, 1) != 1)
        queue.free.push_back(buffer);
    }
    queues_.push_back(std::move(queue));
  }
}

void Application::Poll(Queue& queue) {
  xswq_wc wc[64];
  const int n = xswq_poll_cq(queue.qp.get(), wc, 64);
  for (int i = 0; i < n; i++) {
    if (wc[i].opcode == XSWQ_SEND) {
      queue.free.push_back(wc[i].data);
      continue;
    }
    const auto* data = static_cast<const uint8_t*>(wc[i].data);
    queue.partial.insert(queue.partial.end(), data, data + wc[i].length);
    if (!(wc[i].flags & XSWQ_MORE)) received_.push_back(std::exchange(queue.partial, {}));
    xswq_post_recv(queue.qp.get(), &wc[i].data, 1);
  }
}

void Application::Cut(const Bytes& frame, const Queue& queue, std::vector<xswq_sge>* pieces) {
  const size_t room = queue.qp.info().buffer_size;
  for (size_t at = 0; at < frame.size(); at += room) {
    const size_t length = std::min(room, frame.size() - at);
    void* buffer = queue.free[queue.free.size() - 1 - pieces->size()];
    std::memcpy(buffer, frame.data() + at, length);
    pieces->push_back(
        {buffer, static_cast<uint32_t>(length), at + length < frame.size() ? XSWQ_MORE : 0});
  }
}

int Application::Send(const Bytes& frame, int number) {
  Queue& queue = queues_[number];
  std::vector<xswq_sge> pieces;
  Cut(frame, queue, &pieces);
  const size_t before = queue.free.size();
  const int taken = xswq_post_send(queue.qp.get(), pieces.data(), static_cast<int>(pieces.size()));
  if (taken < 0) return taken;
  queue.free.resize(before - taken);
  return WaitFor([&] {
    Poll(queue);
    return queue.free.size() == before;
  })
             ? 0
             : -ETIMEDOUT;
}

uint64_t Application::Post(const Bytes& frame, uint64_t times) {
  Queue& queue = queues_[0];
  Poll(queue);
  const size_t each = (frame.size() - 1) / queue.qp.info().buffer_size + 1;
  std::vector<xswq_sge> pieces;
  for (; times && queue.free.size() >= pieces.size() + each; times--) Cut(frame, queue, &pieces);
  const int taken = xswq_post_send(queue.qp.get(), pieces.data(), static_cast<int>(pieces.size()));
  if (taken < 0) return 0;
  // Those not taken are the first of the free ones: they were handed out from the end.
  queue.free.resize(queue.free.size() - taken);
  return static_cast<uint64_t>(taken) / each;
}

std::optional<Bytes> Application::Receive(int limit_ms) {
  const Clock::time_point end = In(limit_ms);
  for (;;) {
    std::vector<pollfd> fds;
    for (Queue& queue : queues_) {
      Poll(queue);
      fds.push_back({.fd = xswq_fd(queue.qp.get()), .events = POLLIN, .revents = 0});
    }
    if (!received_.empty()) {
      Bytes frame = std::move(received_.front());
      received_.pop_front();
      return frame;
    }
    if (!LeftMs(end)) return std::nullopt;
    poll(fds.data(), fds.size(), LeftMs(end));
  }
}

bool Application::Gets(const Bytes& frame, int limit_ms) {
  const Clock::time_point end = In(limit_ms);
  while (std::optional<Bytes> got = Receive(LeftMs(end))) {
    if (*got == frame) return true;
  }
  return false;
}

bool Gets(const PacketSocket& socket, const Bytes& frame, int limit_ms) {
  const Clock::time_point end = In(limit_ms);
  while (std::optional<Received> got = socket.Receive(LeftMs(end))) {
    if (got->frame == frame) return true;
  }
  return false;
}

void ExpectTraffic(const PacketSocket& wire, Application& app, const Mac& mac) {
  static uint32_t id = 1 << 20;  // no frame of a test's own
  const Bytes in = Numbered(Eth{.dst = mac, .src = kOutsideMac} / Payload(46), ++id);
  const Bytes out = Numbered(Eth{.dst = kOutsideMac, .src = mac} / Payload(46), ++id);
  wire.Send(in);
  EXPECT_TRUE(app.Gets(in)) << "from the wire";
  EXPECT_EQ(app.Send(out), 0);
  EXPECT_TRUE(Gets(wire, out)) << "to the wire";
}

std::string As(const User& user, const std::function<std::string()>& body) {
  int ends[2];
  Must(pipe(ends) == 0, "pipe");
  const pid_t pid = fork();
  Must(pid >= 0, "fork");
  if (pid == 0) RunAs(user, body, ends[1]);
  close(ends[1]);
  std::string said;
  char text[4096];
  for (ssize_t n; (n = read(ends[0], text, sizeof(text))) > 0;) said.append(text, n);
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  return status ? "ended with status " + std::to_string(status) + " " + said : said;
}

bool HasQueues(const Process& process, int queues) {
  return WaitFor([&] {
    const std::string proc = "/proc/" + std::to_string(process.pid());
    const std::string maps = ReadFile(proc + "/maps");
    int rings = 0;
    for (size_t at = 0; (at = maps.find("socket:[", at)) != std::string::npos; at++) rings++;
    return rings >= 4 * queues && ReadFile(proc + "/status").find("State:\tS") != std::string::npos;
  });
}

size_t CountFds(pid_t pid) {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd", error);
  return std::distance(begin(all), end(all));
}

size_t IdleFds(pid_t pid) {
  size_t fewest = CountFds(pid);
  int looks = 0;
  WaitFor([&] {
    fewest = std::min(fewest, CountFds(pid));
    return ++looks == 50;
  });
  return fewest;
}

}  // namespace xsw::test
