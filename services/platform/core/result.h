// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. Member names are those of std::expected, which GCC 12 lacks in
// C++20.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "platform/core/check.h"
#include "platform/core/error.h"

namespace zonelink {

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : held_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error)
      : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return Get(); }
  const T& value() const& { return std::as_const(*this).Get(); }
  T&& value() && { return std::move(Get()); }
  T& operator*() & { return Get(); }
  const T& operator*() const& { return Get(); }
  T&& operator*() && { return std::move(Get()); }
  T* operator->() { return &Get(); }
  const T* operator->() const { return &Get(); }

  const Error& error() const& { return GetError(); }
  Error&& error() && { return std::move(GetError()); }

  // `next` takes T and returns a Result.
  template <class F>
  auto and_then(F&& next) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return std::move(GetError());
    return std::forward<F>(next)(std::move(Get()));
  }
  // `change` takes T and returns a plain value.
  template <class F>
  auto transform(F&& change) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return std::move(GetError());
    return std::forward<F>(change)(std::move(Get()));
  }
  // `change` takes Error and returns Error.
  template <class F>
  Result transform_error(F&& change) && {
    if (has_value()) return std::move(Get());
    return std::forward<F>(change)(std::move(GetError()));
  }

 private:
  T& Get() {
    ZL_CHECK(has_value(), "value() of a refused Result");
    return std::get<0>(held_);
  }
  const T& Get() const {
    ZL_CHECK(has_value(), "value() of a refused Result");
    return std::get<0>(held_);
  }
  Error& GetError() {
    ZL_CHECK(!has_value(), "error() of a successful Result");
    return std::get<1>(held_);
  }
  const Error& GetError() const {
    ZL_CHECK(!has_value(), "error() of a successful Result");
    return std::get<1>(held_);
  }

  std::variant<T, Error> held_;
};

// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace zonelink
