// What the library counts references of.
#pragma once

#include "call.hpp"

COGAUTH_BEGIN
namespace detail {

inline error other_abi() {
  return error(COGAUTH_E_FAULT,
               R"({"code":703,"codeName":"fault","message":"the library that is loaded has )"
               R"(another ABI than the header that this program was compiled with"})");
}

/// A reference to something of the library's. A copy is one more reference to the same thing.
template <typename Raw, Raw *(*Retain)(Raw *), void (*Release)(Raw *)>
class handle {
 public:
  handle(const handle &other) noexcept : raw_(Retain(other.raw_)) {}
  handle(handle &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}

  handle &operator=(handle other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }

  ~handle() { Release(raw_); }

  /// Gives the reference back before the handle goes. Calls answer COGAUTH_E_FREED from then on.
  void reset() noexcept { Release(std::exchange(raw_, nullptr)); }

  /// Whether there is something to use: it was neither moved away nor reset.
  explicit operator bool() const noexcept { return raw_ != nullptr; }

  /// The handle of cogauth.h, which stays this one's.
  Raw *raw() const noexcept { return raw_; }

 protected:
  /// Takes over a reference.
  explicit handle(Raw *raw) noexcept : raw_(raw) {}

  /// What a call makes that writes a handle.
  template <typename Self, typename Call>
  static result<Self> made(Call &&call) {
    // Another ABI may read these arguments otherwise, so that nothing is asked of it.
    if (!abi_is_compatible()) return failure(other_abi());
    Raw *raw = nullptr;
    auto failed = attempt([&](cogauth_error *told) { return call(&raw, told); });
    if (failed) return failure(*std::move(failed));
    return Self(raw);
  }

 private:
  Raw *raw_;
};

}  // namespace detail
COGAUTH_END
