// SPDX-License-Identifier: Apache-2.0
// A step is what one command of xsw changes: it can be checked, done, taken back and said.
// Commands, their dry runs and `xsw apply` are made of these.
#ifndef XSW_SWITCHDEV_MODEL_CONFIGURATION_STEP_H_
#define XSW_SWITCHDEV_MODEL_CONFIGURATION_STEP_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/port.h"

namespace xsw {

class Step {
 public:
  virtual ~Step() = default;
  // What Run would refuse before it changes anything.
  virtual absl::Status Check(Eswitch& eswitch) const = 0;
  // As far as that can be told before the steps that come first.
  virtual absl::Status CheckAhead(Eswitch&) const { return absl::OkStatus(); }
  // Undo leaves no trace of it: Run may find out what Check would, which takes as long.
  virtual bool LeavesNoTrace() const { return false; }
  // All or nothing.
  virtual absl::Status Run(Eswitch& eswitch) = 0;
  // After a Run that has succeeded.
  virtual absl::Status Undo(Eswitch& eswitch) = 0;
  // The command's words without "xsw": "port del up0/3".
  virtual std::string Text(const std::string& uplink) const = 0;
};
using Steps = std::vector<std::unique_ptr<Step>>;

// A port that a step is about: by its index, or, where an earlier step makes it, by its sfnum.
class PortRef {
 public:
  static PortRef Host() { return AtIndex(XSW_UPLINK); }
  static PortRef AtIndex(uint32_t index) { return PortRef(index, 0); }
  static PortRef OfSfnum(uint32_t sfnum) { return PortRef(std::nullopt, sfnum); }

  // NotFound: no port has the sfnum. An index is what it is, whether there is such a port or not.
  absl::StatusOr<uint32_t> In(Eswitch& eswitch) const;
  // "up0/3", or the name that its representor will have.
  std::string Handle(const std::string& uplink) const;

 private:
  PortRef(std::optional<uint32_t> index, uint32_t sfnum) : index_(index), sfnum_(sfnum) {}
  std::optional<uint32_t> index_;
  uint32_t sfnum_;
};

class SettingsStep : public Step {
 public:
  explicit SettingsStep(const EswitchSettings& change, const EswitchSettings& back = {})
      : change_(change), back_(back) {}
  absl::Status Check(Eswitch& eswitch) const override { return eswitch.CheckSet(change_); }
  absl::Status Run(Eswitch& eswitch) override { return eswitch.Set(change_); }
  absl::Status Undo(Eswitch& eswitch) override { return eswitch.Set(back_); }
  std::string Text(const std::string& uplink) const override;

 private:
  EswitchSettings change_, back_;
};

class PortAddStep : public Step {
 public:
  explicit PortAddStep(PortSpec spec) : spec_(std::move(spec)) {}
  absl::Status Check(Eswitch& eswitch) const override { return CheckAddPort(eswitch, spec_); }
  absl::Status CheckAhead(Eswitch& eswitch) const override;
  bool LeavesNoTrace() const override { return true; }
  absl::Status Run(Eswitch& eswitch) override;
  absl::Status Undo(Eswitch& eswitch) override { return DelPort(eswitch, index_); }
  std::string Text(const std::string& uplink) const override;

  uint32_t index() const { return index_; }  // after Run

 private:
  PortSpec spec_;
  uint32_t index_ = 0;
};

class PortDelStep : public Step {
 public:
  // back makes it anew, as far as that can be: its counters and its netdevs are gone.
  explicit PortDelStep(PortRef port, Steps back = {}) : port_(port), back_(std::move(back)) {}
  absl::Status Check(Eswitch& eswitch) const override;
  absl::Status Run(Eswitch& eswitch) override;
  absl::Status Undo(Eswitch& eswitch) override;
  std::string Text(const std::string& uplink) const override;

 private:
  PortRef port_;
  Steps back_;
};

class FunctionStep : public Step {
 public:
  FunctionStep(PortRef port, FunctionChange change, FunctionChange back = {})
      : port_(port), change_(std::move(change)), back_(std::move(back)) {}
  absl::Status Check(Eswitch& eswitch) const override;
  absl::Status CheckAhead(Eswitch& eswitch) const override;
  absl::Status Run(Eswitch& eswitch) override;
  absl::Status Undo(Eswitch& eswitch) override;
  std::string Text(const std::string& uplink) const override;

 private:
  absl::StatusOr<uint32_t> Port(Eswitch& eswitch) const;

  PortRef port_;
  FunctionChange change_, back_;
};

// An entry of the FDB or of the MDB.
struct TableOfEntries;
extern const TableOfEntries kFdbTable, kMdbTable;

class EntryStep : public Step {
 public:
  // say_untagged: the port has another VLAN for untagged frames at that time.
  EntryStep(const TableOfEntries& table, bool add, PortRef port, const Mac& mac, uint16_t vlan,
            bool say_untagged = false)
      : table_(table),
        add_(add),
        port_(port),
        mac_(mac),
        vlan_(vlan),
        say_vlan_(vlan || say_untagged) {}
  absl::Status Check(Eswitch& eswitch) const override;
  absl::Status Run(Eswitch& eswitch) override { return Change(eswitch, add_); }
  absl::Status Undo(Eswitch& eswitch) override { return Change(eswitch, !add_); }
  std::string Text(const std::string& uplink) const override;

 private:
  absl::Status Change(Eswitch& eswitch, bool add) const;

  const TableOfEntries& table_;
  bool add_;
  PortRef port_;
  Mac mac_;
  uint16_t vlan_;  // 0: untagged
  bool say_vlan_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_CONFIGURATION_STEP_H_
