// SPDX-License-Identifier: Apache-2.0
#include "tests/vm/nic/matrix.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/veth/nics.h"
#include "tests/veth/sandbox.h"

namespace xsw::test {
namespace {

void Say(const std::string& feature, const std::string& what) {
  std::printf("matrix|%s|%s|%s|%s\n", KernelSeries().c_str(), NicDriver().c_str(), feature.c_str(),
              what.c_str());
  std::fflush(stdout);
}

}  // namespace

std::string KernelSeries() {
  const auto [major, minor] = KernelVersion();
  return std::to_string(major) + "." + std::to_string(minor);
}

Feature::Feature(std::string name) : name_(std::move(name)) { Say(name_, "begun"); }
Feature::~Feature() { Say(name_, testing::Test::HasFailure() ? "**fails**" : how_); }

}  // namespace xsw::test
