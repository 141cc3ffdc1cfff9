// What the library that is loaded says of itself.
#pragma once

#include "namespace.hpp"

#include <cstdint>
#include <string_view>

COGAUTH_BEGIN

namespace detail {
/// Whether a library with this number of its ABI can serve what was compiled with this header.
constexpr bool is_compatible(std::uint32_t loaded) noexcept {
  // In 64 bits, so that no compiler objects while the minor number is 0.
  const std::int64_t minor = loaded & 0xffff;
  return loaded >> 16 == COGAUTH_ABI_MAJOR && minor >= COGAUTH_ABI_MINOR;
}
}  // namespace detail

/// Whether the library that is loaded can serve what was compiled with this header. What makes a
/// handle asks it, and fails with COGAUTH_E_FAULT where it cannot. Who uses functions without a
/// handle alone, such as parse() and redact(), asks it once.
inline bool abi_is_compatible() noexcept { return detail::is_compatible(cogauth_abi_version()); }

/// The version of the library that is loaded.
inline std::string_view version() noexcept { return cogauth_version(); }

/// Whether the library that is loaded has what is "full build only".
inline bool is_full() noexcept { return (cogauth_features() & COGAUTH_FEATURE_FULL) != 0; }

/// The name of a code, such as `expired`; empty if there is no such code.
inline std::string_view code_name(std::int32_t code) noexcept {
  std::size_t length = 0;
  const char *name = cogauth_code_name(code, &length);
  return name == nullptr ? std::string_view() : std::string_view(name, length);
}

/// What a user can do about a code, as a sentence; empty if there is no such code.
inline std::string_view code_sentence(std::int32_t code) noexcept {
  std::size_t length = 0;
  const char *sentence = cogauth_code_sentence(code, &length);
  return sentence == nullptr ? std::string_view() : std::string_view(sentence, length);
}

COGAUTH_END
