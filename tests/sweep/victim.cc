// SPDX-License-Identifier: Apache-2.0
// What injector_test kills: makes the directories a, b and c in the one that it is given, b in
// another thread.
#include <sys/stat.h>

#include <cstdio>
#include <string>
#include <thread>

int main(int, char** argv) {
  auto make = [dir = std::string(argv[1])](const char* name) {
    if (mkdir((dir + "/" + name).c_str(), 0700)) std::perror(name);
  };
  make("a");
  std::thread(make, "b").join();
  make("c");
  std::puts("done");
  return 0;
}
