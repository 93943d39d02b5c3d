// SPDX-License-Identifier: Apache-2.0
#include "userspace/thread.h"

#include <pthread.h>

#include "userspace/status.h"

namespace xsw {
namespace {

struct Job {
  const std::function<absl::Status()>& work;
  absl::Status status;
};

void* Run(void* arg) {
  auto* job = static_cast<Job*>(arg);
  job->status = job->work();
  return nullptr;
}

}  // namespace

absl::Status InThread(const std::function<absl::Status()>& work) {
  Job job{.work = work};
  pthread_t thread;
  if (int err = pthread_create(&thread, nullptr, Run, &job))
    return ErrnoStatus(err, "start a thread");
  if (int err = pthread_join(thread, nullptr)) return ErrnoStatus(err, "wait for a thread");
  return job.status;
}

}  // namespace xsw
