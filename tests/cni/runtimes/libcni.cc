// SPDX-License-Identifier: Apache-2.0
#include "tests/cni/runtimes/libcni.h"

#include <gtest/gtest.h>

namespace xsw::test {

Attachment::Attachment(const std::string& name, const Json& lan, const Json& capabilities)
    : name_(name),
      lan_(std::string(kWorkDir) + "/libcni/" + name + ".conflist"),
      capabilities_(capabilities.dump()) {
  Machine().sandbox().AddNetns(name_);
  WriteLan(lan_, lan);
  setenv("CNI_PATH", kPluginDir, 1);
}

Attachment::~Attachment() {
  // A test that has failed leaves the next one nothing.
  if (testing::Test::HasFailure()) Call("DEL");
  Machine().sandbox().DeleteNetns(name_);
}

Argv Attachment::Command(const std::string& verb) const {
  return {XSW_LIBCNI_BINARY,
          verb,
          lan_,
          name_,
          "/run/netns/" + name_,
          kContainerDev,
          std::string(kWorkDir) + "/libcni/cache",
          capabilities_};
}

Result Attachment::Call(const std::string& verb) const { return RunCommand(Command(verb)); }

Json Attachment::Ok(const std::string& verb) const {
  const Result result = Call(verb);
  if (result.status != 0) ADD_FAILURE() << verb << ": " << result.err;
  return Json::parse(result.out, nullptr, /*allow_exceptions=*/false);
}

}  // namespace xsw::test
