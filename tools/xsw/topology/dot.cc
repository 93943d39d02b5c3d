// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/topology/dot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/xsw/output.h"
#include "tools/xsw/text_file.h"
#include "tools/xsw/topology/words.h"
#include "userspace/fd.h"
#include "userspace/status.h"

namespace xsw {
namespace {

// A name in a label: a quote would end it, a backslash and an ampersand begin something else.
std::string Escaped(const std::string& name) {
  return absl::StrReplaceAll(Ascii(name), {{"\\", "\\\\"}, {"\"", "\\\""}, {"&", "&amp;"}});
}

class Graph {
 public:
  // Returns what Edge() takes.
  std::string Node(const std::string& name, const WordList& words, const std::string& style) {
    const std::string id = absl::StrCat("n", nodes_++);
    std::string label = Escaped(name);
    for (const std::string& word : words) absl::StrAppend(&label, "\\n", Escaped(word));
    absl::StrAppend(&text_, "  ", id, " [label=\"", label, "\"", style, "];\n");
    return id;
  }
  void Edge(const std::string& a, const std::string& b, const char* style = "") {
    absl::StrAppend(&text_, "  ", a, " -- ", b, style, ";\n");
  }
  std::string Text() const {
    return absl::StrCat(
        "graph topology {\n  rankdir=LR;\n"
        "  node [shape=box, fontname=\"monospace\", fontsize=10];\n",
        text_, "}\n");
  }

 private:
  int nodes_ = 0;
  std::string text_;
};

// ids: of the nodes, by netdev.
void AddEswitch(const ConnectedEswitch& eswitch, Graph* graph,
                std::map<std::string, std::string>* ids) {
  const std::string uplink =
      graph->Node(eswitch.uplink.info.netdev, UplinkWords(eswitch), ", style=bold");
  (*ids)[eswitch.uplink.info.netdev] = uplink;
  graph->Edge(graph->Node("wire", {}, ", shape=plaintext"), uplink);
  if (eswitch.host) graph->Edge(graph->Node("host", {}, ", shape=plaintext"), uplink);
  for (const ConnectedPort& port : eswitch.ports) {
    const PortInfo& info = port.info;
    const std::string id =
        graph->Node(absl::StrCat(port.handle, " ", info.netdev), PortWords(port), "");
    if (!info.netdev.empty()) (*ids)[info.netdev] = id;
    graph->Edge(uplink, id);
    graph->Edge(id, graph->Node(info.ifname, FunctionWords(port), ", style=rounded"),
                info.attached ? "" : " [style=dotted]");
  }
}

void AddMaster(const Master& master, const std::map<std::string, std::string>& ids, Graph* graph) {
  const std::string id = graph->Node(master.netdev, MasterWords(master), ", shape=hexagon");
  for (const MasterMember& member : master.members) {
    const auto port = ids.find(member.netdev);
    graph->Edge(
        id, port != ids.end() ? port->second : graph->Node(member.netdev, MemberWords(member), ""),
        " [style=dashed]");
  }
}

}  // namespace

std::string DrawDot(const Connections& connections) {
  Graph graph;
  std::map<std::string, std::string> ids;
  for (const ConnectedEswitch& eswitch : connections.eswitches) AddEswitch(eswitch, &graph, &ids);
  for (const Master& master : connections.masters) AddMaster(master, ids, &graph);
  return graph.Text();
}

absl::Status PrintSvg(const std::string& dot) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return ErrnoStatus(errno, "make a pipe for dot");
  Fd out(ends[0]), in(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDIN_FILENO);
  std::string words[] = {"dot", "-Tsvg"};
  char* const argv[] = {words[0].data(), words[1].data(), nullptr};
  pid_t pid;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT)
    return absl::NotFoundError("--svg: there is no program dot: install the package graphviz");
  if (failed) return ErrnoStatus(failed, "run dot");
  out = Fd();
  // What it has not read, its status says.
  std::signal(SIGPIPE, SIG_IGN);
  const absl::Status written = WriteAll(in.get(), dot, "to dot");
  in = Fd();
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status) return absl::InternalError("dot could not draw it");
  return written;
}

}  // namespace xsw
