#include "operations.hpp"

#include <functional>

namespace {

using cogauth::result;

struct call_of {
  const json &arguments;
  const std::map<std::string, std::string> &images;

  const json &at(const char *name) const { return arguments.at(name); }
  bool has(const char *name) const { return arguments.contains(name) && !at(name).is_null(); }
  std::string text(const char *name) const { return spelled(at(name)); }
  std::uint64_t number(const char *name) const { return at(name).get<std::uint64_t>(); }

  std::optional<std::string> perhaps(const char *name) const {
    return has(name) ? std::optional(text(name)) : std::nullopt;
  }

  result<cogauth::policy> policy() const {
    return cogauth::policy::from_image(images.at(at("policy").get<std::string>()));
  }
};

#define COGAUTH_TRY(name, expression)                                        \
  auto name##_or_error = (expression);                                       \
  if (!name##_or_error) return failed(std::move(name##_or_error).error());   \
  auto name = *std::move(name##_or_error)

answer failed(cogauth::error error) { return cogauth::detail::failure(std::move(error)); }

answer told(result<std::string> text) {
  COGAUTH_TRY(value, std::move(text));
  return json(std::move(value));
}

std::optional<std::string_view> view(const std::optional<std::string> &text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

json token_of(const cogauth::token &token) {
  json told{{"handle", token.handle()},
            {"kind", name_of(token.kind())},
            {"keyId", token.key_id()},
            {"id", token.id()}};
  if (token.hard_expiry()) told["hardExpiry"] = *token.hard_expiry();
  return told;
}

answer parse(const call_of &call) {
  const std::string text = call.text("token");
  COGAUTH_TRY(token, cogauth::parse(text));
  return token_of(token);
}

answer verify(const call_of &call) {
  COGAUTH_TRY(keys, cogauth::edge_keys::read(call.text("keys")));
  const std::string text = call.text("token");
  auto verified = keys.verify(text, call.number("now"));
  cogauth::token again;
  const auto code = keys.verify(text, call.number("now"), again).code();
  if (code != (verified ? COGAUTH_OK : verified.error().code())) return json("differing codes");
  COGAUTH_TRY(token, std::move(verified));
  return token_of(token);
}

template <typename Keys>
answer load(const call_of &call) {
  COGAUTH_TRY(keys, Keys::read(call.text("keys")));
  return json(static_cast<bool>(keys));
}

answer derive_keys(const call_of &call) {
  COGAUTH_TRY(roots, cogauth::root_keys::read(call.text("roots")));
  COGAUTH_TRY(keys, roots.edge_keys());
  COGAUTH_TRY(peppers, roots.peppers());
  COGAUTH_TRY(exposed_keys, keys.expose());
  COGAUTH_TRY(exposed_peppers, peppers.expose());
  return json::array({exposed_keys.expose(), exposed_peppers.expose()});
}

cogauth::kind kind_of(const std::string &name) {
  using cogauth::kind;
  for (const auto of : {kind::service_user_key, kind::personal_access_token, kind::sample}) {
    if (name_of(of) == name) return of;
  }
  return kind::none;
}

answer mint(const call_of &call) {
  COGAUTH_TRY(roots, cogauth::root_keys::read(call.text("roots")));
  const auto day = call.has("hardExpiry")
                       ? std::optional(call.at("hardExpiry").get<std::uint32_t>())
                       : std::nullopt;
  COGAUTH_TRY(minted, roots.mint(call.text("keyId"), kind_of(call.text("kind")),
                                 call.text("random"), day));
  return json(minted.expose());
}

answer digest(const call_of &call) {
  COGAUTH_TRY(peppers, cogauth::peppers::read(call.text("peppers")));
  return told(cogauth::digest(call.text("token"), call.text("principal"), peppers));
}

answer edge_digest(const call_of &call) {
  return told(cogauth::edge_digest(call.text("token"), call.text("principal")));
}

answer accepted_of(const cogauth::edge_keys &keys, const call_of &call,
                   const cogauth::accepted &accepted) {
  COGAUTH_TRY(token, keys.verify(call.text("token"), call.number("verifiedAt")));
  json told{{"handle", token.handle()},
            {"kind", name_of(token.kind())},
            {"id", token.id()},
            {"principal", accepted.principal},
            {"record", json::parse(accepted.record)}};
  if (accepted.valid_until) told["validUntil"] = *accepted.valid_until;
  return told;
}

answer accept_at_edge(const call_of &call) {
  COGAUTH_TRY(keys, cogauth::edge_keys::read(call.text("keys")));
  const auto record = call.perhaps("record");
  COGAUTH_TRY(accepted, cogauth::accept_at_edge(keys, call.text("token"), call.number("verifiedAt"),
                                                view(record), call.number("now")));
  return accepted_of(keys, call, accepted);
}

answer accept_at_origin(const call_of &call) {
  COGAUTH_TRY(keys, cogauth::edge_keys::read(call.text("keys")));
  COGAUTH_TRY(peppers, cogauth::peppers::read(call.text("peppers")));
  const auto record = call.perhaps("record");
  COGAUTH_TRY(accepted,
              cogauth::accept_at_origin(keys, peppers, call.text("token"),
                                        call.number("verifiedAt"), view(record),
                                        call.number("now")));
  return accepted_of(keys, call, accepted);
}

std::vector<std::string> texts(const json &list) {
  std::vector<std::string> texts;
  for (const auto &item : list) texts.push_back(spelled(item));
  return texts;
}

answer issue_record(const call_of &call) {
  std::optional<cogauth::peppers> peppers;
  if (call.has("peppers")) {
    COGAUTH_TRY(read, cogauth::peppers::read(call.text("peppers")));
    peppers = std::move(read);
  }
  const std::string token = call.text("token"), principal = call.text("principal");
  const auto scopes = texts(call.at("scopes"));
  const auto name = call.perhaps("name"), metadata = call.perhaps("metadata");
  std::vector<std::string> organizations, addresses;
  cogauth::record_draft draft;
  draft.token = token;
  draft.principal = principal;
  draft.scopes.assign(scopes.begin(), scopes.end());
  draft.created_at = call.number("createdAt");
  draft.peppers = peppers ? &*peppers : nullptr;
  draft.edges = call.at("edges").get<bool>();
  if (call.has("organizations")) {
    organizations = texts(call.at("organizations"));
    draft.organizations.emplace(organizations.begin(), organizations.end());
  }
  if (call.has("addresses")) {
    addresses = texts(call.at("addresses"));
    draft.addresses.emplace(addresses.begin(), addresses.end());
  }
  draft.name = view(name);
  draft.metadata = view(metadata);
  if (call.has("notBefore")) draft.not_before = call.number("notBefore");
  if (call.has("expiresAt")) draft.expires_at = call.number("expiresAt");
  return told(cogauth::issue_record(draft));
}

answer read_record(const call_of &call) {
  COGAUTH_TRY(record, cogauth::read_record(call.text("record")));
  return json::parse(record);
}

answer edge_record(const call_of &call) { return told(cogauth::edge_record(call.text("record"))); }

answer display_record(const call_of &call) {
  return told(cogauth::display_record(call.text("record")));
}

answer revoke_record(const call_of &call) {
  return told(cogauth::revoke_record(call.text("record"), call.number("at")));
}

answer use_record(const call_of &call) {
  return told(cogauth::use_record(call.text("record"), call.number("at")));
}

answer merge_records(const call_of &call) {
  return told(cogauth::merge_records(call.text("record"), call.text("stored")));
}

answer inactive_because(const call_of &call) {
  COGAUTH_TRY(code, cogauth::inactive_because(call.text("record"), call.number("at")));
  return code == 0 ? json("") : json(std::string(cogauth::code_name(code)));
}

answer rotate_record(const call_of &call) {
  const std::uint64_t at = call.number("at");
  return told(cogauth::rotate_record(call.text("record"), call.text("successor"), at + 100, at));
}

answer rotate_within(const call_of &call) {
  cogauth::rotation_limits limits;
  limits.later_expiry = call.at("laterExpiry").get<bool>();
  if (call.has("maxGrace")) limits.max_grace = call.number("maxGrace");
  return told(cogauth::rotate_record(call.text("record"), call.text("successor"),
                                     call.number("until"), call.number("at"), limits));
}

/// The lines of a header: the whole list, so many times.
std::vector<std::string> lines(const json &from) {
  const auto values = texts(from.at("values"));
  std::vector<std::string> lines;
  for (auto times = from.at("times").get<std::size_t>(); times > 0; --times) {
    lines.insert(lines.end(), values.begin(), values.end());
  }
  return lines;
}

/// Bytes as JSON text, with U+FFFD where they are no UTF-8.
json lossy(std::string_view bytes) {
  const auto replace = json::error_handler_t::replace;
  return json::parse(json(std::string(bytes)).dump(-1, ' ', false, replace));
}

answer authorization(const call_of &call) {
  const auto values = lines(call.arguments);
  COGAUTH_TRY(read, cogauth::read_authorization({values.begin(), values.end()}));
  switch (read.scheme) {
    case cogauth::scheme::nothing: return json{{"scheme", "nothing"}};
    case cogauth::scheme::other: return json{{"scheme", "other"}};
    case cogauth::scheme::bearer: break;
  }
  return json{{"scheme", "bearer"}, {"credential", lossy(read.credential)}};
}

answer scan(const call_of &call) {
  json found = json::array();
  const std::string text = call.text("text");
  COGAUTH_TRY(all, cogauth::scan(text));
  for (const auto &one : all) {
    const auto handle = one.handle();
    found.push_back({{"start", one.start()},
                     {"end", one.end()},
                     {"handle", handle ? json(*handle) : json(nullptr)}});
  }
  return found;
}

answer scan_decoding(const call_of &call) {
  const std::string text = call.text("text");
  auto found = cogauth::scan_decoding(text);
  if (call.has("keys")) {
    COGAUTH_TRY(keys, cogauth::edge_keys::read(call.text("keys")));
    found = cogauth::scan_decoding(text, keys);
  }
  COGAUTH_TRY(all, std::move(found));
  json told = json::array();
  for (const auto &one : all) {
    const bool parsed = one.certainty == cogauth::certainty::parsed;
    json item{{"start", one.start},
              {"end", one.end},
              {"certainty", parsed ? "parsed" : "looks_like"},
              {"encodings", one.encodings}};
    if (one.handle) item["handle"] = *one.handle;
    if (one.genuine) item["genuine"] = *one.genuine;
    told.push_back(std::move(item));
  }
  return told;
}

answer redact(const call_of &call) { return told(cogauth::redact(call.text("text"))); }

answer redact_decoding(const call_of &call) {
  return told(cogauth::redact_decoding(call.text("text")));
}

answer describe(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  COGAUTH_TRY(digest, policy.digest());
  COGAUTH_TRY(actions, policy.actions());
  return json{{"digest", digest}, {"actions", actions}};
}

answer image_digest(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  return told(policy.image_digest());
}

answer load_image(const call_of &call) {
  std::string image = call.images.at(call.at("policy").get<std::string>());
  if (call.has("cut")) image.resize(call.at("cut").get<std::size_t>());
  if (call.has("change")) image.at(call.at("change").get<std::size_t>()) ^= 0x41;
  COGAUTH_TRY(policy, cogauth::policy::from_image(image));
  return told(policy.digest());
}

answer decide(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  const std::string request = call.text("request");
  const cogauth::decision decided = policy.decide(request);
  auto explained = policy.explain(request);
  if (explained) {
    if (json::parse(*explained).at("decision") != decided.allowed()) return json("differing");
  } else if (!decided.error() || decided.error()->code() != explained.error().code() || decided) {
    return json("differing errors");
  }
  return told(std::move(explained));
}

answer evaluate(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  return told(policy.evaluate(call.text("request")));
}

answer search_actions(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  return told(policy.search_actions(call.text("request")));
}

answer route(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  COGAUTH_TRY(route, policy.route(call.text("method"), call.text("target")));
  json told{{"found", route.found}};
  if (route.found) {
    told["action"] = route.action;
    told["undecided"] = route.undecided;
    if (route.organization) told["organization"] = *route.organization;
    if (route.resource) {
      told["resource"] = {{"type", route.resource->type}, {"id", route.resource->id}};
    }
    told["parameters"] = json::object();
    for (const auto &[name, value] : route.parameters) told["parameters"][name] = value;
  } else {
    told["reason"] = route.reason;
    if (route.reason == "method_not_allowed") told["methods"] = route.methods;
  }
  return told;
}

/// Documents, with what they are views of.
struct documents {
  explicit documents(const json &list) {
    for (const auto &pair : list) {
      held.emplace_back(pair.at(0).get<std::string>(), spelled(pair.at(1)));
    }
    for (const auto &[name, text] : held) views.push_back({name, text});
  }

  std::vector<std::pair<std::string, std::string>> held;
  std::vector<cogauth::document> views;
};

answer compile(const call_of &call) {
  const documents documents(call.at("documents"));
  const auto digest = call.perhaps("digest");
  COGAUTH_TRY(policy, cogauth::policy::from_documents(documents.views, view(digest)));
  COGAUTH_TRY(image, policy.image());
  return json{{"hex", to_hex(image)}};
}

json all_of(const std::vector<cogauth::error> &errors) {
  json told = json::array();
  for (const auto &error : errors) told.push_back(described(error));
  return told;
}

answer check(const call_of &call) {
  COGAUTH_TRY(errors, cogauth::policy::check(documents(call.at("documents")).views));
  return all_of(errors);
}

answer policy_warnings(const call_of &call) {
  COGAUTH_TRY(warnings, cogauth::policy::warnings(documents(call.at("documents")).views));
  return all_of(warnings);
}

answer bundle(const call_of &call) {
  return told(cogauth::policy::bundle(documents(call.at("documents")).views));
}

json resource_of(const cogauth::resource &resource) {
  return {{"type", resource.type}, {"id", resource.id}};
}

json step_of(const cogauth::record_needed &asked) {
  return {{"step", "record"}, {"id", asked.id()}};
}

json step_of(const cogauth::facts_needed &asked) {
  json told{{"step", "facts"},
            {"principal", asked.principal()},
            {"principalType", asked.principal_type()}};
  if (asked.organization()) told["organization"] = *asked.organization();
  if (asked.resource()) told["resource"] = resource_of(*asked.resource());
  return told;
}

json step_of(const cogauth::allowed &done) {
  json told{{"step", "allowed"},
            {"principal", {{"type", done.principal_type()}, {"id", done.principal()}}},
            {"credential",
             {{"kind", done.credential_kind()},
              {"id", done.credential_id()},
              {"handle", done.credential_handle()}}},
            {"action", done.action()},
            {"undecided", done.undecided()},
            {"advice", done.advice()},
            {"audit", done.audit()}};
  if (done.organization()) told["organization"] = *done.organization();
  if (done.resource()) told["resource"] = resource_of(*done.resource());
  told["parameters"] = json::object();
  for (const auto &[name, value] : done.parameters()) told["parameters"][std::string(name)] = value;
  if (done.valid_until()) told["validUntil"] = *done.valid_until();
  return told;
}

json step_of(const cogauth::refused &done) {
  json headers = json::object();
  for (const auto &[name, value] : done.headers()) headers[std::string(name)] = value;
  return {{"step", "refused"},     {"status", done.status()}, {"code", done.name()},
          {"headers", headers},    {"body", done.body()},     {"audit", done.audit()}};
}

json step_of(const cogauth::pass_on &) { return {{"step", "pass_on"}}; }
json step_of(const cogauth::preflight &) { return {{"step", "preflight"}}; }

/// A step by its own members and, where the library tells it as JSON, by that: they must agree.
json written(const cogauth::step &step) {
  return std::visit(
      [](const auto &at) {
        json own = step_of(at);
        if constexpr (std::is_base_of_v<cogauth::detail::at_exchange,
                                        std::decay_t<decltype(at)>>) {
          const auto told = at.json();
          if (!told || json::parse(*told) != own) return json("differing");
        }
        return own;
      },
      step);
}

/// What a case answers to a question.
template <typename Question, typename Found>
cogauth::step answered(Question question, const json &stored, Found found) {
  if (stored == "absent") return std::move(question).absent();
  if (stored == "unavailable") return std::move(question).unavailable();
  return found(std::move(question), spelled(stored.at("text")));
}

answer gate(const call_of &call) {
  COGAUTH_TRY(policy, call.policy());
  COGAUTH_TRY(keys, cogauth::edge_keys::read(call.text("keys")));
  const json &told = call.at("options");
  cogauth::gate_options options;
  const auto realm = told.contains("realm") ? told.at("realm").get<std::string>() : std::string();
  if (told.contains("realm")) options.realm = realm;
  if (told.contains("retry_after")) {
    options.retry_after = told.at("retry_after").get<std::uint64_t>();
  }
  if (told.contains("max_record_age")) {
    options.max_record_age = told.at("max_record_age").get<std::uint64_t>();
  }
  options.pass_on = told.value("pass_on", false);
  options.preflight = told.value("preflight", false);
  auto made = cogauth::gate::at_edge(policy, keys, options);
  if (call.at("place") == "origin") {
    COGAUTH_TRY(peppers, cogauth::peppers::read(call.text("peppers")));
    made = cogauth::gate::at_origin(policy, keys, peppers, options);
  }
  COGAUTH_TRY(gate, std::move(made));

  const json &asked = call.at("request");
  const std::string method = spelled(asked.at("method")), target = spelled(asked.at("target"));
  const auto values = lines(asked);
  std::string context;
  cogauth::request request{method, target, {values.begin(), values.end()}};
  if (asked.contains("context") && !asked.at("context").is_null()) {
    context = spelled(asked.at("context"));
    request.context = context;
  }
  std::string address;
  if (asked.contains("clientAddress")) {
    address = asked.at("clientAddress").get<std::string>();
    request.client_address = address;
  }
  COGAUTH_TRY(step, gate.begin(request, call.number("now")));
  json steps = json::array({written(step)});
  while (true) {
    if (auto *record = std::get_if<cogauth::record_needed>(&step)) {
      const json &stored = call.at("record");
      step = answered(std::move(*record), stored, [&](auto question, const std::string &text) {
        const auto at = stored.contains("fetchedAt") && !stored.at("fetchedAt").is_null()
                            ? std::optional(stored.at("fetchedAt").get<std::uint64_t>())
                            : std::nullopt;
        return std::move(question).found(text, at);
      });
    } else if (auto *facts = std::get_if<cogauth::facts_needed>(&step)) {
      step = answered(std::move(*facts), call.at("facts"),
                      [](auto question, const std::string &text) {
                        return std::move(question).found(text);
                      });
    } else {
      return steps;
    }
    steps.push_back(written(step));
  }
}

const std::map<std::string, answer (*)(const call_of &)> OPERATIONS{
    {"parse", parse},
    {"verify", verify},
    {"load_edge_keys", load<cogauth::edge_keys>},
    {"load_peppers", load<cogauth::peppers>},
    {"load_root_keys", load<cogauth::root_keys>},
    {"derive_keys", derive_keys},
    {"mint", mint},
    {"digest", digest},
    {"edge_digest", edge_digest},
    {"accept_at_edge", accept_at_edge},
    {"accept_at_origin", accept_at_origin},
    {"issue_record", issue_record},
    {"read_record", read_record},
    {"edge_record", edge_record},
    {"display_record", display_record},
    {"revoke_record", revoke_record},
    {"use_record", use_record},
    {"merge_records", merge_records},
    {"inactive_because", inactive_because},
    {"rotate_record", rotate_record},
    {"rotate_within", rotate_within},
    {"authorization", authorization},
    {"scan", scan},
    {"scan_decoding", scan_decoding},
    {"redact", redact},
    {"redact_decoding", redact_decoding},
    {"describe", describe},
    {"image_digest", image_digest},
    {"load_image", load_image},
    {"decide", decide},
    {"evaluate", evaluate},
    {"search_actions", search_actions},
    {"route", route},
    {"compile", compile},
    {"check", check},
    {"policy_warnings", policy_warnings},
    {"bundle", bundle},
    {"gate", gate},
};

}  // namespace

json described(const cogauth::error &error) {
  json told{{"code", error.code()}, {"codeName", error.name()}, {"message", error.message()}};
  const auto add = [&told](const char *name, const auto &value) {
    if (value) told[name] = *value;
  };
  add("offset", error.offset());
  add("document", error.document());
  add("pointer", error.pointer());
  add("line", error.line());
  add("column", error.column());
  add("length", error.length());
  add("suggestion", error.suggestion());
  return told;
}

bool is_known(const std::string &operation) { return OPERATIONS.count(operation) != 0; }

answer call(const std::string &operation, const json &arguments,
            const std::map<std::string, std::string> &images) {
  return OPERATIONS.at(operation)({arguments, images});
}
