// SPDX-License-Identifier: Apache-2.0
// xsw capture: frames as they come in and go out, for tshark, tcpdump and Wireshark.
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "switchdev_model/show/capture.h"
#include "tools/xsw/capture/file.h"
#include "tools/xsw/capture/options.h"
#include "tools/xsw/capture/order.h"
#include "tools/xsw/capture/words.h"
#include "tools/xsw/command.h"
#include "userspace/signals.h"
#include "userspace/status.h"

namespace xsw {
namespace {

using Clock = std::chrono::steady_clock;

// So soon a frame is seen, where there are too few for a ring to say that it fills.
constexpr int kSoonMs = 10;
constexpr std::chrono::seconds kRenewal(1);

// Appends what becomes of a frame in the output.
using Form = std::function<void(const CapturedFrame& frame, std::string* to)>;

class Follower {
 public:
  Follower(Capture& capture, CaptureFile& file, Form form, const CaptureOptions& options,
           int signals)
      : capture_(capture),
        file_(file),
        form_(std::move(form)),
        order_(options.wanted.snaplen),
        limit_(options.limit),
        signals_(signals) {}

  // Until it is told to end, or has as many as were wanted. Cancelled: nobody reads any more.
  absl::Status Run();
  // What is left when the programs have gone.
  absl::Status Finish() { return Pass(true); }
  uint64_t written() const { return written_; }

 private:
  // True: it is to end.
  absl::StatusOr<bool> Wait();
  absl::Status Pass(bool last);
  bool IsFull() const { return limit_ && written_ == limit_; }

  Capture& capture_;
  CaptureFile& file_;
  Form form_;
  CaptureOrder order_;
  uint64_t limit_, written_ = 0;
  int signals_;
  std::string out_;
};

absl::StatusOr<bool> Follower::Wait() {
  pollfd events[] = {
      {capture_.programs().fd(), POLLIN, 0}, {signals_, POLLIN, 0}, {file_.fd(), 0, 0}};
  if (poll(events, std::size(events), kSoonMs) < 0 && errno != EINTR)
    return ErrnoStatus(errno, "wait for frames");
  return events[1].revents || (events[2].revents & POLLERR);
}

absl::Status Follower::Pass(bool last) {
  XSW_RETURN_IF_ERROR(order_.Take(capture_.programs(), last));
  out_.clear();
  for (const CapturedFrame& frame : order_.frames()) {
    if (IsFull()) break;
    form_(frame, &out_);
    written_++;
  }
  return out_.empty() ? absl::OkStatus() : file_.Write(out_, signals_);
}

absl::Status Follower::Run() {
  Clock::time_point renewed = Clock::now();
  for (bool end = false; !end && !IsFull();) {
    XSW_ASSIGN_OR_RETURN(end, Wait());
    XSW_RETURN_IF_ERROR(Pass(false));
    if (Clock::now() < renewed + kRenewal) continue;
    XSW_RETURN_IF_ERROR(capture_.Renew());
    renewed = Clock::now();
  }
  return absl::OkStatus();
}

// What goes to a terminal, or was asked for as JSON, is lines; all else pcapng, which starts at
// once.
absl::StatusOr<Form> StartForm(const Call& call, Eswitch& eswitch, const CaptureOptions& options,
                               CaptureFile& file, int signals) {
  const std::string uplink = eswitch.uplink().name;
  if (call.output.json())
    return [uplink](const CapturedFrame& frame, std::string* to) {
      absl::StrAppend(to, DumpJson(CapturedJson(uplink, frame)), "\n");
    };
  if (options.file.empty() && isatty(STDOUT_FILENO))
    return [uplink](const CapturedFrame& frame, std::string* to) {
      absl::StrAppend(to, Printable(CapturedText(uplink, frame)), "\n");
    };
  auto pcapng = std::make_shared<CapturedFile>(eswitch, options.wanted.snaplen);
  std::string head;
  pcapng->Begin(&head);
  XSW_RETURN_IF_ERROR(file.Write(head, signals));
  return [pcapng](const CapturedFrame& frame, std::string* to) { pcapng->Add(frame, to); };
}

absl::Status Follow(const Call& call, Eswitch& eswitch, const CaptureOptions& options) {
  // Before it starts: whoever ends it then ends it whole.
  XSW_ASSIGN_OR_RETURN(const Fd signals, WatchSignals({SIGINT, SIGTERM, SIGHUP}));
  std::signal(SIGPIPE, SIG_IGN);
  XSW_ASSIGN_OR_RETURN(Capture capture, Capture::Start(call.bpffs, options.uplink, options.wanted));
  // Not before: who is refused has emptied no file.
  XSW_ASSIGN_OR_RETURN(CaptureFile file,
                       CaptureFile::Open(options.file.empty() ? "-" : options.file));
  XSW_ASSIGN_OR_RETURN(Form form, StartForm(call, eswitch, options, file, signals.get()));
  Follower follower(capture, file, std::move(form), options, signals.get());
  absl::Status status = follower.Run();
  const absl::Status stopped = capture.Stop();
  if (status.ok()) status = follower.Finish();
  if (absl::IsCancelled(status)) status = absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const CaptureCounts counts, capture.programs().Counts());
  std::fprintf(stderr, "%llu frames captured, %llu lost\n",
               static_cast<unsigned long long>(follower.written()),
               static_cast<unsigned long long>(counts.lost));
  status.Update(stopped);
  return status;
}

absl::Status Run(Call& call) {
  XSW_ASSIGN_OR_RETURN(const CaptureOptions options, TakeCaptureOptions(call));
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(call.bpffs, options.uplink));
  XSW_RETURN_IF_ERROR(CheckCapturePorts(eswitch, options));
  if (options.file == "-" && isatty(STDOUT_FILENO) && !call.output.json())
    return absl::InvalidArgumentError(
        "-w -: standard output is a terminal, which is no place for pcapng: pipe it, or leave -w "
        "-");
  return call.options.dry_run ? absl::OkStatus() : Follow(call, eswitch, options);
}

constexpr Command kCommands[] = {
    {"capture", "",
     "[DEV|DEV/INDEX...] [in|out|drops|all] [reason R] [vlan V] [mac MAC] [snaplen N] [-c N] "
     "[-w FILE|-]",
     "frames as they come in, go out and are dropped: as text to a terminal, else as pcapng", Run},
};

}  // namespace

absl::Span<const Command> CaptureCommands() { return kCommands; }

}  // namespace xsw
