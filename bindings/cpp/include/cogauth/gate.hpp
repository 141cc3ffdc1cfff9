// The gate: what every request goes through.
#pragma once

#include "authorization.hpp"
#include "keys.hpp"
#include "policy.hpp"
#include "steps.hpp"

#if defined(__GLIBCXX__)
#include <cxxabi.h>
#endif

COGAUTH_BEGIN

/// A request, as the gate looks at it.
struct request {
  std::string_view method;
  /// The request target as the client sent it: path and query, not decoded, nothing tidied up.
  std::string_view target;
  /// All lines of the Authorization header, each a value without the name.
  std::vector<std::string_view> authorization;
  /// What else the caller knows of the request, as a JSON object.
  std::optional<std::string_view> context = std::nullopt;
  /// The client's IP address, as the connection or a proxy of one's own says it.
  std::optional<std::string_view> client_address = std::nullopt;
};

/// How a gate differs from the default.
struct gate_options {
  /// The realm in WWW-Authenticate: `cog` where there is none.
  std::optional<std::string_view> realm;
  /// Seconds in Retry-After of a 503: 5 where there is none.
  std::optional<std::uint64_t> retry_after;
  /// A record that was fetched longer than so many seconds ago is refused: any age is taken where
  /// there is none.
  std::optional<std::uint64_t> max_record_age;
  /// Whether older opaque `cog_` credentials are passed on and not refused.
  bool pass_on = false;
  /// Whether OPTIONS requests are answered before anything else is looked at.
  bool preflight = false;
};

/// What a store knows of what it was asked for. One that is made of nothing is unavailable.
class lookup {
 public:
  lookup() noexcept = default;

  /// The store has this, as JSON text. `fetched_at` is when a record was read from the issuer's
  /// store.
  static lookup found(std::string text, std::optional<std::uint64_t> fetched_at = std::nullopt) {
    lookup answer;
    answer.is_ = found_it;
    answer.text_ = std::move(text);
    answer.fetched_at_ = fetched_at;
    return answer;
  }

  /// The store has no such thing.
  static lookup absent() noexcept {
    lookup answer;
    answer.is_ = found_nothing;
    return answer;
  }

  /// The store could not be asked.
  static lookup unavailable() noexcept { return {}; }

 private:
  friend class gate;
  enum { failed, found_nothing, found_it } is_ = failed;
  std::string text_;
  std::optional<std::uint64_t> fetched_at_;
};

/// Policy, keys and options, which guard requests.
class gate : public detail::handle<cogauth_gate, cogauth_gate_retain, cogauth_gate_release> {
 public:
  /// A gate at an edge, which goes by the edges' part of records. It keeps what it is made of.
  static result<gate> at_edge(const policy &by, const edge_keys &keys,
                              const gate_options &options = {}) {
    if (!by || !keys) return detail::failure(detail::freed());
    return make(by, keys, nullptr, options);
  }

  /// A gate at an origin, which goes by the issuer's record.
  static result<gate> at_origin(const policy &by, const edge_keys &keys, const peppers &with,
                                const gate_options &options = {}) {
    if (!by || !keys || !with) return detail::failure(detail::freed());
    return make(by, keys, with.raw(), options);
  }

  /// Begins with a request, at `now` in seconds since the epoch. Nothing of the request is needed
  /// after the call. Whatever a client sends leads to a step; an error is a wrong call.
  result<step> begin(const request &of, std::uint64_t now) const {
    if (!*this) return detail::failure(detail::freed());
    const auto lines = detail::slices(of.authorization);
    cogauth_request told{};
    told.struct_size = sizeof told;
    told.method = detail::slice(of.method);
    told.target = detail::slice(of.target);
    told.authorization = lines.data();
    told.authorization_count = lines.size();
    told.context = detail::slice(of.context);
    told.client_address = detail::slice(of.client_address);
    cogauth_exchange *begun = nullptr;
    auto failed = detail::attempt([&](cogauth_error *error) {
      return cogauth_exchange_begin(raw(), &told, now, &begun, error);
    });
    if (failed) return detail::failure(*std::move(failed));
    return detail::step_of(detail::exchange(begun));
  }

