// SPDX-License-Identifier: Apache-2.0
#include "switchdev_model/configuration/apply.h"

#include "switchdev_model/configuration/change.h"
#include "switchdev_model/configuration/plan.h"
#include "switchdev_model/configuration/reader.h"
#include "switchdev_model/repair/check.h"
#include "userspace/status.h"

namespace xsw {
namespace {

EswitchSettings SettingsOf(const Description& wanted) {
  return Between(SettingsDescription{}, wanted.settings);
}

// An eswitch that is wanted, by its uplink's name in the document.
class Application {
 public:
  Application(const std::string& bpffs, const Document& document, const std::string& uplink,
              bool prune)
      : bpffs_(bpffs),
        document_(document),
        uplink_(uplink),
        wanted_(document.configuration.at(uplink)),
        prune_(prune) {}

  absl::Status Run();
  absl::Status Check();
  absl::StatusOr<std::vector<std::string>> Diff();

 private:
  // Without an eswitch: what there would be to do behind `eswitch add`.
  absl::StatusOr<StepPlan> PlanWithout() const;
  // Before they are run, or to tell.
  enum class Before { kRun, kNothing };
  absl::Status CheckSteps(Eswitch& eswitch, const StepPlan& plan, Before before) const;
  absl::Status RunSteps(Eswitch& eswitch, StepPlan* plan) const;
  absl::Status ApplyTo(Eswitch& eswitch) const;
  absl::StatusOr<bool> WasUnplugged() const;
  // open: why there is none to open. OK: one can be made.
  absl::Status CheckMissing(const absl::Status& open) const;
  absl::Status Place(const PlannedStep& planned, const absl::Status& status) const;

