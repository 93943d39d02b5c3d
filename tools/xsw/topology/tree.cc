// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/topology/tree.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "tools/xsw/output.h"
#include "tools/xsw/topology/words.h"

namespace xsw {
namespace {

struct Tree {
  std::string text;
  std::vector<Tree> below;
};

// A name may hold ends of lines too, as a namespace's.
Tree Labelled(const std::string& name, const WordList& words) {
  const std::string text =
      absl::StrCat(name, words.empty() ? "" : ": ", absl::StrJoin(words, ", "));
  return {absl::StrReplaceAll(Printable(text), {{"\n", "?"}, {"\t", "?"}}), {}};
}

Tree TreeOf(const ConnectedEswitch& eswitch) {
  Tree tree = Labelled(eswitch.uplink.info.netdev, UplinkWords(eswitch));
  for (const ConnectedPort& port : eswitch.ports) {
    const std::string& netdev = port.info.netdev;
    tree.below.push_back(
        Labelled(absl::StrCat(port.handle, netdev.empty() ? "" : " ", netdev), PortWords(port)));
    tree.below.back().below.push_back(Labelled(port.info.ifname, FunctionWords(port)));
  }
  if (eswitch.host) tree.below.push_back({"host", {}});
  return tree;
}

Tree TreeOf(const Master& master) {
  Tree tree = Labelled(master.netdev, MasterWords(master));
  for (const MasterMember& member : master.members)
    tree.below.push_back(Labelled(member.netdev, MemberWords(member)));
  return tree;
}

struct Lines {
  const char *branch, *last, *on, *off;
};
constexpr Lines kAscii = {"|-- ", "`-- ", "|   ", "    "};
constexpr Lines kUtf8 = {"├── ", "└── ", "│   ", "    "};

void Draw(const Tree& tree, const Lines& lines, const std::string& indent, std::string* out) {
  absl::StrAppend(out, tree.text, "\n");
  for (const Tree& child : tree.below) {
    const bool last = &child == &tree.below.back();
    absl::StrAppend(out, indent, last ? lines.last : lines.branch);
    Draw(child, lines, absl::StrCat(indent, last ? lines.off : lines.on), out);
  }
}

}  // namespace

std::string DrawTree(const Connections& connections, bool utf8) {
  std::string text;
  const Lines& lines = utf8 ? kUtf8 : kAscii;
  for (const ConnectedEswitch& eswitch : connections.eswitches)
    Draw(TreeOf(eswitch), lines, "", &text);
  for (const Master& master : connections.masters) Draw(TreeOf(master), lines, "", &text);
  return text;
}

}  // namespace xsw
