# frozen_string_literal: true

require "json"
require "cog_auth"

# Puts all calls of bindings/parity, whose README says what they are, to the package.
class Parity
  def self.canonical(value) = JSON.generate(sorted(value))

  def self.sorted(value)
    case value
    when Hash then value.sort.to_h { |name, member| [name, sorted(member)] }
    when Array then value.map { |member| sorted(member) }
    else value
    end
  end

  attr_reader :counts, :differences

  def initialize(path)
    data = JSON.parse(File.read(path))
    @calls = data.fetch("calls")
    @images = data.fetch("images").transform_values { |image| spelled(image) }
    @policies = Hash.new { |made, name| made[name] = CogAuth::Policy.new(@images.fetch(name)) }
    @edge_keys = Hash.new { |made, text| made[text] = CogAuth::EdgeKeys.new(text) }
    @peppers = Hash.new { |made, text| made[text] = CogAuth::Peppers.new(text) }
    @counts = Hash.new(0)
    @differences = []
  end

  def run
    @calls.each do |call|
      operation = call.fetch("operation")
      raise "unknown operation #{operation}" unless OPERATIONS.include?(operation)

      @counts[operation] += 1
      is = self.class.canonical(found(operation, call.fetch("arguments").transform_keys(&:to_sym)))
      should = self.class.canonical(call.slice("answer", "error"))
      next if is == should

      differences << "#{operation}: #{call["name"]}\n  #{is[0, 600]}\n  should be #{should[0, 600]}"
    end
    missing = OPERATIONS - @counts.keys
    raise "nothing was compared for #{missing}" unless missing.empty?
  end

  private

  def found(operation, arguments)
    { "answer" => public_send(operation, **arguments) }
  rescue CogAuth::Error => e
    { "error" => described(e) }
  end

  def described(error)
    members = CogAuth::Error::MEMBERS.to_h { |name| [camel(name), error.public_send(name)] }
    members.merge("message" => error.message).compact
  end

  def camel(name) = name.to_s.gsub(/_(.)/) { $1.upcase }

  def plain(struct) = struct.to_h.compact.to_h { |name, value| [camel(name), value] }

  def spelled(value)
    case value
    when String then value.b
    when Array then value.map { |part| spelled(part) }.join
    else value["hex"] ? [value["hex"]].pack("H*") : spelled(value["repeat"][0]) * value["repeat"][1]
    end
  end

  def values_of(values, times) = values.map { |value| spelled(value) } * times
  def documents_of(documents) = documents.map { |name, text| [name, spelled(text)] }

  public

  def parse(token:) = plain(CogAuth.parse_token(spelled(token)))
  def verify(keys:, token:, now:) = plain(@edge_keys[keys].verify(spelled(token), now))
  def load_edge_keys(keys:) = loaded(CogAuth::EdgeKeys, keys)
  def load_peppers(keys:) = loaded(CogAuth::Peppers, keys)
  def load_root_keys(keys:) = loaded(CogAuth::RootKeys, keys)

  def derive_keys(roots:)
    CogAuth::RootKeys.open(roots) { |keys| [keys.edge_keys.expose, keys.peppers.expose] }
  end

  def mint(roots:, keyId:, kind:, hardExpiry:, random:)
    CogAuth::RootKeys.open(roots) do |keys|
      keys.mint(key_id: keyId, kind: kind, hard_expiry: hardExpiry, random: spelled(random))
    end
  end

  def digest(peppers:, token:, principal:) = CogAuth.digest(token, principal, @peppers[peppers])
  def edge_digest(token:, principal:, peppers: nil) = CogAuth.edge_digest(token, principal)

  def accept_at_edge(keys:, token:, verifiedAt:, record:, now:, peppers: nil)
    plain(CogAuth.accept_at_edge(@edge_keys[keys], token, verifiedAt, record, now))
  end

  def accept_at_origin(keys:, peppers:, token:, verifiedAt:, record:, now:)
    plain(CogAuth.accept_at_origin(
      @edge_keys[keys], @peppers[peppers], token, verifiedAt, record, now
    ))
  end

  def issue_record(token:, principal:, scopes:, createdAt:, peppers:, edges:, notBefore: nil,
                   expiresAt: nil, **rest)
    CogAuth.issue_record(
      spelled(token), principal: principal, scopes: scopes, created_at: createdAt,
      peppers: peppers && @peppers[peppers], edges: edges, not_before: notBefore,
      expires_at: expiresAt, **rest
    )
  end

  def read_record(record:, **) = CogAuth.read_record(spelled(record))
  def edge_record(record:, **) = CogAuth.edge_record(record)
  def display_record(record:, **) = CogAuth.display_record(spelled(record))
  def revoke_record(record:, at:, **) = CogAuth.revoke_record(record, at)

  def use_record(record:, at:, **) = CogAuth.use_record(record, at)
  def merge_records(record:, stored:) = CogAuth.merge_records(record, stored)
  def inactive_because(record:, at:, **) = CogAuth.inactive_because(record, at) || ""

  def rotate_record(record:, successor:, at:)
    CogAuth.rotate_record(record, successor, at + 100, at)
  end

  def rotate_within(record:, successor:, until:, at:, laterExpiry:, maxGrace:)
    ends = binding.local_variable_get(:until)
    CogAuth.rotate_record(record, successor, ends, at, later_expiry: laterExpiry,
                                                       max_grace: maxGrace)
  end

  def authorization(values:, times:)
    read = CogAuth.authorization(values_of(values, times))
    read.credential = read.credential&.scrub
    plain(read)
  end

  def scan(text:)
    CogAuth.scan(spelled(text)).map { |finding| finding.to_h.transform_keys(&:to_s) }
  end

  def scan_decoding(text:, keys:)
    found = CogAuth.scan_decoding(spelled(text), keys && @edge_keys[keys])
    found.map { |finding| finding.to_h.compact.transform_keys(&:to_s) }
  end

  def redact(text:) = CogAuth.redact(text)
  def redact_decoding(text:) = CogAuth.redact_decoding(spelled(text))

  def describe(policy:)
    { "digest" => @policies[policy].digest, "actions" => @policies[policy].actions }
  end

  def image_digest(policy:) = @policies[policy].image_digest

  def load_image(policy:, cut: nil, change: nil)
    image = @images[policy].dup
    image = image.byteslice(0, cut) if cut
    image.setbyte(change, image.getbyte(change) ^ 0x41) if change
    CogAuth::Policy.open(image, &:digest)
  end

  def decide(policy:, request:)
    request = spelled(request)
    text = @policies[policy].explain(request)
    told = JSON.parse(text)
    denial = @policies[policy].denial(request)
    raise "decide" unless @policies[policy].decide(request) == told["decision"]
    raise "denial" unless told["context"]["class"] == denial&.to_s

    text
  end

  def evaluate(policy:, request:) = @policies[policy].evaluate(spelled(request))
  def search_actions(policy:, request:) = @policies[policy].search_actions(spelled(request))

  def route(policy:, method:, target:)
    @policies[policy].route(method, target).transform_keys(&:to_s)
  end

  def compile(documents:, digest: nil)
    CogAuth::Policy.compile(documents_of(documents), digest: digest).then do |policy|
      { "hex" => policy.image.unpack1("H*") }.tap { policy.close }
    end
  end

  def check(documents:, **)
    CogAuth::Policy.check(documents_of(documents)).map { |error| described(error) }
  end

  def policy_warnings(documents:, **)
    CogAuth::Policy.warnings(documents_of(documents)).map { |warning| described(warning) }
  end

  def bundle(documents:, **) = CogAuth::Policy.bundle(documents_of(documents))

  def gate(place:, policy:, keys:, options:, now:, request:, record:, facts:, peppers: nil)
    gate = CogAuth::Gate.new(
      policy: @policies[policy], keys: @edge_keys[keys],
      peppers: place == "origin" ? @peppers[peppers] : nil, **options.transform_keys(&:to_sym)
    )
    begun = gate.begin(
      method: spelled(request["method"]), target: spelled(request["target"]),
      authorization: values_of(request["values"], request["times"]),
      context: request["context"], client_address: request["clientAddress"], now: now
    )
    gate.close
    exchange_steps(begun, CogAuth::RecordNeeded => record, CogAuth::FactsNeeded => facts)
  end

  OPERATIONS = %w[
    parse verify load_edge_keys load_peppers load_root_keys derive_keys mint digest edge_digest
    accept_at_edge accept_at_origin issue_record read_record edge_record display_record
    revoke_record use_record merge_records inactive_because rotate_record rotate_within
    authorization scan scan_decoding redact redact_decoding describe image_digest load_image
    decide evaluate search_actions route compile check policy_warnings bundle gate
  ].freeze

  private

  def loaded(kind, keys)
    kind.new(spelled(keys)).close
    true
  end

  STEPS = {
    CogAuth::RecordNeeded => "record", CogAuth::FactsNeeded => "facts",
    CogAuth::Allowed => "allowed", CogAuth::Refused => "refused", CogAuth::PassOn => "pass_on",
    CogAuth::Preflight => "preflight"
  }.freeze

  # The members of a step. The number of a refusal is told by its name.
  def told(step)
    members = plain(step)
    number = members.delete("number")
    members["number"] = number unless number.nil? || CogAuth.code_name(number) == members["code"]
    members
  end

  def exchange_steps(exchange, stores)
    steps = [exchange.step]
    while stores.key?(steps.last.class)
      stored = stores.fetch(steps.last.class)
      steps << if stored.is_a?(String)
                 exchange.public_send(stored)
               else
                 exchange.found(spelled(stored["text"]), stored["fetchedAt"])
               end
    end
    steps.map { |step| json(told(step).merge("step" => STEPS.fetch(step.class))) }
  ensure
    exchange.close
  end

  def json(value) = JSON.parse(JSON.generate(value))
end
