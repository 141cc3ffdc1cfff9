// A small HTTP server whose every request goes through the gate.
//
// usage: server FILE [down]
//
// FILE has the keys, a record and facts, as bindings/bench/inputs.json does: they stand for the
// stores of a real service. With `down` the stores cannot be asked. It prints the port that it
// listens on.
#include <cogauth.hpp>

#include <cstdio>
#include <fstream>
#include <httplib.h>
#include <nlohmann/json.hpp>

namespace {

/// What a real service has in its databases.
class stores {
 public:
  stores(const nlohmann::json &file, bool down)
      : record_(file.at("record").get<std::string>()),
        facts_(file.at("facts").get<std::string>()),
        down_(down) {}

  cogauth::lookup record(std::string_view id) const {
    if (down_) throw std::runtime_error("the store is down");
    const bool is_it = nlohmann::json::parse(record_).at("id") == id;
    return is_it ? cogauth::lookup::found(record_) : cogauth::lookup::absent();
  }

  cogauth::lookup facts(std::string_view principal,
                        std::optional<std::string_view> organization) const {
    nlohmann::json facts = nlohmann::json::parse(facts_);
    if (facts.at("principal").at("id") != principal) return cogauth::lookup::absent();
    if (organization) facts.at("organization").at("id") = *organization;
    return cogauth::lookup::found(facts.dump());
  }

 private:
  std::string record_, facts_;
  bool down_;
};

/// The request as the gate looks at it: nothing is decoded, and no line of the header left out.
cogauth::request as_gate_sees(const httplib::Request &request) {
  cogauth::request seen{request.method, request.target, {}};
  const auto lines = request.headers.equal_range("Authorization");
  for (auto line = lines.first; line != lines.second; ++line) {
    seen.authorization.push_back(line->second);
  }
  return seen;
}

void send(const cogauth::refused &refused, httplib::Response &response) {
  response.status = refused.status();
  for (const auto &[name, value] : refused.headers()) {
    if (name != "content-type") response.set_header(std::string(name), std::string(value));
  }
  response.set_content(std::string(refused.body()), "application/problem+json");
}

void send(const cogauth::allowed &allowed, httplib::Response &response) {
  const nlohmann::json body{{"principal", allowed.principal()}, {"action", allowed.action()}};
  response.set_content(body.dump(), "application/json");
}

}  // namespace

int main(int count, char **arguments) {
  if (count < 2) return std::fprintf(stderr, "usage: server FILE [down]\n"), 2;
  std::ifstream stream(arguments[1]);
  const nlohmann::json file = nlohmann::json::parse(stream);
  const stores stores(file, count > 2);
  // The fixed time fits the record of the file. A real service takes the clock's.
  const auto now = file.at("now").get<std::uint64_t>();

  const auto keys = cogauth::edge_keys::read(file.at("edge_keys").get<std::string>());
  const auto policy = cogauth::policy::builtin();
  if (!keys || !policy) return std::fprintf(stderr, "no keys or no policy\n"), 1;
  const auto gate = cogauth::gate::at_edge(*policy, *keys);
  if (!gate) return std::fprintf(stderr, "no gate: %s\n", gate.error().message().c_str()), 1;

  httplib::Server server;
  server.set_pre_routing_handler([&](const httplib::Request &request, httplib::Response &response) {
    const cogauth::outcome outcome = gate->guard(
        as_gate_sees(request), now, [&](std::string_view id) { return stores.record(id); },
        [&](std::string_view principal, std::optional<std::string_view> organization) {
          return stores.facts(principal, organization);
        });
    if (const auto *allowed = std::get_if<cogauth::allowed>(&outcome)) {
      send(*allowed, response);
    } else if (const auto *refused = std::get_if<cogauth::refused>(&outcome)) {
      send(*refused, response);
    } else {
      response.status = 501;  // This gate passes nothing on and answers no preflight.
    }
    return httplib::Server::HandlerResponse::Handled;
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::printf("%d\n", port);
  std::fflush(stdout);
  return server.listen_after_bind() ? 0 : 1;
}
