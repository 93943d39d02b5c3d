// SPDX-License-Identifier: Apache-2.0
#include "tests/veth/two_worlds.h"

#include <linux/if_ether.h>

#include <chrono>
#include <set>
#include <sstream>

namespace xsw::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kQuiet(10);  // so long nothing comes: nothing will
constexpr std::chrono::milliseconds kPause(1);   // between two frames of the chat

std::string NearName(int end) { return end == 0 ? kUplink : Representor(end); }

}  // namespace

World::World(std::string host, const std::vector<std::string>& ends)
    : host_(std::move(host)), netns_(ends) {
  for (const std::string& netns : ends)
    ends_.push_back(std::make_unique<PacketSocket>(netns, kContainerDev, ETH_P_ALL));
}

bool World::Do(const std::string& command) const {
  const InNetns there(host_);
  return RunCommand(command).status == 0;
}

Got World::Send(const std::vector<Sent>& frames) const {
  for (const Sent& sent : frames) ends_[sent.from]->Send(sent.frame);
  Got got;
  for (int end = 0; end < kEnds; end++) {
    for (Clock::time_point last = Clock::now(); Clock::now() - last < kQuiet;) {
      const std::optional<Received> received = ends_[end]->Receive(kQuiet.count());
      if (!received || !IsTestFrame(received->frame)) continue;
      got.insert({IdOf(received->frame), {end, received->frame}});
      last = Clock::now();
    }
  }
  return got;
}

void World::Chat(std::vector<Sent> frames) {
  // Sockets of its own, which hear nothing.
  std::vector<std::unique_ptr<PacketSocket>> mouths;
  for (const std::string& netns : netns_)
    mouths.push_back(std::make_unique<PacketSocket>(netns, kContainerDev, 0));
  chat_ = std::jthread(
      [frames = std::move(frames), mouths = std::move(mouths)](const std::stop_token& stop) {
        for (size_t i = 0; !stop.stop_requested(); i = (i + 1) % frames.size()) {
          mouths[frames[i].from]->Send(frames[i].frame);
          std::this_thread::sleep_for(kPause);  // the rate
        }
      });
}

World MakeReference(Topology& topology) {
  std::vector<std::string> ends;
  topology.sandbox().AddNetns("ref");
  for (int end = 0; end < kEnds; end++) {
    ends.push_back(end == 0 ? "ref_out" : "ref_" + ContainerName(end));
    topology.sandbox().AddNetns(ends.back());
    MustRun("ip -n ref link add " + NearName(end) + " type veth peer name eth0 netns " +
            ends.back());
    MustRun("ip -n " + ends.back() + " link set eth0 up");
    MustRun("ip -n ref link set " + NearName(end) + " up");
  }
  return World("ref", ends);
}

std::string Difference(const Got& one, const Got& two) {
  std::ostringstream out;
  const auto list = [&](const Got& got, uint32_t id) {
    for (auto [it, end] = got.equal_range(id); it != end; ++it)
      out << " end " << it->second.first << " (" << it->second.second.size() << " bytes)";
  };
  std::set<uint32_t> ids;
  for (const Got* got : {&one, &two})
    for (const auto& [id, at] : *got) ids.insert(id);
  for (uint32_t id : ids) {
    const auto sorted = [&](const Got& got) {
      std::multiset<std::pair<int, Bytes>> all;
      for (auto [it, end] = got.equal_range(id); it != end; ++it) all.insert(it->second);
      return all;
    };
    if (sorted(one) == sorted(two)) continue;
    out << "frame " << id << ":";
    list(one, id);
    out << "; by the bridge alone:";
    list(two, id);
    out << "\n";
  }
  return out.str();
}

}  // namespace xsw::test
