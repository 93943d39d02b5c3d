// SPDX-License-Identifier: Apache-2.0
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "userspace/xswq/queue_pair.h"

namespace {
thread_local char last_text[512];
thread_local int last_error;
}  // namespace

int xswq_internal::Fail(int error, const char* format, ...) {
  va_list args;
  va_start(args, format);
  std::vsnprintf(last_text, sizeof(last_text), format, args);
  va_end(args);
  last_error = error;
  return error;
}

const char* xswq_error(void) { return last_error ? last_text : "no error"; }

const char* xswq_strerror(int error) {
  return error == last_error ? xswq_error() : std::strerror(error < 0 ? -error : error);
}
