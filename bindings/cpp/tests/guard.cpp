// Gates, guards and steps: stores that fail, calls that are wrong, and threads.
#include "fixtures.hpp"

#include <atomic>
#include <pthread.h>
#include <thread>

TEST_CASE("a gate keeps what it is made of") {
  auto by = *cogauth::policy::builtin();
  auto with = keys();
  const auto made = *cogauth::gate::at_edge(by, with);
  by.reset();
  with.reset();
  CHECK(std::holds_alternative<cogauth::allowed>(made.guard(request(), now(), record, facts)));
}

TEST_CASE("nothing that comes of a request converts to true") {
  CHECK_FALSE(std::is_constructible_v<bool, cogauth::outcome>);
  CHECK_FALSE(std::is_constructible_v<bool, cogauth::step>);
  CHECK_FALSE(std::is_constructible_v<bool, cogauth::lookup>);
}

TEST_CASE("the guard allows what has a record and facts") {
  std::string asked_id, asked_principal, asked_organization;
  const auto outcome = gate().guard(
      request(), now(),
      [&](std::string_view id) {
        asked_id = id;
        return record(id);
      },
      [&](std::string_view principal, std::optional<std::string_view> organization) {
        asked_principal = principal;
        asked_organization = organization.value_or("none");
        return facts(principal, organization);
      });
  CHECK(asked_id == "AAAABBBBCCCC");
  CHECK(asked_principal == "su_ci");
  CHECK(asked_organization == "org-a");
  const auto *allowed = std::get_if<cogauth::allowed>(&outcome);
  REQUIRE(allowed != nullptr);
  CHECK(allowed->principal() == "su_ci");
  CHECK(allowed->principal_type() == "service_user");
  CHECK(allowed->organization() == "org-a");
  CHECK(allowed->action() == "ViewOrgSessions");
  CHECK(nlohmann::json::parse(allowed->audit()).at("outcome") == "allowed");
  CHECK(nlohmann::json::parse(*allowed->record()).at("id") == "AAAABBBBCCCC");
}

TEST_CASE("a path names more than an organization") {
  const std::string target = "/v3/enterprise/members/users/user_02", line = input("authorization");
  const auto policy = *cogauth::policy::builtin();
  const auto route = policy.route("PATCH", target);
  REQUIRE(route);
  REQUIRE(route->resource);
  CHECK(route->resource->type == "user");
  CHECK(route->resource->id == "user_02");
  using pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(route->parameters == pairs{{"user_id", "user_02"}});
  CHECK_FALSE(policy.route("GET", input("target"))->resource);

  cogauth::request asked{"PATCH", target, {line}};
  asked.client_address = "192.0.2.1";
  std::string named;
  const auto about = [&](std::string_view, std::optional<std::string_view> organization,
                         std::optional<cogauth::resource> resource) {
    named = std::string(organization.value_or("none"));
    if (resource) named.append(" ").append(resource->type).append(" ").append(resource->id);
    return lookup::found(input("facts"));
  };
  const auto denied = gate().guard(asked, now(), record, about);
  CHECK(named == "none user user_02");
  CHECK(nlohmann::json::parse(refusal(denied).audit()).at("client_address") == "192.0.2.1");
  const auto outcome = gate().guard(request(), now(), record, about);
  CHECK(named == "org-a");
  const auto *allowed = std::get_if<cogauth::allowed>(&outcome);
  REQUIRE(allowed != nullptr);
  CHECK_FALSE(allowed->resource());
  REQUIRE(allowed->parameters().size() == 1);
  CHECK(allowed->parameters()[0].first == "org_id");
  CHECK(allowed->parameters()[0].second == "org-a");
}

TEST_CASE("the guard tells the principal's type") {
  std::string told;
  const auto outcome = gate().guard(
      request(), now(), record,
      [&](std::string_view principal, std::optional<std::string_view> organization,
          std::optional<cogauth::resource> resource, std::string_view principal_type) {
        CHECK_FALSE(resource);
        told = principal_type;
        return facts(principal, organization);
      });
  CHECK(told == "service_user");
  CHECK(std::holds_alternative<cogauth::allowed>(outcome));
}

