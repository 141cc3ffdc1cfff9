// Where a request stands at the gate: two questions and four outcomes.
#pragma once

#include "call.hpp"

#include <variant>

COGAUTH_BEGIN

class record_needed;
class facts_needed;
class allowed;
class refused;

/// An older opaque credential: pass the request on to what knows it.
struct pass_on {};

/// A CORS preflight: answer it.
struct preflight {};

/// What a path names besides an organization.
struct resource {
  std::string_view type;
  /// As it stands in the path.
  std::string_view id;
};

/// Where a request stands. It has to be visited: each kind of step is a type of its own, and offers
/// what can be done there.
using step = std::variant<record_needed, facts_needed, allowed, refused, pass_on, preflight>;

/// What comes of a request.
using outcome = std::variant<refused, allowed, pass_on, preflight>;

namespace detail {

/// One request on its way. One thread at a time uses it.
class exchange {
 public:
  /// Takes one over.
  explicit exchange(cogauth_exchange *raw) noexcept : raw_(raw) {}
  exchange(exchange &&other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
  exchange &operator=(exchange &&other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~exchange() { cogauth_exchange_release(raw_); }

  cogauth_exchange *raw() const noexcept { return raw_; }

  /// A text of this step; none where it has none.
  std::optional<std::string_view> text(std::int32_t which) const noexcept {
    cogauth_slice text{nullptr, 0};
    if (cogauth_exchange_text(raw_, which, &text) != COGAUTH_OK || text.data == nullptr) {
      return std::nullopt;
    }
    return view(text);
  }

  /// The entries of a list of this step, with their names if they have any.
  std::vector<std::pair<std::string_view, std::string_view>> list(std::int32_t which) const {
    std::vector<std::pair<std::string_view, std::string_view>> entries;
    const std::size_t count = cogauth_exchange_count(raw_, which);
    for (std::size_t index = 0; index < count; ++index) {
      cogauth_slice name{nullptr, 0}, value{nullptr, 0};
      if (cogauth_exchange_entry(raw_, which, index, &name, &value) == COGAUTH_OK) {
        entries.emplace_back(view(name), view(value));
      }
    }
    return entries;
  }

 private:
  cogauth_exchange *raw_;
};

/// A step that holds an exchange.
class at_exchange {
 public:
  /// Where the exchange stands as JSON, which belongs to this step.
  result<std::string> json() const {
    return detail::text([this](auto... room) { return cogauth_exchange_json(raw(), room...); });
  }

 protected:
  explicit at_exchange(exchange held) noexcept : held_(std::move(held)) {}

  cogauth_exchange *raw() const noexcept { return held_.raw(); }
  std::string_view text_of(std::int32_t which) const noexcept {
    return held_.text(which).value_or(std::string_view());
  }

  std::optional<cogauth::resource> resource_of() const noexcept {
    const auto id = held_.text(COGAUTH_TEXT_RESOURCE_ID);
    if (!id) return std::nullopt;
    return cogauth::resource{text_of(COGAUTH_TEXT_RESOURCE_TYPE), *id};
  }

  std::vector<std::string_view> values(std::int32_t list) const {
    std::vector<std::string_view> values;
    for (const auto &entry : held_.list(list)) values.push_back(entry.second);
    return values;
  }

  exchange held_;
};

step step_of(exchange held);
template <typename Call>
step answered(exchange &held, Call &&call);

}  // namespace detail

/// A question: what is the record of this credential? Each answer takes the question with it: it is
/// asked once.
class record_needed : public detail::at_exchange {
 public:
  /// The id of the credential.
  std::string_view id() const noexcept { return text_of(COGAUTH_TEXT_CREDENTIAL_ID); }

  /// The store has this record, as JSON text. `fetched_at` is when it was read from the issuer's
  /// store, in seconds since the epoch, which matters to `max_record_age`.
  step found(std::string_view record, std::optional<std::uint64_t> fetched_at = std::nullopt) &&;

  /// The store has no such record.
  step absent() &&;

