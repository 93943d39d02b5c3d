// SPDX-License-Identifier: Apache-2.0
// What `cmake --install` gives the user of queue blocks, used as he uses it: pkg-config, a C and a
// C++ compiler, xsw-perf. All below /run/opt, which is the sandbox's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/veth/queues/lab.h"

namespace xsw::test {
namespace {

constexpr char kPrefix[] = "/run/opt";

class Install : public testing::Test {
 protected:
  Install() : lab_({.ports = 0}) {
    lab_.AddBlock(1);
    MustRun(std::string("cmake --install " XSW_BUILD_DIR " --prefix ") + kPrefix);
  }
  // In a shell: $P is the prefix.
  static Result Shell(const std::string& line) {
    return RunCommand(Argv{"sh", "-c", std::string("P=") + kPrefix + "; " + line});
  }
  // With what pkg-config says of the installed library, and of no other.
  static Result Compile(const std::string& compiler, const std::string& source,
                        const std::string& program) {
    return Shell("PKG_CONFIG_LIBDIR=$P/" XSW_LIBDIR "/pkgconfig; export PKG_CONFIG_LIBDIR; " +
                 compiler + " -Wall -Wextra -Werror " + source + " -o $P/" + program +
                 " $(pkg-config --cflags --libs xswq)");
  }
  QueueLab lab_;
};

TEST_F(Install, EverythingIsBelowThePrefix) {
  for (const char* file :
       {"sbin/xsw", "sbin/xswd", "bin/xsw-perf", "include/xswq.h", "include/xswq.hpp",
        "lib/systemd/system/xswd.service", "lib/systemd/system/xsw@.service",
        "lib/systemd/system/xsw-metrics.socket", "lib/systemd/system/xsw-metrics@.service",
        "lib/systemd/system/xsw-textfile.service", "lib/systemd/system/xsw-textfile.timer",
        "share/man/man8/xsw.8", "share/man/man8/xswd.8", "share/man/man1/xsw-perf.1",
        "share/xsw/configuration.schema.json", "share/bash-completion/completions/xsw"})
    EXPECT_EQ(access((std::string(kPrefix) + "/" + file).c_str(), R_OK), 0) << file;
}

// With `systemctl link`, say; and a package is made in one place for another.
TEST_F(Install, TheUnitStartsTheProgramThatIsBesideIt) {
  EXPECT_EQ(
      Shell("grep -x 'ExecStart=/run/opt/sbin/xswd .*' $P/lib/systemd/system/xswd.service").status,
      0);
  const Result package =
      Shell("DESTDIR=$P/package cmake --install " XSW_BUILD_DIR " --prefix /usr");
  ASSERT_EQ(package.status, 0) << package.err;
  EXPECT_EQ(Shell("cd $P/package/usr && test -x sbin/xswd && "
                  "grep -x 'ExecStart=/usr/sbin/xswd .*' lib/systemd/system/xswd.service")
                .status,
            0);
  const Result cflags = Shell("PKG_CONFIG_LIBDIR=$P/package/usr/" XSW_LIBDIR
                              "/pkgconfig pkg-config --variable=includedir xswq");
  EXPECT_EQ(Shell("test -f " + cflags.out.substr(0, cflags.out.find('\n')) + "/xswq.h").status, 0)
      << cflags.out;
}

TEST_F(Install, TheExampleIsBuiltWithPkgConfigAndEchoes) {
  const Result built = Compile("cc", XSW_ECHO_SOURCE, "xswq-echo");
  ASSERT_EQ(built.status, 0) << built.err;
  Process echo(Argv{"env", std::string("LD_LIBRARY_PATH=") + kPrefix + "/" XSW_LIBDIR,
                    std::string(kPrefix) + "/xswq-echo", "up0/1"});
  ASSERT_TRUE(HasQueues(echo)) << echo.Wait(0).err;
  PacketSocket wire(kOutside, kContainerDev, kTestType);
  const Bytes frame = Numbered(Eth{.dst = kMac1, .src = kOutsideMac} / Payload(46), 1);
  Bytes back = frame;
  std::swap_ranges(back.begin(), back.begin() + 6, back.begin() + 6);
  wire.Send(frame);
  EXPECT_TRUE(Gets(wire, back));
}

TEST_F(Install, TheHeadersAreEnoughForCpp) {
  std::ofstream(std::string(kPrefix) + "/open.cc")
      << "#include <xswq.hpp>\n"
         "int main(int, char** argv) { return xswq::QueuePair::Open(argv[1]) ? 0 : 1; }\n";
  const Result built = Compile("c++ -std=c++17", "$P/open.cc", "open");
  ASSERT_EQ(built.status, 0) << built.err;
  EXPECT_EQ(Shell("LD_LIBRARY_PATH=$P/" XSW_LIBDIR " $P/open up0/1").status, 0);
}

TEST_F(Install, XswPerfRunsFromWhereItIs) {
  const Result result = Shell("$P/bin/xsw-perf recv up0/1 -t 0.1 -j");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out)["frames"], 0);
}

}  // namespace
}  // namespace xsw::test
