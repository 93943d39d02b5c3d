// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/version/programs.h"

#include "userspace/attach.h"
#include "userspace/pinned.h"
#include "userspace/status.h"
#include "userspace/version_dir.h"

namespace xsw {
namespace {

// None, while nobody captures.
absl::StatusOr<Fd> CaptureProgram(Eswitch& eswitch, const std::string& name) {
  return OpenPin(absl::StrCat(CaptureDir(eswitch.dir().path()), "/", name));
}

absl::StatusOr<std::vector<Fd>> Programs(Eswitch& eswitch, const std::string& name) {
  std::vector<Fd> programs;
  XSW_ASSIGN_OR_RETURN(Fd in_force, eswitch.datapath().Program(name));
  XSW_ASSIGN_OR_RETURN(Fd captures, CaptureProgram(eswitch, name));
  programs.push_back(std::move(in_force));
  if (captures) programs.push_back(std::move(captures));
  return programs;
}

}  // namespace

absl::StatusOr<Fd> ProgramToAttach(Eswitch& eswitch, const std::string& name) {
  XSW_ASSIGN_OR_RETURN(Fd captures, CaptureProgram(eswitch, name));
  if (captures) return captures;
  return eswitch.datapath().Program(name);
}

absl::StatusOr<std::vector<uint32_t>> ProgramIds(Eswitch& eswitch, const std::string& name) {
  XSW_ASSIGN_OR_RETURN(const std::vector<Fd> programs, Programs(eswitch, name));
  std::vector<uint32_t> ids;
  for (const Fd& program : programs) {
    XSW_ASSIGN_OR_RETURN(const uint32_t id, ProgramId(program));
    ids.push_back(id);
  }
  return ids;
}

absl::StatusOr<bool> HasTcProgram(Eswitch& eswitch, const std::string& name, int ifindex,
                                  TcHook hook) {
  XSW_ASSIGN_OR_RETURN(const std::vector<Fd> programs, Programs(eswitch, name));
  for (const Fd& program : programs) {
    XSW_ASSIGN_OR_RETURN(const bool there,
                         TcIsAttached(eswitch.tc(), program.get(), ifindex, hook));
    if (there) return true;
  }
  return false;
}

absl::StatusOr<bool> HasXdpProgram(Eswitch& eswitch, const std::string& name, int ifindex) {
  XSW_ASSIGN_OR_RETURN(const std::vector<Fd> programs, Programs(eswitch, name));
  for (const Fd& program : programs) {
    XSW_ASSIGN_OR_RETURN(const bool there, XdpIsAttached(program.get(), ifindex));
    if (there) return true;
  }
  return false;
}

}  // namespace xsw
