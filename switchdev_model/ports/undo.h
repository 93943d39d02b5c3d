// SPDX-License-Identifier: Apache-2.0
// Steps of a change that is all or nothing.
#ifndef XSW_SWITCHDEV_MODEL_PORTS_UNDO_H_
#define XSW_SWITCHDEV_MODEL_PORTS_UNDO_H_

#include <functional>
#include <vector>

namespace xsw {

// Takes back in reverse order what was done, unless Cancel() says that all of it has succeeded.
class Undo {
 public:
  ~Undo() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)();
  }
  void Add(std::function<void()> step) { steps_.push_back(std::move(step)); }
  void Cancel() { steps_.clear(); }

 private:
  std::vector<std::function<void()>> steps_;
};

}  // namespace xsw

#endif  // XSW_SWITCHDEV_MODEL_PORTS_UNDO_H_
