// SPDX-License-Identifier: Apache-2.0
// The network's configuration, in the words of sriov-cni, macvlan and bridge, as what is to be done
// with a port.
#ifndef XSW_TOOLS_XSW_CNI_CONFIG_H_
#define XSW_TOOLS_XSW_CNI_CONFIG_H_

#include <optional>
#include <string>
#include <vector>

#include "switchdev_model/configuration/reader.h"
#include "switchdev_model/eswitch/eswitch.h"
#include "switchdev_model/ports/attachment.h"
#include "switchdev_model/ports/function_change.h"
#include "tools/xsw-cni/request.h"

namespace xsw::cni {

struct Config {
  Json json;  // as it came, for the plugins that are called in turn
  std::string version;
  std::string name;
  std::string master;
  std::string bpffs;                       // where the state is; empty: /sys/fs/bpf
  std::optional<EswitchSettings> eswitch;  // how it is made if there is none
  FunctionChange function;
  std::string ipam;           // the plugin's name; empty: addresses are not ours to give
  Json dns = Json::object();  // in place of what the IPAM plugin says, if it says anything
  std::optional<Json> previous;
  std::optional<std::vector<Attachment>> valid;  // of GC

  bool is_queues() const { return function.port_class == XSW_CLASS_QUEUES; }
};

// Keys are taken in whatever case, as programs in Go take and write them. Precedence as sriov-cni:
// runtimeConfig before CNI_ARGS before the configuration. An error has a code; what is no key is an
// error, but for those in whose name is a '/', which are the runtimes'.
absl::StatusOr<Config> ReadConfig(const Request& request);

// For DEL and GC, which take whatever ADD has refused: version, name, master, bpffs, ipam and the
// valid attachments alone; other keys are passed over.
absl::StatusOr<Config> ReadConfigToEnd(const Request& request);

// kIncompatibleVersion: its version is older than the command.
absl::Status CheckSince(const Config& config, const std::string& version, const char* command);

// The version alone, of whatever can be read; else the newest.
std::string VersionOf(const std::string& input);

}  // namespace xsw::cni

#endif  // XSW_TOOLS_XSW_CNI_CONFIG_H_