  /// The store could not be asked.
  step unavailable() &&;

 private:
  friend step detail::step_of(detail::exchange);
  using at_exchange::at_exchange;
};

/// A question: what are the facts about this principal?
class facts_needed : public detail::at_exchange {
 public:
  /// The id of the principal.
  std::string_view principal() const noexcept { return text_of(COGAUTH_TEXT_PRINCIPAL); }

  /// The type of the principal, `user` or `service_user`: ids alone do not tell a user from a
  /// service user.
  std::string_view principal_type() const noexcept { return text_of(COGAUTH_TEXT_PRINCIPAL_TYPE); }

  /// The id of the organization that the path names.
  std::optional<std::string_view> organization() const noexcept {
    return held_.text(COGAUTH_TEXT_ORGANIZATION);
  }

  /// What else the path names.
  std::optional<cogauth::resource> resource() const noexcept { return resource_of(); }

  /// The store has these facts, as JSON text.
  step found(std::string_view facts) &&;

  /// There is no such principal.
  step absent() &&;

  /// The store could not be asked.
  step unavailable() &&;

 private:
  friend step detail::step_of(detail::exchange);
  using at_exchange::at_exchange;
};

/// The request is allowed: let it through. The texts are there as long as this is.
class allowed : public detail::at_exchange {
 public:
  std::string_view principal() const noexcept { return text_of(COGAUTH_TEXT_PRINCIPAL); }
  std::string_view principal_type() const noexcept { return text_of(COGAUTH_TEXT_PRINCIPAL_TYPE); }
  std::string_view credential_id() const noexcept { return text_of(COGAUTH_TEXT_CREDENTIAL_ID); }

  /// The part of the token that may be shown.
  std::string_view credential_handle() const noexcept {
    return text_of(COGAUTH_TEXT_CREDENTIAL_HANDLE);
  }

  std::string_view credential_kind() const noexcept {
    return text_of(COGAUTH_TEXT_CREDENTIAL_KIND);
  }

  /// The action of the route.
  std::string_view action() const noexcept { return text_of(COGAUTH_TEXT_ACTION); }

  /// The id of the organization that the path names.
  std::optional<std::string_view> organization() const noexcept {
    return held_.text(COGAUTH_TEXT_ORGANIZATION);
  }

  /// What else the path names.
  std::optional<cogauth::resource> resource() const noexcept { return resource_of(); }

  /// The names of the route's parameters, with what was sent in their places.
  std::vector<std::pair<std::string_view, std::string_view>> parameters() const {
    return held_.list(COGAUTH_LIST_PARAMETERS);
  }

  /// What the policy could not decide, and left to the service.
  std::vector<std::string_view> undecided() const { return values(COGAUTH_LIST_UNDECIDED); }

  /// The codes of what the policy advises.
  std::vector<std::string_view> advice() const { return values(COGAUTH_LIST_ADVICE); }

  /// Until when the credential is good, in seconds since the epoch, if it has an end.
  std::optional<std::uint64_t> valid_until() const noexcept {
    const std::uint64_t until = cogauth_exchange_valid_until(raw());
    return until == COGAUTH_NONE ? std::nullopt : std::optional(until);
  }

  /// The audit record, as JSON.
  std::string_view audit() const noexcept { return text_of(COGAUTH_TEXT_AUDIT); }

  /// What people and services may see of the credential's record, as JSON.
  result<std::string> record() const {
    return detail::text([this](auto... room) { return cogauth_exchange_record(raw(), room...); });
  }

 private:
  friend step detail::step_of(detail::exchange);
  using at_exchange::at_exchange;
};

/// The request is refused: send the status, the headers and the body. Where a call failed, nothing
/// was decided: the status is 503, and failure() tells of the call.
class refused : public detail::at_exchange {
 public:
  /// Refused because a call failed.
  explicit refused(cogauth::error failure)
      : at_exchange(detail::exchange(nullptr)), failure_(std::move(failure)) {
    body_ = "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,";
    body_ += "\"code\":\"";
    body_ += code_name(COGAUTH_E_UNAVAILABLE);
    body_ += "\",\"detail\":\"";
    body_ += code_sentence(COGAUTH_E_UNAVAILABLE);
    body_ += "\"}";
  }

