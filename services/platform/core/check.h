// SPDX-License-Identifier: Apache-2.0
// Programmer errors crash, with the place and the reason. Never used on input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace zonelink::internal {

[[noreturn]] inline void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "{\"level\":\"critical\",\"msg\":\"check failed: %s\",\"at\":\"%s:%d\"}\n",
               what, file, line);
  std::abort();
}

}  // namespace zonelink::internal

#define ZL_CHECK(condition, what)                                                  \
  do {                                                                             \
    if (!(condition)) ::zonelink::internal::CheckFailed(__FILE__, __LINE__, what); \
  } while (false)
