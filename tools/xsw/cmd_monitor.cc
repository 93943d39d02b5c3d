// SPDX-License-Identifier: Apache-2.0
// xsw monitor: one line for each change, as it happens.
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "switchdev_model/ports/port.h"
#include "switchdev_model/show/notify.h"
#include "switchdev_model/words.h"
#include "tools/xsw/command.h"
#include "tools/xsw/fields.h"
#include "tools/xsw/handle.h"
#include "tools/xsw/health_watch.h"
#include "tools/xsw/show_eswitch.h"
#include "tools/xsw/show_health.h"
#include "tools/xsw/show_port.h"
#include "userspace/event.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// "2026-11-25T23:06:14.123Z"
std::string TimeNow() {
  timespec now;
  tm parts;
  char text[32];
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  return absl::StrFormat("%s.%03dZ", text, now.tv_nsec / 1000000);
}

absl::StatusOr<Fd> ListenForLinks() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address = {};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (!fd || bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)))
    return ErrnoStatus(errno, "listen for netdev changes");
  return fd;
}

// Whether any has come; what, the kernel is asked afterwards. DataLoss: it had to drop some.
absl::StatusOr<bool> DrainLinks(const Fd& fd) {
  char buffer[32768];
  bool any = false, lost = false;
  for (;;) {
    if (recv(fd.get(), buffer, sizeof(buffer), 0) > 0) {
      any = true;
    } else if (errno == ENOBUFS) {
      lost = true;
    } else {
      break;
    }
  }
  if (lost) return absl::DataLossError("netdev changes were lost");
  return any;
}

class Monitor {
 public:
  static absl::StatusOr<Monitor> Make(Call& call) {
    XSW_ASSIGN_OR_RETURN(EventListener events, EventListener::Open());
    XSW_ASSIGN_OR_RETURN(Fd links, ListenForLinks());
    return Monitor(call, std::move(events), std::move(links));
  }

  // Until it cannot write any more.
  absl::Status Run() {
    opstates_ = ReadOpstates();
    Print({"monitor", "start"}, "listening");
    while (!std::ferror(stdout)) {
      pollfd ready[] = {{events_.fd(), POLLIN, 0}, {links_.get(), POLLIN, 0}};
      const auto limit = static_cast<int>(health_.Left().count());
      if (poll(ready, 2, limit) < 0 && errno != EINTR) return ErrnoStatus(errno, "wait for events");
      const bool told = TakeEvents();
      absl::StatusOr<bool> links = DrainLinks(links_);
      if (!links.ok()) Resync(links.status());
      // Not every change of a port is one of a netdev.
      if (told || !links.ok() || *links) CompareOpstates();
      if (health_.Left().count() == 0) TellHealth();
    }
    return absl::OkStatus();
  }

 private:
  struct Change {
    std::string object, action;
    std::string handle = {};  // none: of the monitor itself
  };
  // Handle -> attached.
  using Opstates = std::map<std::string, bool>;

  Monitor(Call& call, EventListener events, Fd links)
      : call_(call), events_(std::move(events)), links_(std::move(links)), health_(call.bpffs) {}

  // Whether there were any. A full queue takes nothing more until it has been emptied: only then is
  // the moment to say that events were lost. In a flood that never lets it be empty it is said all
  // the same, and again afterwards.
  bool TakeEvents() {
    states_.clear();
    bool lost = false;
    for (bool any = false;; any = true) {
      absl::StatusOr<std::optional<std::string>> text = events_.Next();
      if (!text.ok()) {
        lost = true;
        lost_ = text.status();
      } else if (!*text) {
        if (lost || (!lost_.ok() && events_.drained())) Resync(lost_);
        if (events_.drained()) lost_ = absl::OkStatus();
        return any;
      } else if (absl::StatusOr<News> news = ParseNews(**text); news.ok()) {
        PrintNews(*news);
      }
    }
  }

  // What was lost cannot be told one by one: whoever follows must look at everything again.
  void Resync(const absl::Status& why) {
    Print({"monitor", "resync"}, absl::StrCat(why.message(), ": look at `xsw port show` again"));
  }

  void PrintNews(const News& news) {
    const std::string handle =
        news.object == "eswitch" ? news.uplink : FormatHandle(news.uplink, news.port);
    const Change change{news.object, ActionWord(news.action), handle};
    if (news.object == "fdb" || news.object == "mdb") {
      PrintEntry(change, news);
    } else if (news.action != Action::kDel) {
      PrintState(change, news);
    } else {
      if (news.object == "port") opstates_.erase(handle);
      Print(change, handle);
    }
  }

