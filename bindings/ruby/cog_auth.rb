# frozen_string_literal: true

require "fiddle"
require "json"
require "securerandom"

# Tokens, policies and the gate of cog-auth, over the C library. See README.md.
#
# Texts are strings, JSON is text, times are whole seconds since the epoch. What fails raises Error;
# a denial or a refusal is an answer.
module CogAuth
  VERSION = "0.1.0"

  # Why a call failed. `code` is the number that all languages share, `code_name` its name. The
  # other members are nil where they are not known.
  class Error < StandardError
    MEMBERS = %i[code code_name offset document pointer line column length suggestion].freeze
    attr_reader(*MEMBERS)

    def initialize(members)
      super(members.fetch(:message))
      members = members.merge(code_name: members[:codeName])
      MEMBERS.each { |name| instance_variable_set(:"@#{name}", members[name]) }
    end

    # The message with the code, as an error that nobody rescues is printed since Ruby 3.2.
    def detailed_message(**) = "#{message} (#{code} #{code_name})"

    def inspect = "#<#{self.class}: #{detailed_message}>"
  end

  # The C functions, with their types: the result, then the parameters. A test compares this,
  # LAYOUTS and NUMBERS with cogauth.h.
  module Native
    TYPES = {
      "v" => Fiddle::TYPE_VOID, "p" => Fiddle::TYPE_VOIDP, "z" => Fiddle::TYPE_SIZE_T,
      "i" => Fiddle::TYPE_INT, "u" => -Fiddle::TYPE_INT, "q" => -Fiddle::TYPE_LONG_LONG
    }.freeze
    # T is a text with its length; O a buffer, its capacity, where the length goes, and the error.
    SHORTHANDS = { "T" => "pz", "O" => "pzpp" }.freeze
    FUNCTIONS = %w[
      abi_version u|version p|features u|code_name pip|code_sentence pip|wipe vpz
      accept_at_edge ipTqTqO|accept_at_origin ippTqTqO
      policy_from_documents ipzTpp|policy_check ipzO|policy_warnings ipzO|policy_bundle ipzO
      policy_builtin ipp
      exchange_begin ippqpp|exchange_release vp|exchange_step ip|exchange_found ipiTqp
      exchange_absent ipip|exchange_unavailable ipip|exchange_text ipip|exchange_count zpi
      exchange_entry ipizpp|exchange_status ip|exchange_code ip|exchange_valid_until qp
      exchange_json ipO|exchange_record ipO|gate_new ipppppp|gate_release vp
      edge_keys_read iTpp|edge_keys_release vp|peppers_read iTpp|peppers_release vp
      policy_from_image iTTpp|policy_release vp|policy_image ippp|policy_digest ipO
      policy_image_digest ipO|policy_actions ipO|policy_decide ipTpp|policy_explain ipTO
      policy_evaluate ipTO|policy_search_actions ipTO|policy_route ipTTO
      record_issue ipO|record_read iTO|record_for_edges iTO|record_for_display iTO
      record_revoke iTqO|record_rotate iTTqqO|record_rotate_within iTTqquqO
      record_used iTqO|record_merge iTTO|record_inactive iTqpp
      root_keys_read iTpp|root_keys_new iTTpp|root_keys_edge_keys ippp|root_keys_peppers ippp
      root_keys_expose ipO|edge_keys_expose ipO|peppers_expose ipO|root_keys_release vp
      token_mint ipTuuTO|authorization_read ipzppp|text_scan iTzppp|text_redact iTO
      text_scan_decoding iTpO|text_redact_decoding iTO
      token_parse iTpp|token_verify ipTqpp|token_digest ipTTO|token_edge_digest iTTO
    ].join(" ").split(/[| ]/).each_slice(2).to_h.transform_values do |types|
      types.gsub(/[TO]/, SHORTHANDS)
    end.freeze
    # Structs as formats of Array#pack: J is a pointer or a size.
    LAYOUTS = {
      error: "LlQQQQJJJ", slice: "JJ", document: "JJJJ", request: "LLJJJJJJJJJJ",
      gate_options: "LLJJQQ", decision: "LLLL", record_draft: "LLJJJJJJJJJJJJJQQQJJ",
      finding: "LLQQa32", token: "LLLa4a16a32"
    }.freeze
    NUMBERS = {
      ABI_MAJOR: 1, ABI_MINOR: 3, FEATURE_FULL: 1, STEP_RECORD: 1, STEP_FACTS: 2,
      GATE_RETRY_AFTER: 1, GATE_MAX_RECORD_AGE: 2, GATE_PASS_ON: 4, GATE_PREFLIGHT: 8,
      NO_HARD_EXPIRY: 1852796517, DRAFT_FOR_EDGES: 1, DRAFT_ORGANIZATIONS: 2,
      DRAFT_NOT_BEFORE: 4, DRAFT_EXPIRES_AT: 8, DRAFT_ADDRESSES: 16, ROTATE_LATER_EXPIRY: 1,
      ALLOW: 1,
      E_TIME_OUT_OF_RANGE: 135, E_INVALID_UNICODE: 202, E_UNAVAILABLE: 606,
      E_INVALID_ARGUMENT: 701, E_FREED: 702, E_BUFFER_TOO_SMALL: 705
    }.freeze
    # Names of numbers that count from 0. A newer library may have more of them.
    KINDS = %w[none service_user_key personal_access_token sample].freeze
    SCHEMES = %w[nothing other bearer].freeze
    DENIALS = %w[none forbidden requirement no_grant indeterminate].freeze
    # Encodings whose bytes are taken as they are: the library tells whether they are UTF-8.
    AS_THEY_ARE = [Encoding::UTF_8, Encoding::BINARY, Encoding::US_ASCII].freeze
    NONE = (2**64) - 1
    MOST_SECONDS = (2**53) - 1
    SIZES = LAYOUTS.transform_values do |layout|
      layout.scan(/a\d+|./).sum do |type|
        type.length > 1 ? type[1..].to_i : [0].pack(type).bytesize
      end
    end.freeze
    BLANKS = SIZES.transform_values { |size| "Lx#{size - 4}" }.freeze

    module_function

    def load_library
      beside = { /mswin|mingw/ => "cogauth.dll", /darwin/ => "libcogauth.dylib" }
      name = beside.find { |platform, _| RUBY_PLATFORM.match?(platform) }&.last || "libcogauth.so"
      path = ENV["COGAUTH_LIBRARY"] || File.join(__dir__, name)
      @library = Fiddle.dlopen(path)
      @functions = {}
      check_abi(function(:abi_version).call, NUMBERS[:ABI_MAJOR], NUMBERS[:ABI_MINOR])
    end

    # A library of a greater minor number has more, and nothing else.
    def check_abi(version, major, minor)
      found = [version >> 16, version & 0xffff]
      return if found.first == major && found.last >= minor

      needed = "this file needs #{major}.#{minor}"
      raise LoadError, "the library has the ABI #{found.join(".")}, #{needed}"
    end

    # A C function. While it runs no other Ruby thread does. One that a small build lacks is an
    # error where it is called.
    def function(name)
      @functions[name] ||= begin
        result, *parameters = FUNCTIONS.fetch(name.to_s).chars.map { |type| TYPES.fetch(type) }
        Fiddle::Function.new(@library["cogauth_#{name}"], parameters, result, need_gvl: true)
      end
    end

    # Calls a function whose last parameter is an error: once more with one, if it fails.
    def call(name, *arguments)
      code = function(name).call(*arguments, nil)
      raise_error(name, arguments) unless code.zero?
    end

    def raise_error(name, arguments, room = 4096)
      json = "\0".b * room
      error = struct(:error, 0, 0, 0, 0, 0, pointer(json), room, 0)
      return if function(name).call(*arguments, error).zero?

      length = error.unpack(LAYOUTS[:error]).last
      return raise_error(name, arguments, length) if length > room

      raise Error, parsed(json.byteslice(0, length))
    end

    # Calls a function for a text.
    def text(name, *arguments, room: 4096)
      buffer = "\0".b * room
      length = "\0".b * 8
      code = function(name).call(*arguments, buffer, room, length, nil)
      size = length.unpack1("J")
      return buffer.byteslice(0, size).force_encoding(Encoding::UTF_8) if code.zero?
      return text(name, *arguments, room: size) if code == NUMBERS[:E_BUFFER_TOO_SMALL]

      raise_error(name, [*arguments, buffer, room, length])
      text(name, *arguments, room: room)
    end

    # The same for a secret: its only copy is the one that is returned.
    def secret(name, *arguments)
      length = "\0".b * 8
      code = function(name).call(*arguments, nil, 0, length, nil)
      raise_error(name, [*arguments, nil, 0, length]) unless code == NUMBERS[:E_BUFFER_TOO_SMALL]
      buffer = "\0".b * length.unpack1("J")
      call(name, *arguments, buffer, buffer.bytesize, length)
      buffer.force_encoding(Encoding::UTF_8)
    end

    def handle(name, *arguments)
      place = "\0".b * 8
      call(name, *arguments, place)
      place.unpack1("J")
    end

    def struct(layout, *fields) = packed([SIZES[layout], *fields], LAYOUTS[layout])

    # A struct of which only the size is set.
    def blank(layout) = [SIZES[layout]].pack(BLANKS[layout])

    # Fields as memory, which keeps the strings that it points to from being moved or collected.
    def packed(fields, layout)
      memory = fields.pack(layout)
      memory.instance_variable_set(:@kept, fields.grep(Fiddle::Pointer))
      memory
    end

    def parsed(json) = JSON.parse(json, symbolize_names: true)

    # A pointer to a string's bytes. They stay there as long as there is the pointer.
    def pointer(string) = string.nil? ? 0 : Fiddle::Pointer[string]

    # A text of any encoding, as UTF-8.
    def bytes(value, what)
      text, size = octets(value, what)
      return [text, size] if AS_THEY_ARE.include?(text.encoding)

      octets(text.encode(Encoding::UTF_8), what)
    rescue EncodingError
      raise error(:E_INVALID_UNICODE)
    end

    # What is no text, such as an image: its encoding says nothing.
    def octets(value, what)
      wrong("#{what} must be a String") unless value.is_a?(String)
      [value, value.bytesize]
    end

    def optional(value, what) = value.nil? ? [nil, 0] : bytes(value, what)

    def slice(value, what)
      text, size = optional(value, what)
      [pointer(text), size]
    end

    def slices(values, what)
      wrong("#{what} must be an Array") unless values.is_a?(Array)
      packed(values.flat_map { |value| slice(bytes(value, what).first, what) }, "J*")
    end

    def seconds(value, what)
      wrong("#{what} must be an Integer") unless value.is_a?(Integer)
      raise error(:E_TIME_OUT_OF_RANGE) unless value.between?(0, MOST_SECONDS)

      value
    end

    def flag(value, what)
      wrong("#{what} must be true or false") unless [true, false].include?(value)
      value
    end

    def wrong(message) = raise(error(:E_INVALID_ARGUMENT, message))

    # With how many arguments a callable of facts is called: without a resource, and with one. That
    # is 2 and 3, or the one of these that it takes; 4 if it needs as many.
    def counts(facts)
      wrong("facts must have a method call") unless facts.respond_to?(:call)
      told = facts.is_a?(Proc) || facts.is_a?(Method) ? facts : facts.method(:call)
      kinds = told.parameters.map(&:first).tally
      least = kinds.fetch(:req, 0)
      most = kinds.key?(:rest) ? 3 : least + kinds.fetch(:opt, 0)
      # What a block does not take it leaves.
      return most == 4 ? [4] : [2, 3] if facts.is_a?(Proc) && !facts.lambda?

      found = [2, 3, 4].select { |count| count.between?(least, [most, least].max) }
      if found.empty? || kinds.key?(:keyreq)
        wrong("facts must take a principal, an organization and perhaps a resource, " \
              "or these and the principal's type")
      end
      found == [4] ? found : found - [4]
    end

    # What a store returned: nil, or a text and when it was fetched.
    def stored(value)
      return if value.nil?

      text, fetched_at = value if value.is_a?(Array) && value.length.between?(1, 2)
      text = value if value.is_a?(String)
      wrong("a store returns a String, nil, or [text, fetched_at]") unless text.is_a?(String)
      fetched_at = seconds(fetched_at, "fetched_at") unless fetched_at.nil?
      [bytes(text, "the text").first, fetched_at]
    end

    def error(number, message = nil)
      code = NUMBERS.fetch(number)
      message ||= words(:code_sentence, code)
      Error.new(code: code, codeName: words(:code_name, code), message: message)
    end

    def words(name, code)
      length = "\0".b * 8
      text = function(name).call(code, length)
      text.null? ? nil : text[0, length.unpack1("J")].force_encoding(Encoding::UTF_8)
    end
  end
  private_constant :Native
  Native.load_library

  # Something that the library holds. It is given back by `close`, or at last when it is collected.
  # Threads may share it: who closes it waits for those who use it.
  class Handle
    def self.adopt(address)
      allocate.tap { |handle| handle.send(:own, address) }
    end
    private_class_method :adopt

    # What `new` makes, given to a block and closed after it.
    def self.open(*arguments, **options)
      handle = new(*arguments, **options)
      return handle unless block_given?

      begin
        yield handle
      ensure
        handle.close
      end
    end

    # Gives it back; keys are wiped. Closing twice does nothing.
    def close
      @lock.synchronize { @pointer.call_free }
      nil
    end

    def closed? = @pointer.freed?

    def inspect = "#<#{self.class}#{" (closed)" if closed?}>"

    def initialize_copy(_other) = raise(TypeError, "a handle cannot be copied")

    # Yields the pointer, which nobody gives back meanwhile.
    def use
      @lock.synchronize do
        raise Native.error(:E_FREED) if @pointer.freed?

        yield @pointer
      end
    end
    protected :use

    # Yields the pointer of a handle of this class, or nil for nil.
    def self.lend(handle, &block)
      Native.wrong("a #{name} is needed here") unless handle.is_a?(self)
      handle.send(:use, &block)
    end

    private

    def own(address)
      release = Native.function("#{self.class::PREFIX}_release")
      @pointer = Fiddle::Pointer.new(address, 0, release)
      @lock = Mutex.new
    end

    def text(name, *arguments) = use { |pointer| Native.text(name, pointer, *arguments) }
    def secret(name, *arguments) = use { |pointer| Native.secret(name, pointer, *arguments) }
  end

  # A token's own statements. `hard_expiry` is a day counted from 1970-01-01, or nil.
  Token = Struct.new(:handle, :kind, :key_id, :id, :hard_expiry)
  # What looks like a credential in a text: offsets in bytes; a handle if it is a token.
  Finding = Struct.new(:start, :end, :handle)
  # What `scan_decoding` finds: `certainty` is `parsed` or `looks_like`, `encodings` the names of
  # those around it, from the outside to the inside, `genuine` nil where nothing is known of it.
  DecodedFinding = Struct.new(:start, :end, :certainty, :handle, :encodings, :genuine)
  # A token that a record vouches for. `record` is the record as a Hash.
  Accepted = Struct.new(:handle, :kind, :id, :principal, :valid_until, :record)
  # What an Authorization header says: the scheme `nothing`, `other` or `bearer`, and its
  # credential, which is a secret and is not shown.
  Authorization = Struct.new(:scheme, :credential) do
    def inspect = "#<struct #{self.class} scheme=#{scheme.inspect}>"
    def pretty_print(printer) = printer.text(inspect)
    alias_method :to_s, :inspect
  end
  # Steps of an exchange. The first two are questions.
  RecordNeeded = Struct.new(:id)
  # `principal_type` is `user` or `service_user`: ids alone do not tell a user from a service user.
  # `resource` is a Hash with `type` and `id`, or nil where the path names none. `parameters` are
  # what was sent in the places of the route's parameters, by their names.
  FactsNeeded = Struct.new(:principal, :principal_type, :organization, :resource)
  Allowed = Struct.new(:principal, :credential, :action, :organization, :resource, :parameters,
                       :undecided, :advice, :valid_until, :audit)
  # `number` is that of the code. `cause` is what a store raised, if that is why.
  Refused = Struct.new(:status, :code, :number, :headers, :body, :audit, :cause)
  PassOn = Struct.new(:step)
  Preflight = Struct.new(:step)
  STEPS = {
    "record" => RecordNeeded, "facts" => FactsNeeded, "allowed" => Allowed, "refused" => Refused,
    "pass_on" => PassOn, "preflight" => Preflight
  }.freeze
  private_constant :STEPS

  # Keys, read from the text of a key set.
  class KeySet < Handle
    def initialize(key_set)
      own(Native.handle(:"#{self.class::PREFIX}_read", *Native.bytes(key_set, "the key set")))
    end

    # The key set as text, which is a secret: see CogAuth.wipe.
    def expose = secret(:"#{self.class::PREFIX}_expose")
  end

  # A key set of the use `edge-tag`, with which an edge verifies tokens.
  class EdgeKeys < KeySet
    PREFIX = "edge_keys"

    # Verifies that a token is genuine at `now`, and returns what it says.
    def verify(token, now)
      token = Native.bytes(token, "the token")
      now = Native.seconds(now, "now")
      parsed = Native.blank(:token)
      use { |keys| Native.call(:token_verify, keys, *token, now, parsed) }
      CogAuth.send(:token_of, parsed)
    end
  end

  # A key set of the use `digest-pepper`, with which an origin compares stored digests.
  class Peppers < KeySet
    PREFIX = "peppers"
  end

  # A key set of the use `root`, which mints tokens: the issuer's secret.
  class RootKeys < KeySet
    PREFIX = "root_keys"

    # A set with one new key.
    def self.generate(key_id, random: SecureRandom.bytes(32))
      key_id = Native.bytes(key_id, "the key id")
      adopt(Native.handle(:root_keys_new, *key_id, *Native.octets(random, "random")))
    end

    def edge_keys
      EdgeKeys.send(:adopt, use { |keys| Native.handle(:root_keys_edge_keys, keys) })
    end

    def peppers = Peppers.send(:adopt, use { |keys| Native.handle(:root_keys_peppers, keys) })

    # Mints a token, which is a secret: see CogAuth.wipe. `hard_expiry` is a day from 1 to 238327.
    def mint(key_id:, kind:, hard_expiry: nil, random: SecureRandom.bytes(128))
      key_id = Native.bytes(key_id, "the key id")
      kind = Native::KINDS.index(Native.bytes(kind.to_s, "the kind").first) || 0
      # What does not fit is given as what is out of the library's range too.
      day = Native.seconds(hard_expiry, "hard_expiry").clamp(0, 2**30) unless hard_expiry.nil?
      day ||= Native::NUMBERS[:NO_HARD_EXPIRY]

      secret(:token_mint, *key_id, kind, day, *Native.octets(random, "random"))
    end
  end

  # A compiled policy.
  class Policy < Handle
    PREFIX = "policy"

    # Loads an image. `sha256` is what its bytes must hash to, in hexadecimal digits: without it,
    # whoever can write the image decides.
    def initialize(image, sha256: nil)
      image = Native.octets(image, "the image")
      own(Native.handle(:policy_from_image, *image, *Native.optional(sha256, "sha256")))
    end

    # The policy that comes with the library.
    def self.builtin = adopt(Native.handle(:policy_builtin))

    # Compiles a policy from its documents: pairs of a name and a JSON text, such as a Hash.
    # `digest` is what the policy's must be.
    def self.compile(documents, digest: nil)
      digest = Native.optional(digest, "the digest")
      with(documents) { |*list| adopt(Native.handle(:policy_from_documents, *list, *digest)) }
    end

    # All that is wrong with a policy's documents, as errors: none if they compile.
    def self.check(documents) = errors(:policy_check, documents)

    # What is not wrong with documents that compile, and probably not meant: at most 100 errors,
    # which refuse nothing, with codes from 801 on.
    def self.warnings(documents) = errors(:policy_warnings, documents)

    def self.errors(name, documents)
      text = with(documents) { |*list| Native.text(name, *list) }
      Native.parsed(text).map { |members| Error.new(members) }
    end
    private_class_method :errors

    # The documents as one, in the form that the policy's digest is made over.
    def self.bundle(documents) = with(documents) { |*list| Native.text(:policy_bundle, *list) }

    def self.with(documents)
      list = documents.is_a?(Array) || documents.is_a?(Hash)
      Native.wrong("documents must be an Array or a Hash") unless list
      pairs = documents.to_a
      pairs.each { |pair| Native.wrong("a document is a pair") unless pair in [String, String] }
      yield Native.slices(pairs.flatten, "documents"), pairs.length
    end
    private_class_method :with

    def digest = text(:policy_digest)
    def image_digest = text(:policy_image_digest)
    def actions = Native.parsed(text(:policy_actions))

    def image
      use do |policy|
        place = "\0".b * Native::SIZES[:slice]
        Native.call(:policy_image, policy, place)
        address, length = place.unpack("JJ")
        Fiddle::Pointer.new(address)[0, length]
      end
    end

    # Whether an AuthZEN request is allowed: true or false.
    def decide(request) = decided(request).first == Native::NUMBERS[:ALLOW]

    # Why an AuthZEN request is denied, such as `:forbidden`; nil if it is allowed.
    def denial(request) = self.class.send(:reason, *decided(request))

    # Whatever is not known here is a denial.
    def self.reason(decision, denial)
      return if decision == Native::NUMBERS[:ALLOW]

      Native::DENIALS.fetch(denial, "indeterminate").to_sym
    end
    private_class_method :reason

    # The decision with its explanation, as JSON text.
    def explain(request) = text(:policy_explain, *Native.bytes(request, "the request"))

    # Answers an AuthZEN request, or a batch of them, as JSON text.
    def evaluate(request) = text(:policy_evaluate, *Native.bytes(request, "the request"))

    # Which actions a search request would be allowed, as JSON text.
    def search_actions(request)
      text(:policy_search_actions, *Native.bytes(request, "the request"))
    end

    # The route of a method and a target: a Hash with `found`, and `action`, `organization`,
    # `resource`, `parameters`, `undecided`, or `reason`, `methods`.
    def route(method, target)
      target = Native.bytes(target, "the target")
      Native.parsed(text(:policy_route, *Native.bytes(method, "the method"), *target))
    end

    private

    def decided(request)
      request = Native.bytes(request, "the request")
      decision = Native.blank(:decision)
      use { |policy| Native.call(:policy_decide, policy, *request, decision) }
      decision.unpack("xxxxLL")
    end
  end

  # Policy, keys and options, which guard requests. It keeps what it is made of.
  class Gate < Handle
    PREFIX = "gate"

    # With peppers it is a gate at an origin.
    def initialize(policy:, keys:, peppers: nil, realm: nil, retry_after: nil, max_record_age: nil,
                   pass_on: false, preflight: false)
      flags = { RETRY_AFTER: !retry_after.nil?, MAX_RECORD_AGE: !max_record_age.nil?,
                PASS_ON: Native.flag(pass_on, "pass_on"),
                PREFLIGHT: Native.flag(preflight, "preflight") }.sum do |name, set|
        set ? Native::NUMBERS[:"GATE_#{name}"] : 0
      end
      seconds = { retry_after: retry_after, max_record_age: max_record_age }.map do |what, value|
        value.nil? ? 0 : Native.seconds(value, what)
      end
      options = Native.struct(:gate_options, flags, *Native.slice(realm, "the realm"), *seconds)
      Policy.lend(policy) do |p|
        EdgeKeys.lend(keys) do |k|
          made = ->(o) { own(Native.handle(:gate_new, p, k, o, options)) }
          peppers.nil? ? made.(nil) : Peppers.lend(peppers, &made)
        end
      end
    end

    # Begins with a request. `target` is path and query as they were sent, `authorization` all
    # values of that header, `context` a JSON text. `client_address` is the client's IP address, as
    # the connection or a proxy of your own says it. Close the exchange at its end, or give a block.
    def begin(method:, target:, authorization:, context: nil, client_address: nil,
              now: Time.now.to_i)
      lines = Native.slices(authorization, "authorization")
      method = Native.bytes(method, "the method").first
      target = Native.bytes(target, "the target").first
      request = Native.struct(:request, 0, *Native.slice(method, ""), *Native.slice(target, ""),
                              Native.pointer(lines), authorization.length,
                              *Native.slice(context, "the context"),
                              *Native.slice(client_address, "the client's address"))
      now = Native.seconds(now, "now")
      exchange = Exchange.send(:adopt, use { |gate|
        Native.handle(:exchange_begin, gate, request, now)
      })
      return exchange unless block_given?

      begin
        yield exchange
      ensure
        exchange.close
      end
    end

    # Takes a request through all steps, and returns Allowed, Refused, PassOn or Preflight.
    #
    # `record` is called with an id, and `facts` with a principal, an organization or nil and, if it
    # takes a third argument, the resource that the path names, if it does: a Hash with `type` and
    # `id`. If it needs a fourth one, that is the principal's type, `user` or `service_user`: ids
    # alone do not tell a user from a service user. They return a JSON text, or nil if there is
    # none; `record` may return `[text, fetched_at]`. If they raise or return anything else, the
    # request is refused with 503, and `cause` is the exception.
    def guard(record:, facts:, **request)
      counts = Native.counts(facts)
      self.begin(**request) do |exchange|
        causes = []
        step = exchange.step
        step = answer(exchange, causes) { record.call(step.id) } if step.is_a?(RecordNeeded)
        if step.is_a?(FactsNeeded)
          about = [step.principal, step.organization, step.resource, step.principal_type]
          count = step.resource ? counts.last : counts.first
          step = answer(exchange, causes) { facts.call(*about.first(count)) }
        end
        step.cause = causes.first if step.is_a?(Refused)
        step
      end
    end

    private

    def answer(exchange, causes)
      begin
        found, fetched_at = Native.stored(yield)
      rescue StandardError => e
        causes << e
        return exchange.unavailable
      end
      found.nil? ? exchange.absent : exchange.found(found, fetched_at)
    end
  end

  # One request on its way through a gate.
  class Exchange < Handle
    PREFIX = "exchange"

    # Where it stands: RecordNeeded or FactsNeeded, which ask, or an outcome.
    def step
      use do |exchange|
        members = Native.parsed(Native.text(:exchange_json, exchange))
        members[:number] = Native.function(:exchange_code).call(exchange)
        CogAuth.send(:step_of, members)
      end
    end

    # Answers what is asked with a JSON text. `fetched_at` is when a record was read.
    def found(text, fetched_at = nil)
      text = Native.bytes(text, "what was found")
      fetched_at = fetched_at.nil? ? Native::NONE : Native.seconds(fetched_at, "fetched_at")
      answer(:exchange_found, *text, fetched_at)
    end

    # Answers that there is no such record or principal.
    def absent = answer(:exchange_absent)

    # Answers that the store could not be asked.
    def unavailable = answer(:exchange_unavailable)

    # What people may see of an allowed credential's record, as JSON text.
    def record = text(:exchange_record)

    private

    def answer(name, *arguments)
      use do |exchange|
        asked = Native.function(:exchange_step).call(exchange)
        Native.call(name, exchange, asked, *arguments)
      end
      step
    end
  end

  # Rack middleware. The outcome of an allowed request is in `env["cog_auth"]`.
  #
  # `record` and `facts` are those of Gate#guard. `target` takes the target from the environment, as
  # it was sent, `context` a JSON text or nil, and `client_address` the client's IP address or nil:
  # `->(env) { env["REMOTE_ADDR"] }` where no proxy is before the server. `pass_on` and `preflight`
  # are applications for these outcomes; without one, such an outcome raises.
  #
  # What is judged is the target, what is served is SCRIPT_NAME and PATH_INFO. Where something
  # before this rewrites paths they are not the same, and the request is refused with 503. With
  # `rewritten: true` they are not compared: who may see one path is served another then, if what
  # rewrites can be made to lead there.
  class Guard
    def initialize(app, gate:, record:, facts:, now: -> { Time.now.to_i }, pass_on: nil,
                   preflight: nil, target: ->(env) { env.fetch("REQUEST_URI") },
                   context: ->(_env) {}, client_address: ->(_env) {}, rewritten: false)
      @app, @gate, @record, @facts, @now, @target = app, gate, record, facts, now, target
      @context, @client_address = context, client_address
      @rewritten = Native.flag(rewritten, "rewritten")
      @others = { PassOn => pass_on, Preflight => preflight }
      Native.counts(facts)
    end

    def call(env)
      target = @target.call(env)
      judged = @rewritten || served?(env, target)
      outcome = @gate.guard(
        method: env.fetch("REQUEST_METHOD"), target: target,
        authorization: [env["HTTP_AUTHORIZATION"]].compact, now: @now.call,
        context: @context.call(env), client_address: @client_address.call(env),
        record: @record, facts: judged ? @facts : method(:not_judged)
      )
      env["cog_auth"] = outcome
      case outcome
      when Allowed then @app.call(env)
      when Refused then [outcome.status, outcome.headers, [outcome.body]]
      else
        other = @others[outcome.class] or raise "nothing is said of #{outcome.class}"
        other.call(env)
      end
    end

    private

    # Servers give the path as it was sent, or decoded.
    def served?(env, target)
      path = target.to_s.b[/\A[^?]*/]
      decoded = path.gsub(/%\h\h/) { |escape| escape[1..].hex.chr }
      [path, decoded].include?("#{env["SCRIPT_NAME"]}#{env["PATH_INFO"]}".b)
    end

    # Nobody is allowed without facts, which are asked for when the rest is judged.
    def not_judged(*) = raise("the path that is served is not that of the target")
  end

  class << self
    # The version of the library that is loaded.
    def version = Native.function(:version).call.to_s

    # Whether the library is the full build.
    def full? = Native.function(:features).call.anybits?(Native::NUMBERS[:FEATURE_FULL])

    # The name of a code, and what to do about it; nil if there is no such code.
    def code_name(code) = Native.words(:code_name, code)
    def code_sentence(code) = Native.words(:code_sentence, code)

    # Overwrites a string with zeros.
    def wipe(string)
      return if Native.octets(string, "what is wiped").last.zero?

      string.setbyte(0, 0) # Raises if it is frozen, and parts it from strings that share its bytes.
      Native.function(:wipe).call(string, string.bytesize)
      nil
    end

    # Parses a token: its form and its checksum, not whether it is genuine.
    def parse_token(token)
      parsed = Native.blank(:token)
      Native.call(:token_parse, *Native.bytes(token, "the token"), parsed)
      token_of(parsed)
    end

    # The digest that an origin stores of a token.
    def digest(token, principal, peppers)
      texts = [*Native.bytes(token, "the token"), *Native.bytes(principal, "the principal")]
      Peppers.lend(peppers) { |pointer| Native.text(:token_digest, pointer, *texts) }
    end

    # The digest that an edge compares.
    def edge_digest(token, principal)
      token = Native.bytes(token, "the token")
      Native.text(:token_edge_digest, *token, *Native.bytes(principal, "the principal"))
    end

    # All that looks like a credential in a text.
    def scan(text)
      text = Native.bytes(text, "the text")
      findings = []
      from = 0
      loop do
        found = "\0".b * 4
        finding = Native.blank(:finding)
        Native.call(:text_scan, *text, from, found, finding)
        return findings if found.unpack1("l").zero?

        _, token, start, from, handle = finding.unpack("LLQQZ32")
        findings << Finding.new(start, from, token == 1 ? handle : nil)
      end
    end

    # All that `scan` finds in a text, and the tokens in what is encoded in it: base64, hexadecimal
    # digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more ("Tokens in encodings" in
    # docs/token-format.md), in the order in which they begin. With edge keys, `genuine` says of a
    # token whether it was minted with a root key of these, also if it has expired since.
    def scan_decoding(text, keys = nil)
      text = Native.bytes(text, "the text")
      found = ->(pointer) { Native.parsed(Native.text(:text_scan_decoding, *text, pointer)) }
      findings = keys.nil? ? found.(nil) : EdgeKeys.lend(keys, &found)
      findings.map { |members| DecodedFinding.new(*members.values_at(*DecodedFinding.members)) }
    end

    # The text with each credential cut to what may be shown.
    def redact(text) = Native.text(:text_redact, *Native.bytes(text, "the text"))

    # The text in which all that `redact` cuts is cut, and each token in an encoding too: where
    # `scan_decoding` finds one, its handle and `…` stand in place of every byte that holds a part
    # of it. What is encoded must parse, so that the half of an encoded token stays.
    def redact_decoding(text) = Native.text(:text_redact_decoding, *Native.bytes(text, "the text"))

    # Reads all values of the header `Authorization`.
    def authorization(values)
      lines = Native.slices(values, "the values")
      scheme = "\0".b * 4
      credential = "\0".b * Native::SIZES[:slice]
      Native.call(:authorization_read, lines, values.length, scheme, credential)
      address, length = credential.unpack("JJ")
      text = Fiddle::Pointer.new(address)[0, length].force_encoding("UTF-8") unless address.zero?
      Authorization.new(Native::SCHEMES.fetch(scheme.unpack1("l"), "other"), text)
    end

    # Verifies a token at `verified_at`, and compares it at `now` with the record that the store
    # has, or nil.
    def accept_at_edge(keys, token, verified_at, record, now)
      rest = acceptance(token, verified_at, record, now)
      EdgeKeys.lend(keys) { |k| accepted(token, Native.text(:accept_at_edge, k, *rest)) }
    end

    # The same at an origin, which has the peppers.
    def accept_at_origin(keys, peppers, token, verified_at, record, now)
      rest = acceptance(token, verified_at, record, now)
      EdgeKeys.lend(keys) do |k|
        Peppers.lend(peppers) { |p| accepted(token, Native.text(:accept_at_origin, k, p, *rest)) }
      end
    end

    # Makes the record of a new token, as JSON text. `metadata` is a JSON text.
    def issue_record(token, principal:, scopes:, created_at:, peppers: nil, edges: false,
                     organizations: nil, addresses: nil, name: nil, not_before: nil,
                     expires_at: nil, metadata: nil)
      flags = Native.flag(edges, "edges") ? Native::NUMBERS[:DRAFT_FOR_EDGES] : 0
      flags |= Native::NUMBERS[:DRAFT_ORGANIZATIONS] unless organizations.nil?
      flags |= Native::NUMBERS[:DRAFT_ADDRESSES] unless addresses.nil?
      flags |= Native::NUMBERS[:DRAFT_NOT_BEFORE] unless not_before.nil?
      flags |= Native::NUMBERS[:DRAFT_EXPIRES_AT] unless expires_at.nil?
      scope_slices = Native.slices(scopes, "scopes")
      organizations_given = organizations.nil? ? [] : organizations
      organization_slices = Native.slices(organizations_given, "organizations")
      addresses_given = addresses.nil? ? [] : addresses
      address_slices = Native.slices(addresses_given, "addresses")
      times = { created_at: created_at, not_before: not_before, expires_at: expires_at }
      seconds = times.map { |what, time| time.nil? ? 0 : Native.seconds(time, what) }
      Native.wrong("created_at is needed") if created_at.nil?
      issue = lambda do |pointer|
        draft = Native.struct(
          :record_draft, flags,
          *Native.slice(Native.bytes(token, "the token").first, ""),
          *Native.slice(Native.bytes(principal, "the principal").first, ""),
          Native.pointer(scope_slices), scopes.length,
          organizations.nil? ? 0 : Native.pointer(organization_slices), organizations_given.length,
          pointer.to_i,
          *Native.slice(name, "the name"), *Native.slice(metadata, "the metadata"), *seconds,
          addresses.nil? ? 0 : Native.pointer(address_slices), addresses_given.length
        )
        Native.text(:record_issue, draft)
      end
      peppers.nil? ? issue.(nil) : Peppers.lend(peppers, &issue)
    end

    # Reads a record, as a Hash.
    def read_record(record)
      JSON.parse(Native.text(:record_read, *Native.bytes(record, "the record")))
    end

    # What edges may have of a record, as JSON text.
    def edge_record(record) = Native.text(:record_for_edges, *Native.bytes(record, "the record"))

    # What people may see of a record, as JSON text.
    def display_record(record)
      Native.text(:record_for_display, *Native.bytes(record, "the record"))
    end

    # The record, revoked, as JSON text.
    def revoke_record(record, at)
      Native.text(:record_revoke, *Native.bytes(record, "the record"), Native.seconds(at, "at"))
    end

    # The record, used at a time, as JSON text; a later use stays.
    def use_record(record, at)
      Native.text(:record_used, *Native.bytes(record, "the record"), Native.seconds(at, "at"))
    end

    # The record to store where the store may hold another one of the same credential: good only
    # where and when both are, as JSON text.
    def merge_records(record, stored)
      stored = Native.bytes(stored, "the stored record")
      Native.text(:record_merge, *Native.bytes(record, "the record"), *stored)
    end

    # The name of the code for which the credential is not active, or nil if it is.
    def inactive_because(record, now)
      code = "\0".b * 4
      now = Native.seconds(now, "now")
      Native.call(:record_inactive, *Native.bytes(record, "the record"), now, code)
      code_name(code.unpack1("l"))
    end

    # The record, succeeded by another and good until `grace_until`, as JSON text. `later_expiry`
    # lets the successor expire later, which is for those who may make credentials of this
    # principal. `max_grace` is the most seconds from `now` to `grace_until`; 30 days by default.
    def rotate_record(record, successor, grace_until, now, later_expiry: false, max_grace: nil)
      successor = Native.bytes(successor, "the successor")
      times = [Native.seconds(grace_until, "grace_until"), Native.seconds(now, "now")]
      later = Native.flag(later_expiry, "later_expiry")
      flags = later ? Native::NUMBERS[:ROTATE_LATER_EXPIRY] : 0
      most = max_grace.nil? ? Native::NONE : Native.seconds(max_grace, "max_grace")
      Native.text(:record_rotate_within, *Native.bytes(record, "the record"), *successor, *times,
                  flags, most)
    end

    private

    def token_of(parsed)
      _, kind, day, key_id, id, handle = parsed.unpack("LLLZ4Z16Z32")
      Token.new(handle, Native::KINDS.fetch(kind, "unknown"), key_id, id, day.zero? ? nil : day)
    end

    # A step as its members tell. One that is not known here is a refusal.
    def step_of(members)
      members[:valid_until] = members[:validUntil]
      members[:principal_type] = members[:principalType]
      members[:headers]&.transform_keys!(&:to_s)
      kind = STEPS[members[:step]] or return unavailable("the step #{members[:step]} is not known")
      kind.new(*members.values_at(*kind.members))
    end

    def unavailable(why)
      error = Native.error(:E_UNAVAILABLE)
      body = { type: "about:blank", title: "Service Unavailable", status: 503,
               code: error.code_name, detail: error.message }
      headers = { "content-type" => "application/problem+json", "cache-control" => "no-store" }
      Refused.new(503, error.code_name, error.code, headers, body.to_json, nil,
                  RuntimeError.new(why))
    end

    def acceptance(token, verified_at, record, now)
      [*Native.bytes(token, "the token"), Native.seconds(verified_at, "verified_at"),
       *Native.optional(record, "the record"), Native.seconds(now, "now")]
    end

    def accepted(token, json)
      answer = JSON.parse(json)
      parsed = parse_token(token)
      Accepted.new(parsed.handle, parsed.kind, parsed.id,
                   *answer.values_at("principal", "validUntil", "record"))
    end
  end
end
