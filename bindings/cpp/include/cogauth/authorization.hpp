// Text that may hold credentials: the Authorization header, and logs.
#pragma once

#include "call.hpp"

COGAUTH_BEGIN

enum class scheme : std::int32_t {
  /// There is no Authorization header.
  nothing = COGAUTH_SCHEME_NOTHING,
  /// It has another scheme than Bearer.
  other = COGAUTH_SCHEME_OTHER,
  bearer = COGAUTH_SCHEME_BEARER,
};

/// What an Authorization header says.
struct authorization {
  cogauth::scheme scheme = scheme::nothing;
  /// The credential of a bearer, which lies in the caller's own text.
  std::string_view credential;
};

namespace detail {
inline std::vector<cogauth_slice> slices(const std::vector<std::string_view> &texts) {
  std::vector<cogauth_slice> slices;
  slices.reserve(texts.size());
  for (const std::string_view text : texts) slices.push_back(slice(text));
  return slices;
}
}  // namespace detail

/// Reads all lines of the Authorization header of a request, each a value without the name.
inline result<authorization> read_authorization(const std::vector<std::string_view> &lines) {
  const auto slices = detail::slices(lines);
  std::int32_t scheme = COGAUTH_SCHEME_NOTHING;
  cogauth_slice credential{nullptr, 0};
  auto failed = detail::attempt([&](cogauth_error *told) {
    return cogauth_authorization_read(slices.data(), slices.size(), &scheme, &credential, told);
  });
  if (failed) return detail::failure(*std::move(failed));
  return authorization{static_cast<cogauth::scheme>(scheme), detail::view(credential)};
}

/// A place in a text that looks like a credential.
class finding {
 public:
  /// Where it begins in the text, in bytes from 0.
  std::uint64_t start() const noexcept { return raw.start; }

  /// The first byte after it.
  std::uint64_t end() const noexcept { return raw.end; }

  /// The part that may be shown, if it is a well-formed token.
  std::optional<std::string_view> handle() const noexcept {
    return raw.is_token != 0 ? std::optional<std::string_view>(raw.handle) : std::nullopt;
  }

  cogauth_finding raw{sizeof(cogauth_finding), 0, 0, 0, {}};
};

/// The next thing in a text that looks like a credential, from a byte offset on, if there is one.
/// An error is no word on whether there is. It allocates nothing where it succeeds.
inline result<std::optional<finding>> find(std::string_view text, std::size_t from = 0) {
  finding next;
  std::int32_t found = 0;
  auto failed = detail::attempt([&](cogauth_error *told) {
    return cogauth_text_scan(text.data(), text.size(), from, &found, &next.raw, told);
  });
  if (failed) return detail::failure(*std::move(failed));
  return found != 0 ? std::optional(next) : std::nullopt;
}

/// All that looks like a credential in a text.
inline result<std::vector<finding>> scan(std::string_view text) {
  std::vector<finding> all;
  std::size_t from = 0;
  while (true) {
    auto next = find(text, from);
    if (!next) return detail::failure(std::move(next).error());
    if (!*next) return all;
    from = static_cast<std::size_t>((*next)->end());
    all.push_back(**next);
  }
}

/// The text with each credential cut to what may be shown.
inline result<std::string> redact(std::string_view text) {
  return detail::text([&](auto... room) {
    return cogauth_text_redact(text.data(), text.size(), room...);
  });
}

COGAUTH_END
