# frozen_string_literal: true

require_relative "helper"
require "socket"

# The example as a process of its own, called over a socket.
class ExampleTest < Minitest::Test
  def setup
    @server = IO.popen([RbConfig.ruby, "#{PACKAGE}/example/server.rb", "0", err: File::NULL])
    @port = @server.gets[/\d+/].to_i
  end

  def teardown
    Process.kill(:TERM, @server.pid)
    @server.close
  end

  def test_requests
    bearer = "Authorization: #{INPUTS[:authorization]}"
    sessions = "GET /v3/organizations/org-a/sessions HTTP/1.1"

    status, headers, body = call(sessions)
    assert_equal 401, status
    assert_equal 'Bearer realm="example"', headers["www-authenticate"]
    assert_equal "application/problem+json", headers["content-type"]
    assert_equal "missing_credential", JSON.parse(body)["code"]

    status, _, body = call(sessions, bearer)
    assert_equal [200, "su_ci may ViewOrgSessions\n"], [status, body]

    status, headers, body = call("GET /v3/organizations/org-b/sessions HTTP/1.1", bearer)
    assert_equal 403, status
    assert_nil headers["www-authenticate"]
    assert_equal "denied", JSON.parse(body)["code"]

    # The path names a resource, about which the store has no facts.
    member = "PATCH /v3/enterprise/members/users/user_02 HTTP/1.1"
    assert_equal 403, call(member, bearer).first

    assert_equal 400, call(sessions, bearer, bearer).first
    assert_equal 400, call("GET /v3/organizations/%6frg-a/sessions HTTP/1.1", bearer).first
    assert_equal 401, call(sessions, bearer.chop).first
  end

  private

  def call(*lines)
    TCPSocket.open("127.0.0.1", @port) do |socket|
      socket.write([*lines, "Host: localhost", "Connection: close", "", ""].join("\r\n"))
      head, body = socket.read.split("\r\n\r\n", 2)
      headers = head.lines.drop(1).to_h { |line| line.chomp.split(": ", 2) }
      [head[/\d{3}/].to_i, headers.transform_keys(&:downcase), body]
    end
  end
end

# The same where the store cannot be asked.
class ExampleWithoutStoreTest < ExampleTest
  def setup
    ENV["STORE"] = "/nowhere"
    super
  ensure
    ENV.delete("STORE")
  end

  def test_requests
    status, headers, body = call("GET /v3/organizations/org-a/sessions HTTP/1.1",
                                 "Authorization: #{INPUTS[:authorization]}")
    assert_equal 503, status
    assert_equal "5", headers["retry-after"]
    assert_equal "unavailable", JSON.parse(body)["code"]
  end
end