  void PrintEntry(const Change& change, const News& news) {
    std::string text = absl::StrCat(change.handle, " ", FormatMac(news.mac));
    Json more = {{news.object == "fdb" ? "mac" : "group", FormatMac(news.mac)}};
    if (news.vlan) {
      absl::StrAppend(&text, " vlan ", news.vlan);
      more["vlan"] = news.vlan;
    }
    Print(change, text, more);
  }

  // As it is by now. Gone again: the handle alone.
  void PrintState(const Change& change, const News& news) {
    auto [state, is_new] = states_.try_emplace(change.handle);
    if (is_new) state->second = ReadState(news);
    if (std::optional<Fields>& fields = state->second)
      Print(change, fields->Text(change.handle), {{change.object, fields->json()}});
    else
      Print(change, change.handle);
  }

  std::optional<Fields> ReadState(const News& news) {
    const bool json = call_.output.json();
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(call_.bpffs, news.uplink);
    if (!eswitch.ok()) return {};
    if (news.object == "eswitch") return EswitchFields(*eswitch, json);
    if (!CheckPort(*eswitch, news.port).ok()) return {};
    absl::StatusOr<std::vector<PortInfo>> ports = GetPorts(*eswitch, {news.port});
    if (!ports.ok()) return {};
    return PortFields(*eswitch, ports->front(), json);
  }

  Opstates ReadOpstates() {
    Opstates states;
    for (const std::string& uplink : EswitchDir::List(call_.bpffs)) {
      absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(call_.bpffs, uplink);
      if (!eswitch.ok()) continue;
      absl::StatusOr<std::vector<PortInfo>> ports = GetPorts(*eswitch, PortIndices(*eswitch));
      if (!ports.ok()) continue;
      for (const PortInfo& port : *ports) states[FormatHandle(uplink, port.index)] = port.attached;
    }
    return states;
  }

  // A port that is new starts detached.
  void CompareOpstates() {
    Opstates now = ReadOpstates();
    for (const auto& [handle, attached] : now) {
      if (opstates_[handle] == attached) continue;
      Fields fields(call_.output.json());
      fields.Word("opstate", attached ? "attached" : "detached");
      Print({"port", "opstate", handle}, fields.Text(handle), fields.json());
    }
    opstates_ = std::move(now);
  }

  void TellHealth() {
    for (const auto& [uplink, health] : health_.Look()) {
      std::string text = absl::StrCat(uplink, ": reporter ", ReporterWord(health.reporter), " ",
                                      HealthPairs(health));
      for (const std::string& line : HealthLines(uplink, health))
        absl::StrAppend(&text, "; ", line);
      Print({"health", "set", uplink}, text, {{"health", HealthJson(uplink, health)}});
    }
  }

  // more is what JSON has of it beside the change.
  void Print(const Change& change, const std::string& text, const Json& more = Json::object()) {
    sequence_++;
    if (call_.output.json()) {
      Json line = {{"seq", sequence_},
                   {"time", TimeNow()},
                   {"object", change.object},
                   {"action", change.action}};
      if (!change.handle.empty()) line["handle"] = change.handle;
      line.update(more);
      std::printf("%s\n", DumpJson(line).c_str());
    } else {
      const std::string one_line =
          Printable(absl::StrReplaceAll(text, {{"\n    ", " "}, {"\n  ", " "}}));
      std::printf("%d %s [%s,%s] %s\n", sequence_, TimeNow().c_str(), change.object.c_str(),
                  change.action.c_str(), one_line.c_str());
    }
    std::fflush(stdout);
  }

  Call& call_;
  EventListener events_;
  Fd links_;
  Opstates opstates_;
  HealthWatch health_;
  absl::Status lost_;
  // Read once for all events that came together, so that a burst of them is soon told.
  std::map<std::string, std::optional<Fields>> states_;
  int sequence_ = 0;
};

absl::Status Run(Call& call) {
  XSW_RETURN_IF_ERROR(call.args.Done());
  XSW_ASSIGN_OR_RETURN(Monitor monitor, Monitor::Make(call));
  return monitor.Run();
}

constexpr Command kCommands[] = {
    {"monitor", "", "",
     "print each change as it happens, until interrupted (-j: one object a line)", Run},
};

}  // namespace

absl::Span<const Command> MonitorCommands() { return kCommands; }

}  // namespace xsw
