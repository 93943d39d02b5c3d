// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw-cni/request.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tools/xsw-cni/error.h"
#include "userspace/link.h"
#include "userspace/status.h"

namespace xsw::cni {
namespace {

constexpr size_t kMostInput = 1 << 20;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

absl::Status Missing(const Request& request) {
  const bool attaches = request.command == "ADD" || request.command == "CHECK";
  const bool names = attaches || request.command == "DEL";
  std::vector<std::string> missing;
  if (request.command.empty()) missing.push_back("CNI_COMMAND");
  if (names && request.container.empty()) missing.push_back("CNI_CONTAINERID");
  if (names && request.ifname.empty()) missing.push_back("CNI_IFNAME");
  if (attaches && request.netns.empty()) missing.push_back("CNI_NETNS");
  if (missing.empty()) return absl::OkStatus();
  return Error(Code::kInvalidEnvironment,
               absl::StrCat("required env variables [", absl::StrJoin(missing, ","), "] missing"));
}

absl::Status CheckNames(const Request& request) {
  if (!request.container.empty() && !IsIdentifier(request.container))
    return Error(Code::kInvalidEnvironment,
                 absl::StrCat("CNI_CONTAINERID \"", request.container, "\" is no container id"));
  if (!request.ifname.empty() && !IsNetdevName(request.ifname))
    return Error(Code::kInvalidEnvironment,
                 absl::StrCat("CNI_IFNAME \"", request.ifname, "\" is no name of a netdev"));
  return absl::OkStatus();
}

// "IgnoreUnknown=1;K8S_POD_NAME=web;IP=192.0.2.7".
absl::Status ReadArgs(Request* request) {
  for (const absl::string_view pair :
       absl::StrSplit(Variable("CNI_ARGS"), ';', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> words = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    if (pair.find('=') == absl::string_view::npos)
      return Error(Code::kInvalidEnvironment, absl::StrCat("CNI_ARGS: \"", pair, "\" has no ="));
    request->args[words.first] = words.second;
  }
  static const std::set<std::string> kKnown = {"IgnoreUnknown", "MAC", "IP", "GATEWAY"};
  const std::string ignore = absl::AsciiStrToLower(request->args["IgnoreUnknown"]);
  if (ignore == "1" || ignore == "true") return absl::OkStatus();
  for (const auto& [key, value] : request->args)
    if (!kKnown.contains(key))
      return Error(Code::kInvalidEnvironment,
                   absl::StrCat("CNI_ARGS: unknown ", key, " (IgnoreUnknown=1 passes it over)"));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadInput() {
  std::string input;
  char part[4096];
  for (;;) {
    const ssize_t count = read(STDIN_FILENO, part, sizeof(part));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return WithCode(Code::kIoFailure, ErrnoStatus(errno, "read stdin"));
    if (count == 0) return input;
    input.append(part, static_cast<size_t>(count));
    if (input.size() > kMostInput)
      return Error(Code::kIoFailure, absl::StrCat("stdin has more than ", kMostInput, " bytes"));
  }
}

}  // namespace

bool IsIdentifier(const std::string& text) {
  return !text.empty() && absl::ascii_isalnum(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '-';
         });
}

absl::StatusOr<Request> ReadRequest() {
  Request request{.command = Variable("CNI_COMMAND"),
                  .container = Variable("CNI_CONTAINERID"),
                  .netns = Variable("CNI_NETNS"),
                  .ifname = Variable("CNI_IFNAME")};
  XSW_RETURN_IF_ERROR(Missing(request));
  // Podman asks for the version with names of its own.
  if (request.command != "VERSION") {
    XSW_RETURN_IF_ERROR(CheckNames(request));
    // DEL has no use for them, and is called for an ADD that has refused them.
    if (request.command != "DEL") XSW_RETURN_IF_ERROR(ReadArgs(&request));
  }
  XSW_ASSIGN_OR_RETURN(request.input, ReadInput());
  return request;
}

}  // namespace xsw::cni
