# frozen_string_literal: true

require_relative "helper"
require "pp"
require "timeout"

class BehaviourTest < Minitest::Test
  include Fixtures

  def gate(**options) = CogAuth::Gate.new(policy: policy, keys: keys, **options)

  def guarded(record: ->(_) { INPUTS[:record] }, facts: ->(*) { INPUTS[:facts] }, options: {},
              **rest)
    gate(**options).guard(record: record, facts: facts, **request, **rest)
  end

  def test_closing
    made = gate
    2.times { keys.close }
    assert_predicate keys, :closed?
    assert_equal "#<CogAuth::EdgeKeys (closed)>", keys.inspect
    assert_code(702) { keys.verify(INPUTS[:token], INPUTS[:now]) }
    assert_code(702) { gate }
    policy.close
    assert_code(702) { policy.digest }
    assert_code(702) { policy.image }
    # A gate keeps what it is made of, and an exchange its gate.
    exchange = made.begin(**request)
    made.close
    assert_code(702) { made.begin(**request) }
    assert_kind_of CogAuth::FactsNeeded, exchange.found(INPUTS[:record])
    exchange.close
    assert_code(702) { exchange.step }
    assert_code(702) { exchange.absent }
    assert_raises(TypeError) { keys.dup }
  end

  def test_blocks_close
    seen = CogAuth::EdgeKeys.open(INPUTS[:edge_keys]) { |opened| opened }
    assert_predicate seen, :closed?
    begun = nil
    assert_raises(RuntimeError) do
      gate.begin(**request) do |exchange|
        begun = exchange
        raise "stop"
      end
    end
    assert_predicate begun, :closed?
  end

  def test_closing_while_threads_use_it
    3.times do
      shared = CogAuth::EdgeKeys.new(INPUTS[:edge_keys])
      threads = Array.new(3) do
        Thread.new do
          loop { shared.verify(INPUTS[:token], INPUTS[:now]) }
        rescue CogAuth::Error => e
          e.code
        end
      end
      sleep 0.002
      shared.close
      assert_equal [702] * 3, threads.map(&:value)
    end
  end

  def test_threads_share_a_gate
    shared = gate
    outcomes = Array.new(8) do |i|
      Thread.new do
        Array.new(100) do
          facts = ->(*) { i.even? ? INPUTS[:facts] : nil }
          shared.guard(record: ->(_) { Thread.pass; INPUTS[:record] }, facts: facts, **request)
        end
      end
    end
    outcomes.map(&:value).each_with_index do |list, i|
      assert(list.all? { |outcome| outcome.is_a?(i.even? ? CogAuth::Allowed : CogAuth::Refused) })
    end
  end

  # What releases is a semaphore here, which counts its calls: no Ruby runs while it collects.
  def test_handles_are_released_once
    libc = Fiddle.dlopen(nil)
    functions = native.instance_variable_get(:@functions)
    genuine = functions["edge_keys_release"]
    functions["edge_keys_release"] = Fiddle::Function.new(
      libc["sem_post"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_INT
    )
    semaphore = Fiddle::Pointer.malloc(64)
    semaphore[0, 64] = "\0" * 64
    handle = ->(*) { CogAuth::EdgeKeys.send(:adopt, semaphore.to_i) }
    closed = handle.call
    2.times { closed.close }
    assert_equal 1, value_of(libc, semaphore)
    2_000.times(&handle)
    GC.start
    # A few may still be seen on the stack.
    assert_includes 1_900..2_001, value_of(libc, semaphore)
  ensure
    functions["edge_keys_release"] = genuine
    closed = nil
    GC.start
  end

  def value_of(libc, semaphore)
    value = "\0" * 4
    pointers = [Fiddle::TYPE_VOIDP] * 2
    Fiddle::Function.new(libc["sem_getvalue"], pointers, Fiddle::TYPE_INT).call(semaphore, value)
    value.unpack1("l")
  end

  def native = CogAuth.module_eval { const_get(:Native) }

  def test_strings_may_be_moved
    made = gate
    documents = { "a.json" => '{"v":1,"schema":[]}' }
    step, error = moving do
      [made.begin(**request, authorization: [INPUTS[:authorization].dup]).step,
       begin
         CogAuth::Policy.compile(documents)
       rescue CogAuth::Error => e
         e
       end]
    end
    assert_equal "AAAABBBBCCCC", step.id
    assert_equal ["a.json", 303], [error.document, error.code]
  end

  # Collects at every allocation, and moves what nothing holds in its place.
  def moving
    GC.auto_compact = true
    GC.stress = true
    yield
  ensure
    GC.stress = false
    GC.auto_compact = false
  end

  def test_wrong_types
    [nil, 1, :a, [], {}, Object.new].each do |wrong|
      assert_code(701) { CogAuth.parse_token(wrong) }
      assert_code(701) { CogAuth::EdgeKeys.new(wrong) }
      assert_code(701) { CogAuth::Policy.new(wrong) }
      assert_code(701) { keys.verify(wrong, INPUTS[:now]) }
      assert_code(701) { policy.decide(wrong) }
      assert_code(701) { policy.route(wrong, "/") }
      assert_code(701) { CogAuth.redact(wrong) }
      assert_code(701) { CogAuth.redact_decoding(wrong) }
      assert_code(701) { CogAuth.authorization([wrong]) }
      assert_code(701) { CogAuth::Gate.new(policy: wrong, keys: keys) }
      assert_code(701) { CogAuth.digest(INPUTS[:token], "su_ci", wrong) }
    end
    assert_code(701) { CogAuth::Gate.new(policy: keys, keys: policy) }
    assert_code(701) { keys.verify(INPUTS[:token], 1.5) }
    assert_code(701) { CogAuth::Policy.check({ "a" => nil }) }
    assert_raises(ArgumentError) { gate(max_age: 60) }
    [-1, 2**53, 2**64, 2**70].each do |time|
      assert_code(135) { keys.verify(INPUTS[:token], time) }
      assert_code(135) { CogAuth.revoke_record(INPUTS[:record], time) }
      assert_code(135) { gate(retry_after: time) }
    end
  end

  def test_errors
    error = assert_code(103) { CogAuth.parse_token("cog_1s01") }
    assert_equal "wrong_length", error.code_name
    assert_nil error.offset
    assert_includes error.message, "81 bytes"
    assert_equal "#{error.message} (103 wrong_length)", error.detailed_message
    assert_equal error.detailed_message, error.detailed_message(highlight: false)
    assert_includes error.inspect, "(103 wrong_length)"
    text = %({"v": 1,\n "schema": {"attributes": {"x": {"type": "id"}}}, "no": 1})
    documents = { "a.json" => text }
    first = assert_raises(CogAuth::Error) { CogAuth::Policy.compile(documents) }
    all = CogAuth::Policy.check(documents)
    members = ->(error) { CogAuth::Error::MEMBERS.map { |name| error.public_send(name) } }
    assert_equal members.(first), members.(all.first)
    assert_equal "a.json", first.document
    [first.line, first.column, first.length].each { |place| assert_kind_of Integer, place }
    # An error that is larger than the room for it.
    long = "x" * 100_000
    error = assert_raises(CogAuth::Error) { CogAuth::Policy.compile({ long => "{" }) }
    assert_equal long, error.document
    assert_equal "expired", CogAuth.code_name(114)
    assert_nil CogAuth.code_name(1)
    assert_includes CogAuth.code_sentence(114), "expiry"
  end

  def test_sizes
    assert_code(101) { CogAuth.parse_token("") }
    assert_code(131) { CogAuth::EdgeKeys.new("") }
    assert_code(501) { CogAuth::Policy.new("") }
    assert_equal ["", ""], [CogAuth.redact(""), CogAuth.redact_decoding("")]
    assert_empty CogAuth.scan("")
    assert_equal "nothing", CogAuth.authorization([]).scheme
    large = "a token: #{INPUTS[:token]}\0 " * 20_000
    refute_includes CogAuth.redact(large), INPUTS[:token]
    assert_equal CogAuth.redact(large), CogAuth.redact_decoding(large)
    assert_equal 20_000, CogAuth.scan(large).length
    assert_code(202) { CogAuth.redact("\xff") }
  end

  def test_keys_and_tokens
    roots = CogAuth::RootKeys.generate("01")
    token = roots.mint(key_id: "01", kind: :service_user_key)
    assert_equal "service_user_key", roots.edge_keys.verify(token, INPUTS[:now]).kind
    refute_equal token, roots.mint(key_id: "01", kind: :service_user_key)
    assert_code(104) { roots.mint(key_id: "01", kind: "session") }
    assert_code(135) { roots.mint(key_id: "01", kind: "sample", hard_expiry: 0) }
    assert_code(136) { roots.mint(key_id: "01", kind: "sample", random: "\xff".b * 64) }
    assert_code(133) { CogAuth::RootKeys.generate("0") }
    record = CogAuth.issue_record(token, principal: "su", scopes: ["*"], created_at: INPUTS[:now],
                                         peppers: roots.peppers, edges: true)
    accepted = CogAuth.accept_at_origin(roots.edge_keys, roots.peppers, token, INPUTS[:now], record,
                                        INPUTS[:now])
    assert_equal "su", accepted.principal
    now = INPUTS[:now]
    assert_code(121) { CogAuth.accept_at_edge(roots.edge_keys, token, now, nil, now) }
    [roots, roots.edge_keys, roots.peppers].each do |set|
      assert_equal set.expose, set.class.new(set.expose).expose
    end
  end

  def test_secrets_are_not_shown
    roots = CogAuth::RootKeys.generate("01")
    text = roots.expose
    material = JSON.parse(text)["keys"]["01"]
    token = roots.mint(key_id: "01", kind: :service_user_key)
    genuine = roots.edge_keys.verify(token, INPUTS[:now])
    [roots.inspect, roots.to_s, genuine.inspect].each do |shown|
      refute_includes shown, material
      refute_includes shown, token
    end
    error = assert_code(132) { CogAuth::EdgeKeys.new(text) }
    refute_includes error.full_message, material
    error = assert_code(105) { CogAuth.parse_token(token[0, 80] + "-") }
    refute_includes error.full_message, token[30, 40]
    read = CogAuth.authorization(["Bearer #{token}"])
    assert_equal token, read.credential
    [read.inspect, read.to_s, [read].inspect, PP.pp(read, +"")].each do |shown|
      refute_includes shown, token
      assert_includes shown, "bearer"
    end
    CogAuth.wipe(text)
    assert_equal "\0" * text.bytesize, text
    assert_raises(FrozenError) { CogAuth.wipe("frozen") }
    long = "x" * 100
    other = long.dup
    CogAuth.wipe(other)
    assert_equal "x" * 100, long
  end

  def test_guard
    asked = nil
    outcome = guarded(facts: ->(*of) { asked = of; INPUTS[:facts] })
    assert_kind_of CogAuth::Allowed, outcome
    assert_equal %w[su_ci org-a], asked
    assert_equal({ type: "service_user", id: "su_ci" }, outcome.principal)
    assert_equal "ViewOrgSessions", outcome.action
    assert_includes outcome.audit, '"outcome":"allowed"'
    missing = guarded(authorization: [])
    assert_equal [401, 605, "missing_credential"], missing.to_h.values_at(:status, :number, :code)
    %i[record facts].each do |store|
      assert_equal 401, guarded(store => ->(*) {}).status
      [RuntimeError.new("down"), IOError.new, Timeout::Error.new].each do |problem|
        refused = guarded(store => ->(*) { raise problem })
        assert_equal 503, refused.status
        assert_equal "5", refused.headers["retry-after"]
        assert_same problem, refused.cause
      end
      assert_equal 503, guarded(store => ->(*) { "{}" }).status
      half = "\xd8\0".dup.force_encoding("UTF-16BE")
      [false, 5, {}, [], [nil], [5], ["{}", "now"], ["{}", -1], ["{}", false], ["{}", 1, 2],
       half].each do |wrong|
        refused = guarded(store => ->(*) { wrong })
        assert_equal 503, refused.status, wrong.inspect
        assert_kind_of CogAuth::Error, refused.cause
      end
    end
    assert_raises(ArgumentError) { gate.guard(record: ->(_) {}, **request) }
  end

  def test_resources
    asked = nil
    stores = {
      record: ->(_) { INPUTS[:record] },
      facts: ->(*of) { asked = of; administrator }
    }
    path = "/v3/enterprise/members/users/user_02"
    user = { type: "user", id: "user_02" }
    outcome = gate.guard(**stores, **request, method: "PATCH", target: path)
    assert_equal ["su_ci", nil, user], asked
    assert_kind_of CogAuth::Allowed, outcome
    assert_equal [user, { user_id: "user_02" }], [outcome.resource, outcome.parameters]
    assert_equal user, policy.route("PATCH", path)[:resource]
    outcome = guarded
    assert_equal [nil, { org_id: "org-a" }], [outcome.resource, outcome.parameters]
  end

  # The facts with which the credential may do all that its account may.
  def administrator
    principal = JSON.parse(INPUTS[:facts])["principal"]
    JSON.generate(principal: principal.merge("roles" => ["account_admin"]))
  end

  def test_addresses
    now = INPUTS[:now]
    draft = { principal: "su_ci", scopes: ["*"], created_at: now, edges: true }
    from = lambda do |addresses, client|
      record = CogAuth.issue_record(INPUTS[:token], **draft, addresses: addresses)
      guarded(record: ->(_) { record }, client_address: client)
    end
    ["192.0.2.7", "2001:db8::1"].each do |client|
      outcome = from.(["2001:db8::/32", "192.0.2.0/24"], client)
      assert_kind_of CogAuth::Allowed, outcome
      assert_equal client, JSON.parse(outcome.audit)["client_address"]
    end
    assert_kind_of CogAuth::Allowed, from.(nil, nil)
    [[["192.0.2.7"], "192.0.2.8"], [["192.0.2.7"], nil], [["192.0.2.7"], ""],
     [[], "192.0.2.7"]].each do |addresses, client|
      assert_kind_of CogAuth::Refused, from.(addresses, client), client.inspect
    end
  end

  def test_records_in_a_store
    now, record = INPUTS.values_at(:now, :record)
    assert_nil CogAuth.inactive_because(record, now)
    revoked = CogAuth.revoke_record(record, now)
    assert_equal "revoked", CogAuth.inactive_because(revoked, now)
    used = CogAuth.use_record(record, now)
    assert_equal now, JSON.parse(used)["last_used_at"]
    assert_equal used, CogAuth.use_record(used, now - 1)
    merged = CogAuth.merge_records(used, revoked)
    assert_equal "revoked", CogAuth.inactive_because(merged, now)
    assert_equal now, JSON.parse(merged)["last_used_at"]
  end

  def test_limits_of_rotating
    now = INPUTS[:now]
    roots = CogAuth::RootKeys.generate("01")
    draft = { principal: "su", scopes: ["*"], created_at: now, edges: true }
    issued = lambda do |expires_at|
      token = roots.mint(key_id: "01", kind: :service_user_key)
      CogAuth.issue_record(token, **draft, expires_at: expires_at)
    end
    old, later = [100, 200].map { |seconds| issued.(now + seconds) }
    assert_code(139) { CogAuth.rotate_record(old, later, now + 50, now) }
    rotated = CogAuth.rotate_record(old, later, now + 50, now, later_expiry: true)
    assert_nil CogAuth.inactive_because(rotated, now + 49)
    assert_equal "rotated", CogAuth.inactive_because(rotated, now + 50)
    within = lambda do |most|
      CogAuth.rotate_record(old, issued.(now + 100), now + 50, now, max_grace: most)
    end
    assert_equal now + 50, JSON.parse(within.(50))["grace_until"]
    assert_code(138) { within.(49) }
  end

  def test_tokens_in_encodings
    token = INPUTS[:token]
    text = "a=cog%5F#{token[4..]} cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"
    keys = CogAuth::EdgeKeys.new(INPUTS[:edge_keys])
    percent, looks = CogAuth.scan_decoding(text)
    assert_equal [2, token.length + 4, "parsed", token[0, 23], ["percent"], nil], percent.to_a
    assert_equal ["looks_like", nil, [], nil], looks.to_a.drop(2)
    assert_equal [true, nil], CogAuth.scan_decoding(text, keys).map(&:genuine)
    others = CogAuth::RootKeys.generate("01").edge_keys
    assert_equal [false, nil], CogAuth.scan_decoding(text, others).map(&:genuine)
    assert_empty CogAuth.scan_decoding("", keys)
    assert_code(701) { CogAuth.scan_decoding(text, 1) }
    assert_code(701) { CogAuth.scan_decoding(nil) }
    keys.close
    assert_code(702) { CogAuth.scan_decoding(text, keys) }
  end

  def test_tokens_in_encodings_are_cut
    secret = "1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy"
    text, cut = "t=cog%5F#{secret}&", "t=cog_1s015PnAAAABBBBCCCC…&"
    assert_equal cut, CogAuth.redact_decoding(text)
    assert_equal cut, CogAuth.redact_decoding("t=cog_#{secret}&")
    # The half of an encoded token stays.
    assert_equal text[0, 40], CogAuth.redact_decoding(text[0, 40])
  end

  # A path that names a resource, and one that names none.
  def asked(facts)
    @asked = []
    [["PATCH", "/v3/enterprise/members/users/user_02"], ["GET", INPUTS[:target]]].each do |it|
      gate.guard(**request, method: it.first, target: it.last, facts: facts,
                            record: ->(_) { INPUTS[:record] })
    end
    @asked
  end

  def facts_of_two(principal, organization)
    @asked << [principal, organization]
    INPUTS[:facts]
  end

  def test_a_callable_of_facts_is_given_what_it_takes
    user = { type: "user", id: "user_02" }
    [->(one, other) { facts_of_two(one, other) }, method(:facts_of_two),
     proc { |one, other| facts_of_two(one, other) }].each do |facts|
      assert_equal [["su_ci", nil], ["su_ci", "org-a"]], asked(facts)
    end
    [->(one, other, third = nil) { facts_of_two([one, other], third) },
     ->(one, other, third) { facts_of_two([one, other], third) }].each do |facts|
      assert_equal [[["su_ci", nil], user], [["su_ci", "org-a"], nil]], asked(facts)
    end
    # Whoever takes any number is given three at most, and a fourth one that may be left out is the
    # function's own.
    own = ->(one, other, third = 0, own = 0) { facts_of_two([one, other], [third, own]) }
    assert_equal [[["su_ci", nil], [user, 0]], [["su_ci", "org-a"], [0, 0]]], asked(own)
    [->(one, other, *more) { facts_of_two([one, other], more) },
     proc { |one, other, *more| facts_of_two([one, other], more) }].each do |facts|
      assert_equal [[["su_ci", nil], [user]], [["su_ci", "org-a"], []]], asked(facts)
    end
    [->(one, other, third, type) { facts_of_two([one, other], [third, type]) },
     proc { |one, other, third, type| facts_of_two([one, other], [third, type]) }].each do |facts|
      told = [[["su_ci", nil], [user, "service_user"]], [["su_ci", "org-a"], [nil, "service_user"]]]
      assert_equal told, asked(facts)
    end
  end

  def test_the_type_of_a_user
    roots = CogAuth::RootKeys.generate("01")
    token = roots.mint(key_id: "01", kind: :personal_access_token)
    record = CogAuth.issue_record(token, principal: "user_01", scopes: ["*"],
                                         created_at: INPUTS[:now], edges: true)
    asked = nil
    CogAuth::Gate.new(policy: policy, keys: roots.edge_keys).guard(
      **request, authorization: ["Bearer #{token}"], record: ->(_) { record },
                 facts: ->(one, other, third, type) { asked = [one, other, third, type]; nil }
    )
    assert_equal ["user_01", "org-a", nil, "user"], asked
  end

  def test_a_callable_that_facts_cannot_be_asked_of_is_refused
    app = ->(_env) { raise "served" }
    [nil, -> {}, ->(one) { one }, ->(a, b, c, d, e) { [a, b, c, d, e] },
     ->(a, b, c:) { [a, b, c] }].each do |facts|
      assert_code(701) { asked(facts) }
      assert_code(701) { CogAuth::Guard.new(app, gate: gate, record: ->(_) {}, facts: facts) }
    end
  end

  def test_warnings
    permitting = '{"v":1,"rules":[{"id":"all","effect":"permit","actions":["*"]}]}'
    documents = { "schema.json" => '{"v":1,"schema":{"actions":{"View":{}}}}' }
    assert_empty CogAuth::Policy.check(documents)
    warned = CogAuth::Policy.warnings(documents)
    assert_equal [[808, "no_permit"]], warned.map { |it| [it.code, it.code_name] }
    assert_empty CogAuth::Policy.warnings({ **documents, "rules.json" => permitting })
    assert_code(303) { CogAuth::Policy.warnings({ "a.json" => "[]" }) }
    assert_code(701) { CogAuth::Policy.warnings(nil) }
  end

  def test_age_of_records
    fetched = lambda do |at|
      guarded(record: ->(_) { [INPUTS[:record], at] }, options: { max_record_age: 60 })
    end
    assert_kind_of CogAuth::Allowed, fetched.(INPUTS[:now] - 60)
    assert_equal 503, fetched.(INPUTS[:now] - 61).status
    assert_equal "stale_record", fetched.(nil).code
  end

  def test_steps
    gate.begin(**request) do |exchange|
      assert_equal "AAAABBBBCCCC", exchange.step.id
      assert_code(706) { exchange.record }
      facts = exchange.found(INPUTS[:record], INPUTS[:now])
      assert_equal %w[su_ci service_user], [facts.principal, facts.principal_type]
      exchange.found(INPUTS[:facts])
      assert_includes exchange.record, '"scopes":["*"]'
      assert_code(706) { exchange.found(INPUTS[:facts]) }
      assert_kind_of CogAuth::Allowed, exchange.step
    end
    assert_code(602) { gate.begin(**request, context: '{"time":1}') }
  end

  def test_middleware
    seen = nil
    app = ->(env) { seen = env["cog_auth"]; [200, {}, ["ok"]] }
    stores = { record: ->(_) { INPUTS[:record] }, facts: ->(*) { INPUTS[:facts] } }
    now = -> { INPUTS[:now] }
    guard = CogAuth::Guard.new(app, gate: gate, now: now, **stores)
    env = { "REQUEST_METHOD" => "GET", "REQUEST_URI" => INPUTS[:target], "SCRIPT_NAME" => "",
            "PATH_INFO" => INPUTS[:target], "HTTP_AUTHORIZATION" => INPUTS[:authorization] }
    assert_equal 200, guard.call(env.dup).first
    assert_equal "su_ci", seen.principal[:id]
    seen = nil
    status, headers, body = guard.call(env.except("HTTP_AUTHORIZATION"))
    assert_equal [401, 'Bearer realm="cog"', nil], [status, headers["www-authenticate"], seen]
    assert_includes body.join, "missing_credential"
    # A server that does not tell the target.
    assert_raises(KeyError) { guard.call(env.except("REQUEST_URI")) }
    assert_nil seen
    # An outcome of which nothing is said.
    open = CogAuth::Guard.new(app, gate: gate(preflight: true), now: now, **stores)
    assert_raises(RuntimeError) { open.call(env.merge("REQUEST_METHOD" => "OPTIONS")) }
    assert_nil seen
    cors = CogAuth::Guard.new(app, gate: gate(preflight: true), now: now, **stores,
                                   preflight: ->(_) { [204, {}, []] })
    assert_equal 204, cors.call(env.merge("REQUEST_METHOD" => "OPTIONS")).first
  end
end
