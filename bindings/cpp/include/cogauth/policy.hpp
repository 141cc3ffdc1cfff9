// Compiled policies: loading them, and asking them.
#pragma once

#include "handle.hpp"

COGAUTH_BEGIN

/// Why a request is denied.
enum class denial : std::uint32_t {
  /// It is allowed, or nothing was decided.
  none = COGAUTH_DENIAL_NONE,
  forbidden = COGAUTH_DENIAL_FORBIDDEN,
  requirement = COGAUTH_DENIAL_REQUIREMENT,
  no_grant = COGAUTH_DENIAL_NO_GRANT,
  indeterminate = COGAUTH_DENIAL_INDETERMINATE,
};

namespace detail {
/// What a number of the library means. One that a later library has added is a denial, too.
constexpr denial denial_of(std::uint32_t number) noexcept {
  switch (number) {
    case COGAUTH_DENIAL_NONE: return denial::none;
    case COGAUTH_DENIAL_FORBIDDEN: return denial::forbidden;
    case COGAUTH_DENIAL_REQUIREMENT: return denial::requirement;
    case COGAUTH_DENIAL_NO_GRANT: return denial::no_grant;
    default: return denial::indeterminate;
  }
}
}  // namespace detail

/// The decision about a request: it is allowed, denied, or no valid request. It converts to true
/// only where it is allowed, and so is no result, which would be true for a denial.
class [[nodiscard]] decision {
 public:
  /// Denied.
  decision() noexcept = default;

  bool allowed() const noexcept { return allowed_; }
  explicit operator bool() const noexcept { return allowed_; }

  /// Why it is denied.
  cogauth::denial denial() const noexcept { return denial_; }

  /// What is wrong with the request, if nothing could be decided.
  const std::optional<cogauth::error> &error() const noexcept { return error_; }

 private:
  friend class policy;
  bool allowed_ = false;
  cogauth::denial denial_ = cogauth::denial::none;
  std::optional<cogauth::error> error_;
};

/// What a route's path names besides an organization.
struct route_resource {
  std::string type;
  /// As it stands in the path.
  std::string id;
};

/// Which action a method and a request target have, or why they have none.
struct route {
  bool found = false;
  std::string action;
  /// The id of the organization that the path names.
  std::optional<std::string> organization;
  /// What else the path names.
  std::optional<route_resource> resource;
  /// The names of the route's parameters, with what was sent in their places.
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> undecided;
  /// Where none was found: `invalid_path`, `unknown_route` or `method_not_allowed`.
  std::string reason;
  /// The methods that the path has, where it has not the one asked for.
  std::vector<std::string> methods;
};

/// One JSON document of a policy.
struct document {
  /// What errors call it: its path, for instance.
  std::string_view name;
  std::string_view text;
};

