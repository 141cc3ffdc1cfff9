# frozen_string_literal: true

require_relative "helper"

# The middleware: the path that is judged is the one that is served.
class RackTest < Minitest::Test
  include Fixtures

  def guard(**options)
    app = ->(env) { [200, {}, [env["cog_auth"].action]] }
    facts = ->(*) { @asked = true; INPUTS[:facts] }
    gate = CogAuth::Gate.new(policy: policy, keys: keys, **options.delete(:gate).to_h)
    CogAuth::Guard.new(app, gate: gate, now: -> { INPUTS[:now] }, facts: facts,
                            record: ->(_) { INPUTS[:record] }, **options)
  end

  def env(target, served, script = "", **more)
    { "REQUEST_METHOD" => "GET", "REQUEST_URI" => target, "SCRIPT_NAME" => script,
      "PATH_INFO" => served, "HTTP_AUTHORIZATION" => INPUTS[:authorization], **more }
  end

  def test_the_path_that_is_served
    path = INPUTS[:target]
    assert_equal 200, guard.call(env(path, path)).first
    assert_equal 200, guard.call(env("#{path}?a=b%20c?d", path)).first
    assert_equal 200, guard.call(env(path, path.delete_prefix("/v3"), "/v3")).first
    others = [path.sub("org-a", "org-b"), "#{path}/", "/", "", nil, path.delete_prefix("/v3")]
    others.each do |served|
      @asked = false
      refused = env(path, served)
      status, headers, body = guard.call(refused)
      assert_equal [503, "5"], [status, headers["retry-after"]], served.inspect
      assert_includes body.join, "unavailable"
      assert_includes refused["cog_auth"].cause.message, "the path that is served"
      refute @asked
    end
    refute_equal 200, guard.call(env("#{path}?", path.sub("org-a", "org-b"))).first
    assert_equal 401, guard.call(env(path, "/", "HTTP_AUTHORIZATION" => nil).compact).first
  end

  def test_paths_that_are_not_normal
    ["/v3//organizations/org-a/sessions", "/v3/organizations/%6frg-a/sessions"].each do |target|
      served = "/v3/organizations/org-a/sessions"
      assert_equal 400, guard.call(env(target, served)).first
    end
  end

  def test_decoded_paths
    same = ->(target, served) { guard.send(:served?, env(target, served), target) }
    assert same.("/a%20b/%C3%A9", "/a%20b/%C3%A9")
    assert same.("/a%20b/%C3%A9?x", "/a b/\u00e9")
    refute same.("/a%2520b", "/a b")
    refute same.("/a%20b", "/a%2520b")
    refute same.("/a%zz", "/a")
    refute same.(nil, "/a")
  end

  def test_rewritten_paths_are_an_option
    rewritten = env(INPUTS[:target], "/index")
    assert_equal 200, guard(rewritten: true).call(rewritten).first
    assert_equal 503, guard(rewritten: false).call(rewritten).first
    [nil, "no", 1].each { |wrong| assert_code(701) { guard(rewritten: wrong) } }
  end

  def test_the_context
    path = INPUTS[:target]
    seen = nil
    told = guard(context: ->(env) { seen = env["PATH_INFO"]; '{"reserved":1}' })
    assert_equal 200, told.call(env(path, path)).first
    assert_equal path, seen
    assert_code(602) { guard(context: ->(_) { '{"time":1}' }).call(env(path, path)) }
    assert_code(701) { guard(context: ->(_) { false }).call(env(path, path)) }
  end

  def test_the_address_of_the_client
    path = INPUTS[:target]
    told = guard(client_address: ->(env) { env["REMOTE_ADDR"] })
    audited = lambda do |more|
      given = env(path, path, **more)
      assert_equal 200, told.call(given).first
      JSON.parse(given["cog_auth"].audit)["client_address"]
    end
    assert_equal "192.0.2.1", audited.({ "REMOTE_ADDR" => "192.0.2.1" })
    assert_nil audited.({})
    assert_code(701) { guard(client_address: ->(_) { false }).call(env(path, path)) }
  end

  def test_other_outcomes_are_not_judged
    cors = guard(gate: { preflight: true }, preflight: ->(_) { [204, {}, []] })
    assert_equal 204, cors.call(env("/a", "/b", "REQUEST_METHOD" => "OPTIONS")).first
  end
end
