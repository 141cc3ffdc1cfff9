// The example, called over a socket.
#include "environment.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <httplib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// The example as a process of its own, which ends with this.
class server {
 public:
  explicit server(const char *stores = nullptr) {
    const std::string program = variable("COGAUTH_EXAMPLE");
    const std::string file = variable("COGAUTH_BENCH_INPUTS");
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    process_ = fork();
    if (process_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      execl(program.c_str(), program.c_str(), file.c_str(), stores, static_cast<char *>(nullptr));
      _exit(127);
    }
    close(ends[1]);
    std::string line;
    for (char byte; read(ends[0], &byte, 1) == 1 && byte != '\n';) line.push_back(byte);
    close(ends[0]);
    port_ = line.empty() ? 0 : std::stoi(line);
  }

  ~server() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }

  httplib::Result get(const std::string &target, const httplib::Headers &headers) const {
    httplib::Client client("127.0.0.1", port_);
    return client.Get(target.c_str(), headers);
  }

 private:
  pid_t process_ = -1;
  int port_ = 0;
};

const httplib::Headers credential() { return {{"Authorization", input("authorization")}}; }

}  // namespace

TEST_CASE("the example answers over a socket") {
  const server up;
  const auto refused = up.get(input("target"), {});
  REQUIRE(refused);
  CHECK(refused->status == 401);
  CHECK(refused->get_header_value("WWW-Authenticate").find("Bearer") == 0);
  CHECK(refused->get_header_value("Content-Type") == "application/problem+json");
  CHECK(nlohmann::json::parse(refused->body).at("code") == "missing_credential");

  const auto allowed = up.get(input("target"), credential());
  REQUIRE(allowed);
  CHECK(allowed->status == 200);
  CHECK(nlohmann::json::parse(allowed->body) ==
        nlohmann::json{{"principal", "su_ci"}, {"action", "ViewOrgSessions"}});

  const auto denied = up.get("/v3/organizations/org-b/sessions", credential());
  REQUIRE(denied);
  CHECK(denied->status == 403);

  const auto twice = up.get(input("target"), {{"Authorization", input("authorization")},
                                               {"Authorization", input("authorization")}});
  REQUIRE(twice);
  CHECK(twice->status == 400);
}

TEST_CASE("the example refuses everybody while its stores are down") {
  const server down("down");
  const auto refused = down.get(input("target"), credential());
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->has_header("Retry-After"));
}
