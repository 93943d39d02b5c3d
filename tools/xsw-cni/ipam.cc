// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/ipam.h"

#include <algorithm>
#include <map>
#include <string>

#include "tools/xsw-cni/delegate.h"
#include "tools/xsw-cni/error.h"
#include "tools/xsw-cni/version.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

using Variables = std::map<std::string, std::string>;

absl::StatusOr<Json> ParseAnswer(const Config& config, const std::string& output) {
  absl::StatusOr<Json> json = ParseJson(output);
  if (json.ok()) return json;
  return Error(Code::kDecodingFailure,
               absl::StrCat(config.ipam, ": its answer: ", json.status().message()));
}

// The newest version that both know. 1.1.0 alone is asked for: all know what is older.
absl::StatusOr<std::string> VersionFor(const Config& config) {
  if (IsBefore(config.version, kNewestVersion)) return config.version;
  XSW_ASSIGN_OR_RETURN(const std::string output,
                       Delegate(config.ipam, {{"CNI_COMMAND", "VERSION"}},
                                Json({{"cniVersion", config.version}}).dump()));
  XSW_ASSIGN_OR_RETURN(const Json answer, ParseAnswer(config, output));
  const Json known = answer.is_object() ? answer.value("supportedVersions", Json::array()) : Json();
  const auto& all = Versions();
  for (auto version = all.rbegin(); version != all.rend(); ++version)
    if (std::find(known.begin(), known.end(), Json(*version)) != known.end()) return *version;
  return Error(Code::kIncompatibleVersion,
               absl::StrCat(config.ipam, ": speaks no version of CNI that xsw does"));
}

absl::StatusOr<std::string> Call(const Config& config, const std::string& version,
                                 Variables variables) {
  Json json = config.json;
  json["cniVersion"] = version;
  // Its own, too, which plugins of Debian 12 read.
  if (json.contains("prevResult") && json["prevResult"].is_object())
    json["prevResult"]["cniVersion"] = version;
  return Delegate(config.ipam, variables, json.dump());
}

absl::StatusOr<bool> KnowsNewest(const Config& config) {
  if (config.ipam.empty()) return false;
  XSW_ASSIGN_OR_RETURN(const std::string version, VersionFor(config));
  return version == kNewestVersion;
}

absl::Status CallIfAny(const Config& config, Variables variables) {
  if (config.ipam.empty()) return absl::OkStatus();
  XSW_ASSIGN_OR_RETURN(const std::string version, VersionFor(config));
  return Call(config, version, std::move(variables)).status();
}

}  // namespace

absl::StatusOr<Given> IpamAdd(const Config& config) {
  if (config.ipam.empty()) return Given{};
  XSW_ASSIGN_OR_RETURN(const std::string version, VersionFor(config));
  XSW_ASSIGN_OR_RETURN(const std::string output, Call(config, version, {{"CNI_COMMAND", "ADD"}}));
  XSW_ASSIGN_OR_RETURN(const Json answer, ParseAnswer(config, output));
  absl::StatusOr<Given> given = ReadGiven(answer);
  if (!given.ok())
    return Error(Code::kDecodingFailure,
                 absl::StrCat(config.ipam, ": its answer: ", given.status().message()));
  if (given->addresses.empty())
    return Error(Code::kInvalidConfig, absl::StrCat(config.ipam, ": has given no address"));
  return given;
}

absl::Status IpamCheck(const Config& config) {
  return CallIfAny(config, {{"CNI_COMMAND", "CHECK"}});
}

absl::Status IpamDel(const Config& config, const Attachment* attachment) {
  Variables variables = {{"CNI_COMMAND", "DEL"}};
  if (attachment) {
    variables["CNI_CONTAINERID"] = attachment->container;
    variables["CNI_IFNAME"] = attachment->ifname;
    variables["CNI_NETNS"] = "";
    variables["CNI_ARGS"] = "";
  }
  return CallIfAny(config, std::move(variables));
}

absl::Status IpamStatus(const Config& config) {
  XSW_ASSIGN_OR_RETURN(const bool knows, KnowsNewest(config));
  if (!knows) return absl::OkStatus();
  return Call(config, kNewestVersion, {{"CNI_COMMAND", "STATUS"}}).status();
}

absl::StatusOr<bool> IpamGc(const Config& config) {
  XSW_ASSIGN_OR_RETURN(const bool knows, KnowsNewest(config));
  if (!knows) return false;
  XSW_RETURN_IF_ERROR(Call(config, kNewestVersion, {{"CNI_COMMAND", "GC"}}).status());
  return true;
}

}  // namespace xsw::cni
