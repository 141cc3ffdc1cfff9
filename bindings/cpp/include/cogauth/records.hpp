// Records of credentials: making, changing and showing them, and accepting a token on their word.
#pragma once

#include "authorization.hpp"
#include "keys.hpp"

COGAUTH_BEGIN

/// The digest that an origin stores of a token, for the principal that it is made for.
inline result<std::string> digest(std::string_view token, std::string_view principal,
                                  const peppers &with) {
  if (!with) return detail::failure(detail::freed());
  return detail::text([&](auto... room) {
    return cogauth_token_digest(with.raw(), token.data(), token.size(), principal.data(),
                                principal.size(), room...);
  });
}

/// The digest that an edge compares, for the principal that the token is made for.
inline result<std::string> edge_digest(std::string_view token, std::string_view principal) {
  return detail::text([&](auto... room) {
    return cogauth_token_edge_digest(token.data(), token.size(), principal.data(),
                                     principal.size(), room...);
  });
}

/// What an issuer says of a new credential.
struct record_draft {
  std::string_view token;
  /// The id of the principal that it acts as.
  std::string_view principal;
  /// The names of actions that it may ask for, or `*` alone for all.
  std::vector<std::string_view> scopes;
  /// Now, in seconds since the epoch.
  std::uint64_t created_at = 0;
  /// The peppers, if origins are to accept the token.
  const cogauth::peppers *peppers = nullptr;
  /// Whether edges are to accept the token.
  bool edges = false;
  /// The ids of the organizations that it is limited to, which may be none; else it has all that
  /// its principal has.
  std::optional<std::vector<std::string_view>> organizations;
  /// The IP addresses and CIDR prefixes that it is limited to, which may be none; else it is good
  /// from everywhere.
  std::optional<std::vector<std::string_view>> addresses;
  /// What its owner calls it.
  std::optional<std::string_view> name;
  /// A JSON object of the issuer's own.
  std::optional<std::string_view> metadata;
  /// From when on it is good; at once where there is none.
  std::optional<std::uint64_t> not_before;
  /// Until when it is good; without end where there is none.
  std::optional<std::uint64_t> expires_at;
};

/// The record of a new credential, as JSON text. Full build only.
inline result<std::string> issue_record(const record_draft &of) {
  if (of.peppers != nullptr && !*of.peppers) return detail::failure(detail::freed());
  const auto scopes = detail::slices(of.scopes);
  const auto organizations =
      detail::slices(of.organizations.value_or(std::vector<std::string_view>()));
  const auto addresses = detail::slices(of.addresses.value_or(std::vector<std::string_view>()));
  cogauth_record_draft draft{};
  draft.struct_size = sizeof draft;
  if (of.edges) draft.flags |= COGAUTH_DRAFT_FOR_EDGES;
  if (of.organizations) draft.flags |= COGAUTH_DRAFT_ORGANIZATIONS;
  if (of.addresses) draft.flags |= COGAUTH_DRAFT_ADDRESSES;
  if (of.not_before) draft.flags |= COGAUTH_DRAFT_NOT_BEFORE;
  if (of.expires_at) draft.flags |= COGAUTH_DRAFT_EXPIRES_AT;
  draft.token = detail::slice(of.token);
  draft.principal = detail::slice(of.principal);
  draft.scopes = scopes.data();
  draft.scopes_count = scopes.size();
  if (of.organizations) {
    draft.organizations = organizations.data();
    draft.organizations_count = organizations.size();
  }
  if (of.addresses) {
    draft.addresses = addresses.data();
    draft.addresses_count = addresses.size();
  }
  draft.peppers = of.peppers == nullptr ? nullptr : of.peppers->raw();
  draft.name = detail::slice(of.name);
  draft.metadata = detail::slice(of.metadata);
  draft.created_at = of.created_at;
  draft.not_before = of.not_before.value_or(0);
  draft.expires_at = of.expires_at.value_or(0);
  return detail::text([&](auto... room) { return cogauth_record_issue(&draft, room...); });
}

/// A record in its one form. Full build only.
inline result<std::string> read_record(std::string_view record) {
  return detail::text([&](auto... room) {
    return cogauth_record_read(record.data(), record.size(), room...);
  });
}

/// What edges may have of a record: no digest that an origin compares, no metadata. Full build
/// only.
inline result<std::string> edge_record(std::string_view record) {
  return detail::text([&](auto... room) {
    return cogauth_record_for_edges(record.data(), record.size(), room...);
  });
}

