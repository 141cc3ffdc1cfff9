// Key sets of the three uses.
#pragma once

#include "handle.hpp"
#include "token.hpp"

COGAUTH_BEGIN

/// Whether a token is genuine, or the code of why not. It converts to true only where it is: a code
/// by itself would be true for every failure.
class [[nodiscard]] verification {
 public:
  explicit operator bool() const noexcept { return code_ == COGAUTH_OK; }

  /// COGAUTH_OK, or why it is not.
  std::int32_t code() const noexcept { return code_; }

 private:
  friend class edge_keys;
  explicit verification(std::int32_t code) noexcept : code_(code) {}

  std::int32_t code_;
};

/// A key set for edges, which verifies tokens.
class edge_keys : public detail::handle<cogauth_edge_keys, cogauth_edge_keys_retain,
                                        cogauth_edge_keys_release> {
 public:
  /// Reads a key set of the use `edge-tag` from its JSON text.
  static result<edge_keys> read(std::string_view json) {
    return made<edge_keys>([&](auto... into) {
      return cogauth_edge_keys_read(json.data(), json.size(), into...);
    });
  }

  /// Verifies that a token is genuine, and not past its hard expiry at `now`, in seconds since the
  /// epoch. Whether the credential is still active, its record tells: see the gate. It allocates
  /// nothing where it succeeds.
  result<token> verify(std::string_view text, std::uint64_t now) const {
    if (!*this) return detail::failure(detail::freed());
    token verified;
    auto failed = detail::attempt([&](cogauth_error *told) {
      return cogauth_token_verify(raw(), text.data(), text.size(), now, &verified.raw, told);
    });
    if (failed) return detail::failure(*std::move(failed));
    return verified;
  }

  /// The same, with nothing but the code of an error, and no text of it. `into` is none where it
  /// fails.
  verification verify(std::string_view text, std::uint64_t now, token &into) const noexcept {
    into = token();
    if (!*this) return verification(COGAUTH_E_FREED);
    return verification(
        cogauth_token_verify(raw(), text.data(), text.size(), now, &into.raw, nullptr));
  }

  /// The key set as JSON text. Full build only.
  result<secret> expose() const {
    if (!*this) return detail::failure(detail::freed());
    return detail::secret_text(
        [this](auto... room) { return cogauth_edge_keys_expose(raw(), room...); });
  }

 private:
  friend handle;
  friend class root_keys;
  using handle::handle;
};

/// Peppers, which an origin compares stored digests with.
class peppers
    : public detail::handle<cogauth_peppers, cogauth_peppers_retain, cogauth_peppers_release> {
 public:
  /// Reads a key set of the use `digest-pepper` from its JSON text.
  static result<peppers> read(std::string_view json) {
    return made<peppers>([&](auto... into) {
      return cogauth_peppers_read(json.data(), json.size(), into...);
    });
  }

  /// The key set as JSON text. Full build only.
  result<secret> expose() const {
    if (!*this) return detail::failure(detail::freed());
    return detail::secret_text(
        [this](auto... room) { return cogauth_peppers_expose(raw(), room...); });
  }

 private:
  friend handle;
  friend class root_keys;
  using handle::handle;
};

/// Root keys, which mint tokens and derive the other two key sets. Full build only.
class root_keys : public detail::handle<cogauth_root_keys, cogauth_root_keys_retain,
                                        cogauth_root_keys_release> {
 public:
  /// Reads a key set of the use `root` from its JSON text.
  static result<root_keys> read(std::string_view json) {
    return made<root_keys>([&](auto... into) {
      return cogauth_root_keys_read(json.data(), json.size(), into...);
    });
  }

  /// Makes a key set of one root key, of 32 bytes from the operating system's random source.
  static result<root_keys> generate(std::string_view key_id, bytes random) {
    return made<root_keys>([&](auto... into) {
      return cogauth_root_keys_new(key_id.data(), key_id.size(), random.data(), random.size(),
                                   into...);
    });
  }

  /// The edges' part.
  result<cogauth::edge_keys> edge_keys() const {
    if (!*this) return detail::failure(detail::freed());
    return cogauth::edge_keys::made<cogauth::edge_keys>(
        [this](auto... into) { return cogauth_root_keys_edge_keys(raw(), into...); });
  }

  /// The peppers, for origins.
  result<cogauth::peppers> peppers() const {
    if (!*this) return detail::failure(detail::freed());
    return cogauth::peppers::made<cogauth::peppers>(
        [this](auto... into) { return cogauth_root_keys_peppers(raw(), into...); });
  }

  /// Mints a token. `random` are at least COGAUTH_MINT_RANDOM_LENGTH bytes from the operating
  /// system's random source; `hard_expiry` is the last day on which it is good, counted from
  /// 1970-01-01, if it has an end.
  result<secret> mint(std::string_view key_id, kind of, bytes random,
                      std::optional<std::uint32_t> hard_expiry = std::nullopt) const {
    if (!*this) return detail::failure(detail::freed());
    // What stands for none in the library is no day here.
    if (hard_expiry && *hard_expiry == COGAUTH_NO_HARD_EXPIRY) {
      return detail::failure(error(COGAUTH_E_TIME_OUT_OF_RANGE));
    }
    return detail::secret_text([&](auto... room) {
      return cogauth_token_mint(raw(), key_id.data(), key_id.size(),
                                static_cast<std::uint32_t>(of),
                                hard_expiry.value_or(COGAUTH_NO_HARD_EXPIRY),
                                random.data(), random.size(), room...);
    });
  }

  /// The key set as JSON text.
  result<secret> expose() const {
    if (!*this) return detail::failure(detail::freed());
    return detail::secret_text(
        [this](auto... room) { return cogauth_root_keys_expose(raw(), room...); });
  }

 private:
  friend handle;
  using handle::handle;
};

COGAUTH_END