  /// The HTTP status.
  int status() const noexcept { return failure_ ? 503 : cogauth_exchange_status(raw()); }

  /// The number of the code: why it is refused.
  std::int32_t code() const noexcept {
    return failure_ ? failure_->code() : cogauth_exchange_code(raw());
  }

  /// The name of the code.
  std::string_view name() const noexcept { return code_name(code()); }

  /// The headers to send, with names and values.
  std::vector<std::pair<std::string_view, std::string_view>> headers() const {
    if (!failure_) return held_.list(COGAUTH_LIST_HEADERS);
    return {{"content-type", "application/problem+json"}, {"cache-control", "no-store"}};
  }

  /// The body to send, as JSON (RFC 9457).
  std::string_view body() const noexcept {
    return failure_ ? std::string_view(body_) : text_of(COGAUTH_TEXT_BODY);
  }

  /// The audit record, as JSON; empty where a call failed.
  std::string_view audit() const noexcept { return text_of(COGAUTH_TEXT_AUDIT); }

  /// What failed, where a call did.
  const std::optional<cogauth::error> &failure() const noexcept { return failure_; }

 private:
  friend step detail::step_of(detail::exchange);
  using at_exchange::at_exchange;

  std::optional<cogauth::error> failure_;
  std::string body_;
};

namespace detail {

/// Where an exchange stands. What is not known is a refusal.
inline step step_of(exchange held) {
  switch (cogauth_exchange_step(held.raw())) {
    case COGAUTH_STEP_RECORD: return record_needed(std::move(held));
    case COGAUTH_STEP_FACTS: return facts_needed(std::move(held));
    case COGAUTH_STEP_ALLOWED: return allowed(std::move(held));
    case COGAUTH_STEP_PASS_ON: return pass_on();
    case COGAUTH_STEP_PREFLIGHT: return preflight();
    case COGAUTH_STEP_REFUSED: return refused(std::move(held));
    default: return refused(error(COGAUTH_E_FAULT));
  }
}

/// Where an exchange stands after an answer.
template <typename Call>
step answered(exchange &held, Call &&call) {
  exchange mine = std::move(held);
  if (mine.raw() == nullptr) return refused(error(COGAUTH_E_WRONG_STEP));
  auto failed = attempt([&](cogauth_error *told) { return call(mine.raw(), told); });
  if (failed) return refused(*std::move(failed));
  return step_of(std::move(mine));
}

}  // namespace detail

inline step record_needed::found(std::string_view record,
                                 std::optional<std::uint64_t> fetched_at) && {
  return detail::answered(held_, [&](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_found(raw, COGAUTH_STEP_RECORD, record.data(), record.size(),
                                  fetched_at.value_or(COGAUTH_NONE), told);
  });
}

inline step record_needed::absent() && {
  return detail::answered(held_, [](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_absent(raw, COGAUTH_STEP_RECORD, told);
  });
}

inline step record_needed::unavailable() && {
  return detail::answered(held_, [](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_unavailable(raw, COGAUTH_STEP_RECORD, told);
  });
}

inline step facts_needed::found(std::string_view facts) && {
  return detail::answered(held_, [&](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_found(raw, COGAUTH_STEP_FACTS, facts.data(), facts.size(),
                                  COGAUTH_NONE, told);
  });
}

inline step facts_needed::absent() && {
  return detail::answered(held_, [](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_absent(raw, COGAUTH_STEP_FACTS, told);
  });
}

inline step facts_needed::unavailable() && {
  return detail::answered(held_, [](cogauth_exchange *raw, cogauth_error *told) {
    return cogauth_exchange_unavailable(raw, COGAUTH_STEP_FACTS, told);
  });
}

COGAUTH_END
