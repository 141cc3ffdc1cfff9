// Tokens by themselves.
#pragma once

#include "call.hpp"

COGAUTH_BEGIN

/// What a credential is.
enum class kind : std::uint32_t {
  /// There is no token.
  none = COGAUTH_KIND_NONE,
  service_user_key = COGAUTH_KIND_SERVICE_USER_KEY,
  personal_access_token = COGAUTH_KIND_PERSONAL_ACCESS_TOKEN,
  /// A sample for documentation and tests, which nothing accepts.
  sample = COGAUTH_KIND_SAMPLE,
};

/// The name of a kind as records spell it; empty for none.
constexpr std::string_view name_of(kind of) noexcept {
  switch (of) {
    case kind::service_user_key: return "service_user_key";
    case kind::personal_access_token: return "personal_access_token";
    case kind::sample: return "sample";
    case kind::none: break;
  }
  return {};
}

/// What a token says of itself. None of it is a secret.
class token {
 public:
  cogauth::kind kind() const noexcept { return static_cast<cogauth::kind>(raw.kind); }

  /// The id of the key that the token was minted with.
  std::string_view key_id() const noexcept { return raw.key_id; }

  /// The id of the credential, under which its record is stored.
  std::string_view id() const noexcept { return raw.id; }

  /// The part of the token that may be shown.
  std::string_view handle() const noexcept { return raw.handle; }

  /// The last day on which it is good, counted from 1970-01-01, unless it has no end.
  std::optional<std::uint32_t> hard_expiry() const noexcept {
    return raw.hard_expiry == 0 ? std::nullopt : std::optional(raw.hard_expiry);
  }

  cogauth_token raw{sizeof(cogauth_token), COGAUTH_KIND_NONE, 0, {}, {}, {}};
};

/// Parses a token: its form and its checksum. Whether it is genuine only edge_keys::verify tells.
/// It allocates nothing where it succeeds.
inline result<token> parse(std::string_view text) {
  token parsed;
  auto failed = detail::attempt([&](cogauth_error *told) {
    return cogauth_token_parse(text.data(), text.size(), &parsed.raw, told);
  });
  if (failed) return detail::failure(*std::move(failed));
  return parsed;
}

COGAUTH_END
