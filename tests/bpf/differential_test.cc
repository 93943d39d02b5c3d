// SPDX-License-Identifier: Apache-2.0
// Thousands of random configurations and frames: the programs that switch (their counters, their
// verdict and the frame they leave behind, accelerated tag included), and those that explain,
// against the reference. A failure prints its seed and the smallest case that still fails; XSW_SEED
// repeats one, XSW_CASES makes it more.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/bpf/datapaths.h"

namespace xsw::test {
namespace {

constexpr int kCases = 5000;

// The reference as far as counters and a verdict can tell: a redirect is a redirect, and of copies
// to the wire there is no counter.
std::vector<Fate> AsCounted(std::vector<Fate> fates) {
  bool redirected = false;
  std::vector<Fate> counted;
  bool unicast_to_port = false;
  for (Fate fate : fates) {
    if (fate.kind == Fate::kToWire || fate.kind == Fate::kToHost) redirected = true;
    if (fate.kind == Fate::kToWire || fate.kind == Fate::kToHost) continue;
    if (fate.kind == Fate::kToPort) unicast_to_port = true;
    fate.tagged = false;
    counted.push_back(fate);
  }
  // One delivery and nothing else: by the verdict. Copies leave the frame itself to another fate.
  if (fates.size() == 1 && unicast_to_port) redirected = true;
  if (redirected) counted.push_back({Fate::kToWire});
  std::sort(counted.begin(), counted.end());
  return counted;
}

// The one of several that the frame itself goes to: copies are made first, and of wire and host the
// host is the last.
std::optional<Fate> LastOf(const std::vector<Fate>& fates) {
  for (Fate::Kind kind : {Fate::kToStack, Fate::kToHost, Fate::kToWire, Fate::kToPort}) {
    auto last = std::find_if(fates.begin(), fates.end(),
                             [&](const Fate& fate) { return fate.kind == kind; });
    if (last != fates.end()) return *last;
  }
  return std::nullopt;
}

std::string Hex(const Bytes& bytes) {
  std::string text;
  char two[3];
  for (uint8_t byte : bytes) text += (snprintf(two, sizeof(two), "%02x", byte), two);
  return text;
}

// Of the bytes. A frame of which copies went out in another dress may have lost its priority tags,
// so that only the rest is compared then, and of copies no length.
std::string DifferenceOfBytes(const RandomCase& c, const std::vector<Fate>& expected,
                              const Switched& switched) {
  const bool alone = expected.size() == 1;
  if (switched.frame) {
    Bytes want = AsSeen(c.s, c.from, c.frame, *LastOf(expected)), got = *switched.frame;
    if (!alone) want = WithoutPriorityTags(want), got = WithoutPriorityTags(got);
    if (got != want) return "frame:     " + Hex(got) + "\nreference: " + Hex(want);
  }
  if (!alone && WithoutPriorityTags(c.frame) != c.frame) return "";
  std::array<uint64_t, kRefPorts + 1> bytes = {};
  for (const Fate& fate : expected)
    if (fate.kind == Fate::kToPort) bytes[fate.port] += AsSeen(c.s, c.from, c.frame, fate).size();
  if (switched.tx_bytes == bytes) return "";
  return "tx bytes:  " + testing::PrintToString(switched.tx_bytes) +
         "\nreference: " + testing::PrintToString(bytes);
}

std::string Difference(const RandomCase& c) {
  Datapaths& d = Datapaths::Get();
  d.Configure(c);
  const std::vector<Fate> expected = Decide(c.s, c.origin, c.from, c.frame);
  const std::vector<Fate> explained = d.Explain(c);
  const Switched switched = d.Switch(c);
  if (explained != expected)
    return "explained: " + testing::PrintToString(explained) +
           "\nreference: " + testing::PrintToString(expected);
  if (switched.fates == AsCounted(expected)) return DifferenceOfBytes(c, expected, switched);
  return "switched:  " + testing::PrintToString(switched.fates) +
         "\nreference: " + testing::PrintToString(AsCounted(expected));
}

int FromEnvironment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atoi(text) : otherwise;
}

TEST(Differential, TheDatapathDoesWhatTheReferenceSays) {
  const int first = FromEnvironment("XSW_SEED", static_cast<int>(std::random_device{}() >> 1));
  const int cases = FromEnvironment("XSW_CASES", kCases);
  std::printf("seeds from %d\n", first);
  for (int i = 0; i < cases; i++) {
    const auto seed = static_cast<unsigned>(first) + static_cast<unsigned>(i);
    std::mt19937 random(seed);
    const RandomCase c = MakeCase(random);
    if (Difference(c).empty()) continue;
    const RandomCase least =
        Minimise(c, [](const RandomCase& x) { return !Difference(x).empty(); });
    ADD_FAILURE() << "XSW_SEED=" << seed << " XSW_CASES=1\n" << least << Difference(least);
    return;
  }
}

}  // namespace
}  // namespace xsw::test
