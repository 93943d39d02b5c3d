// SPDX-License-Identifier: Apache-2.0
#include "tools/xsw/args.h"

#include <gtest/gtest.h>

namespace xsw {
namespace {

struct Got {
  std::string a, b;
};

absl::Status TakeInto(std::vector<std::string> words, Got* got) {
  Args args(std::move(words));
  auto store = [](std::string* to) {
    return [to](const std::string& value) {
      *to = value;
      return absl::OkStatus();
    };
  };
  return args.TakePairs({{"a", store(&got->a)}, {"b", store(&got->b)}});
}

TEST(Args, PairsComeInAnyOrder) {
  Got got;
  ASSERT_TRUE(TakeInto({"b", "2", "a", "1"}, &got).ok());
  EXPECT_EQ(got.a, "1");
  EXPECT_EQ(got.b, "2");
}

TEST(Args, MalformedPairsAreUsageErrorsThatNameTheWord) {
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"a", "1", "c", "2"}, "unknown word \"c\""},
      {{"a", "1", "a", "2"}, "\"a\" comes twice"},
      {{"a"}, "the value of a is missing"},
  };
  for (const auto& [words, message] : rows) {
    Got got;
    absl::Status status = TakeInto(words, &got);
    EXPECT_TRUE(IsUsageError(status));
    EXPECT_EQ(status.message(), message);
  }
}

TEST(Args, WordsLeftOverAreAUsageError) {
  Args args({"one", "two"});
  EXPECT_EQ(*args.Take("X"), "one");
  EXPECT_EQ(args.Done().message(), "\"two\" is one word too many");
  EXPECT_EQ(args.Expect("three").message(), "\"two\" is not \"three\"");
  EXPECT_TRUE(args.empty());
  EXPECT_EQ(args.Take("DEV").status().message(), "DEV is missing");
}

TEST(Args, NumbersAreWholeAndWithin32Bits) {
  EXPECT_EQ(*ParseNumber("sfnum", "4294967295"), 4294967295u);
  for (const char* text : {"-1", "4294967296", "1.5", "x", "", "0x10"})
    EXPECT_TRUE(IsUsageError(ParseNumber("sfnum", text).status())) << text;
}

TEST(Args, AValueThatIsNotThereYetIsNoUsageError) {
  absl::Status status = Only("class", "netdev")("queues");
  EXPECT_FALSE(IsUsageError(status));
  EXPECT_EQ(status.message(), "class queues is not there: only netdev is");
  EXPECT_TRUE(Only("class", "netdev")("netdev").ok());
}

}  // namespace
}  // namespace xsw