/// What people may see of a record: no digests, no metadata. Full build only.
inline result<std::string> display_record(std::string_view record) {
  return detail::text([&](auto... room) {
    return cogauth_record_for_display(record.data(), record.size(), room...);
  });
}

/// A record revoked at a time, in seconds since the epoch. Full build only.
inline result<std::string> revoke_record(std::string_view record, std::uint64_t at) {
  return detail::text([&](auto... room) {
    return cogauth_record_revoke(record.data(), record.size(), at, room...);
  });
}

/// A record used at a time, in seconds since the epoch; a later use stays. Full build only.
inline result<std::string> use_record(std::string_view record, std::uint64_t at) {
  return detail::text([&](auto... room) {
    return cogauth_record_used(record.data(), record.size(), at, room...);
  });
}

/// The record to store where the store may hold another one of the same credential: good only where
/// and when both are. Full build only.
inline result<std::string> merge_records(std::string_view record, std::string_view stored) {
  return detail::text([&](auto... room) {
    return cogauth_record_merge(record.data(), record.size(), stored.data(), stored.size(),
                                room...);
  });
}

/// The number of the code for which the credential of a record is not active; 0 if it is. It is for
/// lists, not to let somebody in. Full build only.
inline result<std::int32_t> inactive_because(std::string_view record, std::uint64_t now) {
  std::int32_t code = 0;
  auto failed = detail::attempt([&](cogauth_error *error) {
    return cogauth_record_inactive(record.data(), record.size(), now, &code, error);
  });
  if (failed) return detail::failure(*std::move(failed));
  return code;
}

/// What a rotation may do at most.
struct rotation_limits {
  /// Whether the successor may expire later. That is for those who may make credentials of this
  /// principal, and never for a credential that replaces itself.
  bool later_expiry = false;
  /// The most seconds of grace; 30 days where there is none.
  std::optional<std::uint64_t> max_grace;
};

/// A record rotated to its successor: it is good until `until`, at most. Full build only.
inline result<std::string> rotate_record(std::string_view record, std::string_view successor,
                                         std::uint64_t until, std::uint64_t now,
                                         const rotation_limits &limits = {}) {
  const std::uint32_t flags = limits.later_expiry ? COGAUTH_ROTATE_LATER_EXPIRY : 0;
  return detail::text([&](auto... room) {
    return cogauth_record_rotate_within(record.data(), record.size(), successor.data(),
                                        successor.size(), until, now, flags,
                                        limits.max_grace.value_or(COGAUTH_NONE), room...);
  });
}

/// A token that was accepted on the word of its record.
struct accepted {
  std::string principal;
  /// Until when it is good, in seconds since the epoch, if it has an end.
  std::optional<std::uint64_t> valid_until;
  /// The record in its one form, as JSON text.
  std::string record;
};

namespace detail {
template <typename Call>
result<accepted> accept(Call &&call) {
  auto written = text(call);
  if (!written) return failure(std::move(written).error());
  return accepted{text_of(member(*written, "principal").value_or("\"\"")),
                  number(member(*written, "validUntil")),
                  std::string(member(*written, "record").value_or(std::string_view()))};
}
}  // namespace detail

/// Accepts a token at an edge: verifies it at `verified_at`, and compares it at `now` with the
/// record that the caller's store has of it, if any.
inline result<accepted> accept_at_edge(const edge_keys &keys, std::string_view token,
                                       std::uint64_t verified_at,
                                       std::optional<std::string_view> record, std::uint64_t now) {
  if (!keys) return detail::failure(detail::freed());
  const cogauth_slice stored = detail::slice(record);
  return detail::accept([&](auto... room) {
    return cogauth_accept_at_edge(keys.raw(), token.data(), token.size(), verified_at, stored.data,
                                  stored.length, now, room...);
  });
}

/// Accepts a token at an origin, which holds the peppers, in the way of accept_at_edge.
inline result<accepted> accept_at_origin(const edge_keys &keys, const peppers &with,
                                         std::string_view token, std::uint64_t verified_at,
                                         std::optional<std::string_view> record,
                                         std::uint64_t now) {
  if (!keys || !with) return detail::failure(detail::freed());
  const cogauth_slice stored = detail::slice(record);
  return detail::accept([&](auto... room) {
    return cogauth_accept_at_origin(keys.raw(), with.raw(), token.data(), token.size(),
                                    verified_at, stored.data, stored.length, now, room...);
  });
}

COGAUTH_END
