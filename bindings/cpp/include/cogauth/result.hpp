// What a call that can fail returns.
#pragma once

#include "error.hpp"

#include <cstdlib>
#include <utility>
#include <variant>

COGAUTH_BEGIN

#if defined(__cpp_lib_expected)

/// What was asked for, or an error.
template <typename T>
using result = std::expected<T, error>;

namespace detail {
using failure = std::unexpected<error>;
}  // namespace detail

#else

namespace detail {
struct failure {
  explicit failure(error told) noexcept : told(std::move(told)) {}
  error told;
};
}  // namespace detail

/// What was asked for, or an error: a part of std::expected, for C++17.
///
/// To take the value where there is none, or the error where there is none, ends the process.
template <typename T>
class [[nodiscard]] result {
 public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(detail::failure failed) : held_(std::in_place_index<1>, std::move(failed.told)) {}

  bool has_value() const noexcept { return held_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T &operator*() & noexcept { return *there(std::get_if<0>(&held_)); }
  const T &operator*() const & noexcept { return *there(std::get_if<0>(&held_)); }
  T &&operator*() && noexcept { return std::move(*there(std::get_if<0>(&held_))); }
  T *operator->() noexcept { return there(std::get_if<0>(&held_)); }
  const T *operator->() const noexcept { return there(std::get_if<0>(&held_)); }

  const cogauth::error &error() const & noexcept { return *there(std::get_if<1>(&held_)); }
  cogauth::error &&error() && noexcept { return std::move(*there(std::get_if<1>(&held_))); }

  template <typename U>
  T value_or(U &&otherwise) const & {
    return has_value() ? **this : static_cast<T>(std::forward<U>(otherwise));
  }

  template <typename U>
  T value_or(U &&otherwise) && {
    return has_value() ? *std::move(*this) : static_cast<T>(std::forward<U>(otherwise));
  }

 private:
  template <typename Place>
  static Place *there(Place *place) noexcept {
    if (place == nullptr) std::abort();
    return place;
  }

  std::variant<T, cogauth::error> held_;
};

#endif

COGAUTH_END
