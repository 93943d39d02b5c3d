// SPDX-License-Identifier: Apache-2.0
#include "tests/upgrade/older_state.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <vector>

#include "tests/upgrade/values4.h"
#include "tests/veth/pins.h"
#include "tests/veth/snapshot.h"
#include "userspace/attach.h"
#include "userspace/xdp_features.h"

namespace xsw::test {
namespace {

namespace fs = std::filesystem;

constexpr int kPorts = 8;  // more than a test has

struct CloseObject {
  void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using Object = std::unique_ptr<bpf_object, CloseObject>;

// An older build's programs on up0's maps but for those that are `anew`.
Object Load(const std::string& path, bool frags, const std::vector<std::string>& anew,
            const Object* shares_stats_of = nullptr) {
  Object object(bpf_object__open_file(path.c_str(), nullptr));
  Must(object != nullptr, "open " + path);
  SetFrags(object.get(), frags);
  bpf_map* map;
  bpf_object__for_each_map(map, object.get()) {
    const std::string name = bpf_map__name(map);
    if (std::find(anew.begin(), anew.end(), name) == anew.end())
      Must(bpf_map__reuse_fd(map, OpenPin(name).get()) == 0, "share " + name);
    else if (shares_stats_of && name == "xsw_stats")
      Must(bpf_map__reuse_fd(
               map, bpf_object__find_map_fd_by_name(shares_stats_of->get(), "xsw_stats")) == 0,
           "share " + name);
  }
  Must(bpf_object__load(object.get()) == 0, "load " + path);
  return object;
}

// In our filters of every netdev, if there are any.
void AttachToFilters(int program, const std::string& name) {
  const TcHook hook = name.ends_with("_tx") ? TcHook::kEgress : TcHook::kIngress;
  const bool uplink = name.starts_with("xsw_uplink");
  for (int port = uplink ? 0 : 1; uplink ? port == 0 : port <= kPorts; port++) {
    const std::string dev = uplink ? kUplink : Representor(port);
    const int ifindex = static_cast<int>(if_nametoindex(dev.c_str()));
    Must(!ifindex || ReplaceInClsact(program, ifindex, hook).ok(), "replace the filter of " + dev);
  }
}

// Each program of the object wherever one of its name is attached, and pinned in a directory.
void Attach(const Object& object, const std::string& dir) {
  bpf_program* program;
  bpf_object__for_each_program(program, object.get()) {
    const std::string name = bpf_program__name(program);
    for (const std::string& path : Tree(EswitchPath())) {
      if (!path.ends_with("_" + name)) continue;
      Must(ReplaceInLink(bpf_program__fd(program), path).ok(), "replace " + path);
    }
    if (bpf_program__type(program) == BPF_PROG_TYPE_SCHED_CLS)
      AttachToFilters(bpf_program__fd(program), name);
    const std::string pin = dir + "/" + name;
    Must(unlink(pin.c_str()) == 0 || errno == ENOENT, "remove " + pin);
    Must(bpf_program__pin(program, pin.c_str()) == 0, "pin " + pin);
  }
}

void PinMaps(const Object& object, const std::string& dir) {
  bpf_map* map;
  bpf_object__for_each_map(map, object.get()) {
    const std::string pin = dir + "/" + bpf_map__name(map);
    if (bpf_map__is_internal(map) || access(pin.c_str(), F_OK) == 0) continue;
    Must(bpf_obj_pin(bpf_map__fd(map), pin.c_str()) == 0, "pin " + pin);
  }
}

int MapOf(const Object& object, const char* name) {
  return bpf_object__find_map_fd_by_name(object.get(), name);
}

void MoveStateUp(const std::string& state, const std::string& eswitch) {
  for (const auto& entry : fs::directory_iterator(state))
    fs::rename(entry.path(), eswitch / entry.path().filename());
  fs::remove(fs::read_symlink(eswitch + "/current").string().insert(0, eswitch + "/"));
  fs::remove(eswitch + "/current");
}

// A version before 7 has no permits.
void SetVersion(uint32_t version) {
  auto state = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  state.abi = version;
  Poke("xsw_eswitch", 0u, state);
  for (const char* map : {"xsw_lease", "xsw_bport", "xsw_permit", "xsw_permit_cache"})
    fs::remove(StateDir() + "/" + map);
}

void MoveTo(const std::string& dir, const std::string& dev, const std::string& link,
            const std::string& name, TcHook hook) {
  const int ifindex = static_cast<int>(if_nametoindex(dev.c_str()));
  const Fd program(bpf_obj_get((dir + "/current/" + name).c_str()));
  Must(static_cast<bool>(program), "open " + name);
  Must(AttachTc(XSW_TC_CLSACT, program.get(), ifindex, hook, "", name).ok(), "attach " + name);
  Must(DetachTc(XSW_TC_TCX, ifindex, hook, dir + "/" + link).ok(), "detach " + name);
}

}  // namespace

void BecomeClsact() {
  auto state = Peek<xsw_eswitch>("xsw_eswitch", 0u);
  if (state.tc == XSW_TC_CLSACT) return;
  state.tc = XSW_TC_CLSACT;
  Poke("xsw_eswitch", 0u, state);
  const std::string dir = EswitchPath();
  MoveTo(dir, kUplink, "link_xsw_uplink_rx", "xsw_uplink_rx", TcHook::kIngress);
  MoveTo(dir, kUplink, "link_xsw_uplink_tx", "xsw_uplink_tx", TcHook::kEgress);
  for (int port = 1; if_nametoindex(Representor(port).c_str()); port++) {
    const std::string pin = "ports/" + std::to_string(port) + "_";
    MoveTo(dir, Representor(port), pin + "xsw_port_rx", "xsw_port_rx", TcHook::kIngress);
    MoveTo(dir, Representor(port), pin + "xsw_port_tx", "xsw_port_tx", TcHook::kEgress);
  }
}

void BecomeVersion4() {
  const std::string dir = XSW_UPGRADE_DIR "/v4/", eswitch = EswitchPath();
  const std::vector<std::string> anew = {"xsw_eswitch", "xsw_port", "xsw_port_conf", "xsw_stats",
                                         "xsw_fdb_cache"};
  const Object programs = Load(dir + "xsw.bpf.o", RedirectsFragsToNetdevs(), anew);
  const Object queue = Load(dir + "queue.bpf.o", RedirectsFragsToSockets(), anew, &programs);
  WriteEswitch4(MapOf(programs, "xsw_eswitch"));
  WritePorts4(MapOf(programs, "xsw_port"), MapOf(programs, "xsw_port_conf"));
  WriteStats4(MapOf(programs, "xsw_stats"));
  const std::string made = eswitch + "/made";
  fs::create_directory(made);
  const std::string shared = StateDir() + "/xsw_dev_shared";
  if (fs::exists(shared)) fs::rename(shared, made + "/xsw_dev_shared");
  for (const Object* object : {&programs, &queue}) {
    Attach(*object, made);
    PinMaps(*object, made);
  }
  fs::remove_all(fs::canonical(eswitch + "/current"));
  fs::remove(eswitch + "/current");
  fs::remove(eswitch + "/uplink");
  for (const auto& entry : fs::directory_iterator(made))
    fs::rename(entry.path(), eswitch / entry.path().filename());
  fs::remove(made);
  fs::rename(eswitch, fs::path(eswitch).parent_path() / kUplink);
}

void BecomeVersion5() {
  SetVersion(5);
  MoveStateUp(StateDir(), EswitchPath());
}

void BecomeVersion6() {
  SetVersion(6);
  const fs::path eswitch = EswitchPath(), current = eswitch / "current";
  fs::rename(fs::canonical(current), eswitch / "v6");
  fs::remove(current);
  fs::create_symlink("v6", current);
}

void BecomeOtherBuild() {
  Attach(Load(XSW_OTHER_BUILD, RedirectsFragsToNetdevs(), {}), StateDir());
}

void BecomeOlder(uint32_t version) {
  if (version == 4) return BecomeVersion4();
  if (version == 5) return BecomeVersion5();
  if (version == 6) return BecomeVersion6();
  BecomeOtherBuild();
}

}  // namespace xsw::test
