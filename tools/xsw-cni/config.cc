// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/config.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_join.h"
#include "switchdev_model/words.h"
#include "tools/xsw-cni/error.h"
#include "tools/xsw-cni/port_config.h"
#include "tools/xsw-cni/result.h"
#include "tools/xsw-cni/version.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

Reader Ignored() {
  return [](const Json&, const std::string&) { return absl::OkStatus(); };
}

Reader ReadEswitch(std::optional<EswitchSettings>* to) {
  return [to](const Json& json, const std::string& place) {
    EswitchSettings& settings = to->emplace();
    return ReadObject(json, place,
                      {{"mode", Word(ParseMode, &settings.mode)},
                       {"xdp", Word(ParseXdp, &settings.xdp)},
                       {"rx_path", Word(ParseRxPath, &settings.rx_path)},
                       {"miss", Word(ParseMiss, &settings.miss)},
                       {"host", [&settings](const Json& value, const std::string& at) {
                          return OnOff(&settings.host.emplace())(value, at);
                        }}});
  };
}

Reader ReadIpam(std::string* to) {
  return [to](const Json& json, const std::string& place) {
    return ReadKnown(json, place, {{"type", Text(to)}}, LowerCase);
  };
}

// [{"containerID": "...", "ifname": "eth0"}]; what programs in Go write for an empty list is null.
Reader ReadValid(std::optional<std::vector<Attachment>>* to) {
  return [to](const Json& json, const std::string& place) {
    to->emplace();
    if (json.is_null()) return absl::OkStatus();
    return ReadList(json, place, [to](const Json& row, const std::string& at) -> absl::Status {
      Attachment& attachment = (*to)->emplace_back();
      return ReadKnown(
          row, at,
          {{"containerid", Text(&attachment.container)}, {"ifname", Text(&attachment.ifname)}},
          LowerCase);
    });
  };
}

// All that it takes to end an attachment: no other word of a configuration keeps one.
std::map<std::string, Reader> EndReaders(Config* config) {
  return {
      {"name", Text(&config->name)},
      {"ipam", ReadIpam(&config->ipam)},
      {"cni.dev/valid-attachments", ReadValid(&config->valid)},
      {"master", Text(&config->master)},
      {"bpffs", Text(&config->bpffs)},
  };
}

std::map<std::string, Reader> NetworkReaders(Config* config) {
  std::map<std::string, Reader> readers = {
      {"cniversion", Ignored()},
      {"type", Ignored()},
      {"capabilities", Ignored()},
      {"dns",
       [config](const Json& json, const std::string& place) {
         config->dns = json;
         return CheckDns(json, place);
       }},
      {"args", Ignored()},
      {"disablecheck", Ignored()},
      {"disablegc", Ignored()},
      {"loadonlyinlinedplugins", Ignored()},
      {"ipmasq",
       [](const Json& json, const std::string&) {
         return json == true
                    ? Error(Code::kUnsupportedField,
                            "ipMasq true: an eswitch does no NAT, the network outside does")
                    : absl::OkStatus();
       }},
      {"prevresult",
       [config](const Json& json, const std::string&) {
         config->previous = json;
         return absl::OkStatus();
       }},
      {"eswitch", ReadEswitch(&config->eswitch)},
  };
  readers.merge(EndReaders(config));
  return readers;
}

absl::Status ReadKeys(const Json& json, const std::map<std::string, Reader>& readers) {
  std::set<std::string> seen;
  return ReadMembers(
      json, "",
      [&](const std::string& key, const Json& value, const std::string& at) -> absl::Status {
        if (!seen.insert(LowerCase(key)).second)
          return Error(Code::kInvalidConfig, absl::StrCat(at, ": comes twice"));
        const auto reader = readers.find(LowerCase(key));
        if (reader != readers.end())
          return WithCode(Code::kInvalidConfig, reader->second(value, at));
        if (key.find('/') != std::string::npos) return absl::OkStatus();
        return Error(Code::kUnsupportedField,
                     absl::StrCat("unknown key \"", key, "\" with value ", value.dump()));
      });
}

absl::Status CheckVersion(const Json& json, std::string* version) {
  const auto found = json.find("cniVersion");
  *version = found != json.end() && found->is_string() ? found->get<std::string>() : "";
  const auto& all = Versions();
  if (std::find(all.begin(), all.end(), *version) != all.end()) return absl::OkStatus();
  return Error(Code::kIncompatibleVersion,
               absl::StrCat("cniVersion \"", *version, "\" is none of ", absl::StrJoin(all, ", ")));
}

absl::StatusOr<Json> Parse(const std::string& input) {
  absl::StatusOr<Json> json = ParseJson(input);
  if (!json.ok())
    return Error(Code::kDecodingFailure,
                 absl::StrCat("the configuration on stdin: ", json.status().message()));
  if (!json->is_object())
    return Error(Code::kDecodingFailure, "the configuration on stdin is no object");
  return json;
}

absl::Status CheckNames(const Config& config) {
  if (!IsIdentifier(config.name))
    return Error(Code::kInvalidConfig,
                 absl::StrCat("name ", Json(config.name).dump(), " is no name of a network"));
  if (config.ipam.find('/') != std::string::npos)
    return Error(Code::kInvalidConfig, absl::StrCat("ipam type \"", config.ipam, "\" has a /"));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Config> ReadConfig(const Request& request) {
  Config config;
  XSW_ASSIGN_OR_RETURN(config.json, Parse(request.input));
  XSW_RETURN_IF_ERROR(CheckVersion(config.json, &config.version));
  PortConfig port;
  std::map<std::string, Reader> readers = NetworkReaders(&config);
  readers.merge(PortReaders(&port));
  XSW_RETURN_IF_ERROR(ReadKeys(config.json, readers));
  XSW_RETURN_IF_ERROR(CheckNames(config));
  XSW_RETURN_IF_ERROR(Combine(request, port, &config));
  if (config.master.empty())
    return Error(Code::kInvalidConfig, "master is missing: the uplink of an eswitch");
  if (config.ipam.empty() && (port.wants_ips || request.args.contains("IP")))
    return Error(Code::kInvalidConfig, "an IP address is asked for, but there is no ipam");
  return config;
}

absl::StatusOr<Config> ReadConfigToEnd(const Request& request) {
  Config config;
  XSW_ASSIGN_OR_RETURN(config.json, Parse(request.input));
  XSW_RETURN_IF_ERROR(CheckVersion(config.json, &config.version));
  XSW_RETURN_IF_ERROR(
      WithCode(Code::kInvalidConfig, ReadKnown(config.json, "", EndReaders(&config), LowerCase)));
  XSW_RETURN_IF_ERROR(CheckNames(config));
  return config;
}

absl::Status CheckSince(const Config& config, const std::string& version, const char* command) {
  if (!IsBefore(config.version, version)) return absl::OkStatus();
  return Error(Code::kIncompatibleVersion,
               absl::StrCat("cniVersion ", config.version, " has no ", command));
}

std::string VersionOf(const std::string& input) {
  const absl::StatusOr<Json> json = ParseJson(input);
  if (!json.ok() || !json->is_object() || !json->contains("cniVersion")) return kNewestVersion;
  const Json& version = (*json)["cniVersion"];
  return version.is_string() ? version.get<std::string>() : kNewestVersion;
}

}  // namespace xsw::cni
