// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/metrics_http.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/xsw/text_file.h"
#include "userspace/status.h"

namespace xsw {
namespace {

constexpr unsigned kRequestSeconds = 5, kSeconds = 10;
constexpr size_t kMostBytes = 8192;
constexpr uid_t kNobody = 65534;
constexpr char kHeadEnd[] = "\r\n\r\n";

// What the process that reads ends with.
constexpr struct {
  int status;
  const char* reason;
} kAnswers[] = {{200, "OK"},
                {200, "OK"},  // as OpenMetrics
                {400, "Bad Request"},
                {404, "Not Found"},
                {405, "Method Not Allowed"},
                {408, "Request Timeout"},
                {431, "Request Header Fields Too Large"},
                {500, "Internal Server Error"},
                {503, "Service Unavailable"}};
constexpr int kAsOpenMetrics = 1;

int AnswerOf(int status) {
  int at = 0;
  while (kAnswers[at].status != status) at++;
  return at;
}

bool GiveUpAllRights() {
  return !setgroups(0, nullptr) && !setresgid(kNobody, kNobody, kNobody) &&
         !setresuid(kNobody, kNobody, kNobody) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int ReadRequest() {
  std::string head;
  while (!absl::StrContains(head, kHeadEnd)) {
    char part[1024];
    const ssize_t length = read(STDIN_FILENO, part, sizeof(part));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return AnswerOf(400);
    head.append(part, static_cast<size_t>(length));
    if (head.size() > kMostBytes) return AnswerOf(431);
  }
  const HttpRequest request = ParseHttp(head);
  return request.form == Exposition::kOpenMetrics ? kAsOpenMetrics : AnswerOf(request.status);
}

// What the client sends is read and understood where an error in doing so is worth nothing.
int AskReader() {
  const pid_t reader = fork();
  if (reader == 0) {
    alarm(kRequestSeconds);
    _exit(GiveUpAllRights() ? ReadRequest() : AnswerOf(500));
  }
  int status = 0;
  while (waitpid(reader, &status, 0) < 0)
    if (errno != EINTR) return AnswerOf(500);
  if (WIFSIGNALED(status)) return AnswerOf(WTERMSIG(status) == SIGALRM ? 408 : 500);
  return WEXITSTATUS(status);
}

absl::Status Answer(int answer, const std::string& type, const std::string& body) {
  const char* allow = kAnswers[answer].status == 405 ? "Allow: GET\r\n" : "";
  return WriteAll(STDOUT_FILENO,
                  absl::StrCat("HTTP/1.1 ", kAnswers[answer].status, " ", kAnswers[answer].reason,
                               "\r\n", allow, "Content-Type: ", type,
                               "; charset=utf-8\r\nContent-Length: ", body.size(),
                               "\r\nConnection: close", kHeadEnd, body),
                  "the answer");
}

}  // namespace

HttpRequest ParseHttp(const std::string& head) {
  const std::vector<std::string> lines = absl::StrSplit(head, "\r\n");
  const std::vector<std::string> words = absl::StrSplit(lines[0], ' ');
  if (words.size() != 3 || !absl::StartsWith(words[2], "HTTP/1.")) return {.status = 400};
  if (words[0] != "GET") return {.status = 405};
  if (words[1].substr(0, words[1].find('?')) != "/metrics") return {.status = 404};
  HttpRequest request;
  for (const std::string& line : lines) {
    if (absl::StartsWithIgnoreCase(line, "accept:") &&
        absl::StrContains(absl::AsciiStrToLower(line), "application/openmetrics-text"))
      request.form = Exposition::kOpenMetrics;
  }
  return request;
}

absl::Status AnswerHttp(const std::function<absl::StatusOr<std::string>(Exposition::Form)>& text) {
  alarm(kSeconds);
  const int answer = AskReader();
  if (kAnswers[answer].status != 200)
    return Answer(answer, "text/plain", absl::StrCat(kAnswers[answer].reason, "\n"));
  const bool open = answer == kAsOpenMetrics;
  const absl::StatusOr<std::string> body =
      text(open ? Exposition::kOpenMetrics : Exposition::kPrometheus);
  if (!body.ok()) {
    // Whether the client hears of it or not: what is reported is why there is nothing to tell.
    Answer(AnswerOf(503), "text/plain", absl::StrCat(body.status().message(), "\n")).IgnoreError();
    return body.status();
  }
  return Answer(answer,
                open ? "application/openmetrics-text; version=1.0.0" : "text/plain; version=0.0.4",
                *body);
}

}  // namespace xsw