  const std::string& bpffs_;
  const Document& document_;
  const std::string& uplink_;
  const Description& wanted_;
  const bool prune_;
};

absl::Status Application::Place(const PlannedStep& planned, const absl::Status& status) const {
  if (status.ok() || !planned.sfnum) return status;
  auto place = document_.places.find({uplink_, *planned.sfnum});
  if (place == document_.places.end()) return status;
  return absl::Status(status.code(), absl::StrCat(place->second, ": ", status.message()));
}

absl::Status Application::CheckMissing(const absl::Status& open) const {
  const absl::Status add = Eswitch::CheckAdd(bpffs_, uplink_, SettingsOf(wanted_));
  return add.ok() || absl::IsNotFound(open) ? add : open;
}

absl::Status Application::CheckSteps(Eswitch& eswitch, const StepPlan& plan, Before before) const {
  for (const PlannedStep& planned : plan.steps) {
    const Step& step = *planned.step;
    const bool ahead = planned.waits || (before == Before::kRun && step.LeavesNoTrace());
    XSW_RETURN_IF_ERROR(Place(planned, ahead ? step.CheckAhead(eswitch) : step.Check(eswitch)));
  }
  return absl::OkStatus();
}

absl::Status Application::RunSteps(Eswitch& eswitch, StepPlan* plan) const {
  for (size_t i = 0; i < plan->steps.size(); i++) {
    absl::Status status = Place(plan->steps[i], plan->steps[i].step->Run(eswitch));
    if (status.ok()) continue;
    absl::Status undone;
    while (i-- > 0) undone.Update(plan->steps[i].step->Undo(eswitch));
    if (undone.ok()) return status;
    return absl::Status(status.code(), absl::StrCat(status.message(),
                                                    "; and not all of what was done before could ",
                                                    "be taken back: ", undone.message()));
  }
  return absl::OkStatus();
}

absl::Status Application::ApplyTo(Eswitch& eswitch) const {
  // What a killed command has left there, half of what is wanted maybe: the same command said again
  // finishes it, and so does the same file.
  XSW_RETURN_IF_ERROR(MendTables(eswitch));
  XSW_ASSIGN_OR_RETURN(const Present present, Describe(eswitch));
  StepPlan plan = MakePlan(present, wanted_, prune_);
  XSW_RETURN_IF_ERROR(CheckSteps(eswitch, plan, Before::kRun));
  return RunSteps(eswitch, &plan);
}

// An uplink that was unplugged and is back has another ifindex: what is left of its eswitch goes
// first.
absl::StatusOr<bool> Application::WasUnplugged() const {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(const Link link, GetLink(nl, uplink_));
  XSW_ASSIGN_OR_RETURN(const EswitchDir dir, EswitchDir::Of(nl, bpffs_, uplink_));
  return dir.exists() && dir.ifindex() != link.ifindex;
}

absl::Status Application::Run() {
  XSW_ASSIGN_OR_RETURN(const bool unplugged, WasUnplugged());
  if (unplugged) XSW_RETURN_IF_ERROR(Eswitch::Del(bpffs_, uplink_));
  {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToWrite(bpffs_, uplink_);
    if (eswitch.ok()) return ApplyTo(*eswitch);
    XSW_RETURN_IF_ERROR(CheckMissing(eswitch.status()));
  }
  XSW_RETURN_IF_ERROR(Eswitch::Add(bpffs_, uplink_, SettingsOf(wanted_)));
  absl::Status status;
  {
    absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToWrite(bpffs_, uplink_);
    status = eswitch.ok() ? ApplyTo(*eswitch) : eswitch.status();
  }
  // What is left of it the same command finds.
  if (!status.ok()) Eswitch::Del(bpffs_, uplink_).IgnoreError();
  return status;
}

absl::StatusOr<StepPlan> Application::PlanWithout() const {
  XSW_ASSIGN_OR_RETURN(Netlink nl, Netlink::Open());
  XSW_ASSIGN_OR_RETURN(const Link link, GetLink(nl, uplink_));
  return MakePlan({.uplink = link.name, .uplink_mac = link.mac, .exists = false}, wanted_, prune_);
}

absl::Status Application::Check() {
  XSW_ASSIGN_OR_RETURN(const bool unplugged, WasUnplugged());
  if (unplugged) return absl::OkStatus();
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs_, uplink_);
  if (!eswitch.ok()) return CheckMissing(eswitch.status());
  XSW_ASSIGN_OR_RETURN(const Present present, Describe(*eswitch));
  return CheckSteps(*eswitch, MakePlan(present, wanted_, prune_), Before::kNothing);
}

absl::StatusOr<std::vector<std::string>> Application::Diff() {
  XSW_ASSIGN_OR_RETURN(const bool unplugged, WasUnplugged());
  absl::StatusOr<Eswitch> eswitch = Eswitch::OpenToRead(bpffs_, uplink_);
  if (eswitch.ok() && !unplugged) {
    XSW_ASSIGN_OR_RETURN(const Present present, Describe(*eswitch));
    return Texts(MakePlan(present, wanted_, prune_), present.uplink);
  }
  if (!unplugged) XSW_RETURN_IF_ERROR(CheckMissing(eswitch.status()));
  XSW_ASSIGN_OR_RETURN(const StepPlan plan, PlanWithout());
  std::vector<std::string> lines = Texts(plan, uplink_);
  if (unplugged) lines.insert(lines.begin(), absl::StrCat("eswitch del ", uplink_));
  return lines;
}

}  // namespace

absl::StatusOr<Description> SaveEswitch(const std::string& bpffs, const std::string& uplink) {
  XSW_ASSIGN_OR_RETURN(Eswitch eswitch, Eswitch::OpenToRead(bpffs, uplink));
  XSW_ASSIGN_OR_RETURN(const Present present, Describe(eswitch));
  return ToSave(present);
}

absl::Status ApplyEswitch(const std::string& bpffs, const Document& document,
                          const std::string& uplink, bool prune) {
  return Application(bpffs, document, uplink, prune).Run();
}

absl::Status CheckApply(const std::string& bpffs, const Document& document,
                        const std::string& uplink, bool prune) {
  return Application(bpffs, document, uplink, prune).Check();
}

absl::StatusOr<std::vector<std::string>> DiffEswitch(const std::string& bpffs,
                                                     const Document& document,
                                                     const std::string& uplink, bool prune) {
  return Application(bpffs, document, uplink, prune).Diff();
}

}  // namespace xsw
