// Text that is a secret.
#pragma once

#include "namespace.hpp"

#include <memory>
#include <string_view>
#include <utility>

COGAUTH_BEGIN

/// Text that is a secret. It can be moved and not copied, cannot be printed by accident, and is
/// wiped when it goes.
class secret {
 public:
  /// The text. It is there as long as the secret is; a copy of it nobody wipes.
  std::string_view expose() const noexcept { return {held_.get(), held_.get_deleter().length}; }

  /// So much room, all zero. The library fills it.
  explicit secret(std::size_t length) : held_(new char[length == 0 ? 1 : length](), wipe{length}) {}

  /// What was moved from is empty.
  secret(secret &&other) noexcept : held_(std::move(other.held_)) {
    other.held_.get_deleter().length = 0;
  }

  secret &operator=(secret other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }

  char *data() noexcept { return held_.get(); }

 private:
  struct wipe {
    std::size_t length = 0;
    void operator()(char *held) const noexcept {
      cogauth_wipe(held, length);
      delete[] held;
    }
  };

  std::unique_ptr<char[], wipe> held_;
};

COGAUTH_END