/// A compiled policy.
class policy
    : public detail::handle<cogauth_policy, cogauth_policy_retain, cogauth_policy_release> {
 public:
  /// Loads a compiled policy, of which the library keeps a copy. `sha256` are the 64 hexadecimal
  /// digits that it must hash to, unless any is taken.
  static result<policy> from_image(bytes image,
                                   std::optional<std::string_view> sha256 = std::nullopt) {
    const cogauth_slice expected = detail::slice(sha256);
    return made<policy>([&](auto... into) {
      return cogauth_policy_from_image(image.data(), image.size(), expected.data, expected.length,
                                       into...);
    });
  }

  /// Compiles a policy from all its documents. `digest` are the 64 hexadecimal digits that it must
  /// have, unless any is taken. The error is the first one; check() tells all. Full build only.
  static result<policy> from_documents(const std::vector<document> &documents,
                                       std::optional<std::string_view> digest = std::nullopt) {
    const auto told = raw_documents(documents);
    const cogauth_slice expected = detail::slice(digest);
    return made<policy>([&](auto... into) {
      return cogauth_policy_from_documents(told.data(), told.size(), expected.data,
                                           expected.length, into...);
    });
  }

  /// The policy that comes with the library. Full build only.
  static result<policy> builtin() {
    return made<policy>([](auto... into) { return cogauth_policy_builtin(into...); });
  }

  /// All that is wrong with a policy's documents: none if they compile. Full build only.
  static result<std::vector<error>> check(const std::vector<document> &documents) {
    const auto told = raw_documents(documents);
    return errors([&](auto... room) {
      return cogauth_policy_check(told.data(), told.size(), room...);
    });
  }

  /// What is not wrong with a policy's documents and probably not meant: at most 100. The error is
  /// that of from_documents(). Full build only.
  static result<std::vector<error>> warnings(const std::vector<document> &documents) {
    const auto told = raw_documents(documents);
    return errors([&](auto... room) {
      return cogauth_policy_warnings(told.data(), told.size(), room...);
    });
  }

  /// The documents of a policy as one, in the form that its digest is made over. Full build only.
  static result<std::string> bundle(const std::vector<document> &documents) {
    const auto told = raw_documents(documents);
    return detail::text([&](auto... room) {
      return cogauth_policy_bundle(told.data(), told.size(), room...);
    });
  }

  /// The compiled image, to store or to send. It is there as long as a handle of this policy is.
  result<std::string_view> image() const {
    if (!*this) return detail::failure(detail::freed());
    cogauth_slice image{nullptr, 0};
    auto failed = detail::attempt(
        [&](cogauth_error *told) { return cogauth_policy_image(raw(), &image, told); });
    if (failed) return detail::failure(*std::move(failed));
    return detail::view(image);
  }

  /// The digest that names the policy in every answer: 64 hexadecimal digits.
  result<std::string> digest() const {
    return text([this](auto... room) { return cogauth_policy_digest(raw(), room...); });
  }

  /// The SHA-256 of the image, which from_image() can expect.
  result<std::string> image_digest() const {
    return text([this](auto... room) { return cogauth_policy_image_digest(raw(), room...); });
  }

  /// The names of the actions that the policy declares.
  result<std::vector<std::string>> actions() const {
    auto written =
        text([this](auto... room) { return cogauth_policy_actions(raw(), room...); });
    if (!written) return detail::failure(std::move(written).error());
    return detail::texts_of(std::string_view(*written));
  }

  /// Decides an AuthZEN access evaluation request, without an explanation.
  decision decide(std::string_view request) const {
    decision made;
    if (!*this) {
      made.error_ = detail::freed();
      return made;
    }
    cogauth_decision told{};
    told.struct_size = sizeof told;
    made.error_ = detail::attempt([&](cogauth_error *error) {
      return cogauth_policy_decide(raw(), request.data(), request.size(), &told, error);
    });
    if (!made.error_) {
      made.denial_ = detail::denial_of(told.denial);
      made.allowed_ = told.decision == COGAUTH_ALLOW && made.denial_ == cogauth::denial::none;
    }
    return made;
  }

  /// Answers one AuthZEN access evaluation request with the decision and its explanation, as JSON.
  result<std::string> explain(std::string_view request) const {
    return text([&](auto... room) {
      return cogauth_policy_explain(raw(), request.data(), request.size(), room...);
    });
  }

  /// Answers an AuthZEN access evaluation request, or a batch of them, as JSON.
  result<std::string> evaluate(std::string_view request) const {
    return text([&](auto... room) {
      return cogauth_policy_evaluate(raw(), request.data(), request.size(), room...);
    });
  }

  /// Answers an AuthZEN action search request: which actions are allowed, as JSON.
  result<std::string> search_actions(std::string_view request) const {
    return text([&](auto... room) {
      return cogauth_policy_search_actions(raw(), request.data(), request.size(), room...);
    });
  }

  /// Which route a method and a request target have.
  result<cogauth::route> route(std::string_view method, std::string_view target) const {
    auto written = text([&](auto... room) {
      return cogauth_policy_route(raw(), method.data(), method.size(), target.data(),
                                  target.size(), room...);
    });
    if (!written) return detail::failure(std::move(written).error());
    const auto of = [&](std::string_view name) { return detail::member(*written, name); };
    cogauth::route found;
    found.found = of("found") == "true";
    found.action = detail::text_of(of("action")).value_or("");
    found.organization = detail::text_of(of("organization"));
    if (const auto resource = of("resource")) {
      found.resource = {detail::text_of(detail::member(*resource, "type")).value_or(""),
                        detail::text_of(detail::member(*resource, "id")).value_or("")};
    }
    for (const auto &[name, value] : detail::members(of("parameters").value_or(""))) {
      found.parameters.emplace_back(detail::text_of(name), detail::text_of(value));
    }
    found.undecided = detail::texts_of(of("undecided"));
    found.reason = detail::text_of(of("reason")).value_or("");
    found.methods = detail::texts_of(of("methods"));
    return found;
  }

 private:
  friend handle;
  using handle::handle;

  template <typename Call>
  result<std::string> text(Call &&call) const {
    if (!*this) return detail::failure(detail::freed());
    return detail::text(call);
  }

  /// The errors of a list that the library writes.
  template <typename Call>
  static result<std::vector<error>> errors(Call &&call) {
    auto written = detail::text(call);
    if (!written) return detail::failure(std::move(written).error());
    std::vector<error> errors;
    for (const std::string_view item : detail::items(*written)) {
      const auto code = detail::number(detail::member(item, "code")).value_or(COGAUTH_E_FAULT);
      errors.emplace_back(static_cast<std::int32_t>(code), std::string(item));
    }
    return errors;
  }

  static std::vector<cogauth_document> raw_documents(const std::vector<document> &documents) {
    std::vector<cogauth_document> raw;
    raw.reserve(documents.size());
    for (const document &one : documents) {
      raw.push_back({detail::slice(one.name), detail::slice(one.text)});
    }
    return raw;
  }
};

COGAUTH_END