  /// Takes a request all the way. `records` is asked for the record of an id, `facts` for the facts
  /// about a principal and perhaps an organization; if it takes three arguments, perhaps a
  /// resource; and if it needs four, it is told the principal's type, `user` or `service_user`,
  /// which ids alone do not tell. Both return a lookup. Where one throws, its store is unavailable.
  /// Whatever fails ends in a refusal.
  template <typename Records, typename Facts>
  outcome guard(const request &of, std::uint64_t now, Records &&records, Facts &&facts) const {
    auto begun = begin(of, now);
    if (!begun) return refused(std::move(begun).error());
    step at = *std::move(begun);
    while (true) {
      if (auto *asked = std::get_if<record_needed>(&at)) {
        lookup known = ask([&] { return records(asked->id()); });
        at = answer(std::move(*asked), known, [&](record_needed question) {
          return std::move(question).found(known.text_, known.fetched_at_);
        });
      } else if (auto *asked_facts = std::get_if<facts_needed>(&at)) {
        lookup known = ask([&] {
          using texts = std::optional<std::string_view>;
          if constexpr (std::is_invocable_v<Facts &, std::string_view, texts,
                                            std::optional<resource>>) {
            return facts(asked_facts->principal(), asked_facts->organization(),
                         asked_facts->resource());
          } else if constexpr (std::is_invocable_v<Facts &, std::string_view, texts,
                                                   std::optional<resource>, std::string_view>) {
            return facts(asked_facts->principal(), asked_facts->organization(),
                         asked_facts->resource(), asked_facts->principal_type());
          } else {
            return facts(asked_facts->principal(), asked_facts->organization());
          }
        });
        at = answer(std::move(*asked_facts), known, [&](facts_needed question) {
          return std::move(question).found(known.text_);
        });
      } else {
        return outcome_of(std::move(at));
      }
    }
  }

 private:
  friend handle;
  using handle::handle;

  static result<gate> make(const policy &by, const edge_keys &keys, const cogauth_peppers *with,
                           const gate_options &options) {
    cogauth_gate_options told{};
    told.struct_size = sizeof told;
    told.realm = detail::slice(options.realm);
    told.retry_after = options.retry_after.value_or(0);
    told.max_record_age = options.max_record_age.value_or(0);
    if (options.retry_after) told.flags |= COGAUTH_GATE_RETRY_AFTER;
    if (options.max_record_age) told.flags |= COGAUTH_GATE_MAX_RECORD_AGE;
    if (options.pass_on) told.flags |= COGAUTH_GATE_PASS_ON;
    if (options.preflight) told.flags |= COGAUTH_GATE_PREFLIGHT;
    return made<gate>([&](auto... into) {
      return cogauth_gate_new(by.raw(), keys.raw(), with, &told, into...);
    });
  }

  template <typename Store>
  static lookup ask(Store &&store) {
#if defined(__cpp_exceptions)
    try {
      return store();
#if defined(__GLIBCXX__)
    } catch (const abi::__forced_unwind &) {
      // The thread is being ended: whoever holds that up ends the process.
      throw;
#endif
    } catch (...) {
      return lookup::unavailable();
    }
#else
    return store();
#endif
  }

  template <typename Question, typename Found>
  static step answer(Question question, const lookup &known, Found &&found) {
    switch (known.is_) {
      case lookup::found_it: return found(std::move(question));
      case lookup::found_nothing: return std::move(question).absent();
      case lookup::failed: break;
    }
    return std::move(question).unavailable();
  }

  static outcome outcome_of(step at) {
    if (auto *done = std::get_if<allowed>(&at)) return std::move(*done);
    if (std::holds_alternative<pass_on>(at)) return pass_on();
    if (std::holds_alternative<preflight>(at)) return preflight();
    if (auto *done = std::get_if<refused>(&at)) return std::move(*done);
    return refused(error(COGAUTH_E_FAULT));
  }
};

COGAUTH_END