TEST_CASE("a store that knows nothing, fails, throws or answers nonsense leads to a refusal") {
  const auto status = [](auto records, auto about) {
    return refusal(gate().guard(request(), now(), records, about)).status();
  };
  const auto no_record = [](std::string_view) { return lookup::absent(); };
  const auto down = [](std::string_view) { return lookup::unavailable(); };
  const auto throwing = [](std::string_view) -> lookup { throw std::runtime_error("down"); };
  const auto throwing_int = [](std::string_view) -> lookup { throw 1; };
  const auto nonsense = [](std::string_view) { return lookup::found("{"); };
  CHECK(status(no_record, facts) == 401);
  CHECK(status(down, facts) == 503);
  CHECK(status(throwing, facts) == 503);
  CHECK(status(throwing_int, facts) == 503);
  CHECK(status(nonsense, facts) == 503);
  CHECK(status([](std::string_view) { return lookup(); }, facts) == 503);
  using organization = std::optional<std::string_view>;
  const auto no_facts = [](std::string_view, organization) { return lookup::absent(); };
  const auto facts_throw = [](std::string_view, organization) -> lookup { throw 1; };
  const auto no_json = [](std::string_view, organization) { return lookup::found(""); };
  CHECK(status(record, no_facts) == 401);
  CHECK(status(record, facts_throw) == 503);
  CHECK(status(record, no_json) == 503);
}

TEST_CASE("a wrong call of the guard is a refusal that tells of it") {
  cogauth::request asked = request();
  asked.context = R"({"time":1})";
  const auto outcome = gate().guard(asked, now(), record, facts);
  const cogauth::refused &refused = refusal(outcome);
  CHECK(refused.status() == 503);
  CHECK(refused.failure()->code() == COGAUTH_E_RESERVED_CONTEXT);
  CHECK(refused.name() == "reserved_context");
  CHECK(nlohmann::json::parse(refused.body()).at("status") == 503);
  CHECK(refused.headers().at(0).second == "application/problem+json");
  CHECK(refused.audit().empty());
}

TEST_CASE("a refusal has what to send") {
  const cogauth::request asked{"GET", "/v3/organizations/org-a/sessions", {}};
  const auto outcome = gate().guard(asked, now(), record, facts);
  const cogauth::refused &refused = refusal(outcome);
  CHECK(refused.status() == 401);
  CHECK(refused.code() == COGAUTH_E_MISSING_CREDENTIAL);
  CHECK_FALSE(refused.failure());
  bool challenged = false;
  for (const auto &[name, value] : refused.headers()) challenged |= name == "www-authenticate";
  CHECK(challenged);
}

TEST_CASE("a question is answered once") {
  auto begun = gate().begin(request(), now());
  REQUIRE(begun);
  auto &question = *std::get_if<cogauth::record_needed>(&*begun);
  CHECK(question.id() == "AAAABBBBCCCC");
  const cogauth::step next = std::move(question).found(input("record"));
  const auto *needed = std::get_if<cogauth::facts_needed>(&next);
  REQUIRE(needed != nullptr);
  CHECK(needed->principal() == "su_ci");
  CHECK(needed->principal_type() == "service_user");
  const cogauth::step again = std::move(question).found(input("record"));
  const auto *refused = std::get_if<cogauth::refused>(&again);
  REQUIRE(refused != nullptr);
  CHECK(refused->status() == 503);
  CHECK(refused->code() == COGAUTH_E_WRONG_STEP);
  CHECK(question.id().empty());
  CHECK_FALSE(question.json());
}

TEST_CASE("a fetch at no valid time is a refusal") {
  auto begun = gate().begin(request(), now());
  auto &question = *std::get_if<cogauth::record_needed>(&*begun);
  const cogauth::step next = std::move(question).found(input("record"), UINT64_MAX - 1);
  REQUIRE(std::holds_alternative<cogauth::refused>(next));
  CHECK(std::get_if<cogauth::refused>(&next)->code() == COGAUTH_E_TIME_OUT_OF_RANGE);
}

#if defined(__GLIBC__) && defined(__GLIBCXX__)
TEST_CASE("a thread may end in a store") {
  bool went_on = false;
  pthread_t thread;
  const auto run = [](void *told) -> void * {
    const auto ending = [](std::string_view) -> lookup { pthread_exit(nullptr); };
    const auto outcome = gate().guard(request(), now(), ending, facts);
    *static_cast<bool *>(told) = true;
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, nullptr, run, &went_on) == 0);
  CHECK(pthread_join(thread, nullptr) == 0);
  CHECK_FALSE(went_on);
}
#endif

TEST_CASE("threads share handles, and copies go while others work") {
  const auto guarding = gate();
  auto with = keys();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&right, guarding, with]() mutable {
      for (int round = 0; round < 200; ++round) {
        const auto mine = guarding;
        const auto outcome = mine.guard(request(), now(), record, facts);
        const bool verified = with.verify(input("token"), now()).has_value();
        if (verified && std::holds_alternative<cogauth::allowed>(outcome)) ++right;
      }
      with.reset();
    });
  }
  with.reset();
  for (auto &thread : threads) thread.join();
  CHECK(right == 800);
}
