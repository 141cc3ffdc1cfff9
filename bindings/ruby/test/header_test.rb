# frozen_string_literal: true

require_relative "helper"

# What is spelled in cog_auth.rb is what cogauth.h declares.
class HeaderTest < Minitest::Test
  TEXT = File.read("#{ROOT}/bindings/c/include/cogauth.h")
  PLAIN = TEXT.gsub(%r{//.*}, "").gsub(/^\s*#.*/, "").gsub(/\s+/, " ")
  NATIVE = CogAuth.module_eval { const_get(:Native) }
  FIELDS = { "uint32_t" => "L", "int32_t" => "l", "uint64_t" => "Q", "size_t" => "J",
             "cogauth_slice" => "JJ" }.freeze
  # Only for WebAssembly; or for other languages, which count references themselves.
  LEFT_OUT = /\A(alloc|free|\w+_retain)\z/

  def test_the_functions
    should = PLAIN.scan(/([\w ]+[ *])cogauth_(\w+)\(([^)]*)\);/).to_h do |result, name, parameters|
      types = parameters.strip == "void" ? [] : parameters.split(",")
      [name, [result, *types].map { |type| letter(type) }.join]
    end
    should.reject! { |name, _| name.match?(LEFT_OUT) }
    assert_operator should.length, :>, 60
    assert_equal should.sort.to_h, NATIVE.const_get(:FUNCTIONS).sort.to_h
  end

  def test_the_structs
    should = PLAIN.scan(/typedef struct {([^}]*)} cogauth_(\w+);/).to_h do |fields, name|
      fields = fields.split(";").map(&:strip).reject(&:empty?)
      [name.to_sym, fields.map { |field| layout(field) }.join]
    end
    assert_equal should.sort.to_h, NATIVE.const_get(:LAYOUTS).sort.to_h
  end

  def test_the_numbers
    defined = TEXT.scan(/#define COGAUTH_(\w+) (\d+)$/).to_h { |name, n| [name.to_sym, n.to_i] }
    NATIVE.const_get(:NUMBERS).each { |name, value| assert_equal defined.fetch(name), value, name }
    { KIND: :KINDS, SCHEME: :SCHEMES, DENIAL: :DENIALS }.each do |prefix, list|
      set = defined.select { |name, _| name.start_with?("#{prefix}_") }
      named = NATIVE.const_get(list).each_with_index.to_h do |name, i|
        [:"#{prefix}_#{name.upcase}", i]
      end
      assert_equal set, named
    end
    steps = defined.keys.grep(/\ASTEP_/).map { |name| name.to_s.delete_prefix("STEP_").downcase }
    assert_equal steps.sort, CogAuth.module_eval { const_get(:STEPS) }.keys.sort
  end

  def test_the_version
    version = File.read("#{ROOT}/Cargo.toml")[/\[workspace\.package\].*?^version = "(.+?)"/m, 1]
    assert_equal version, CogAuth::VERSION
    assert_equal version, CogAuth.version
  end

  private

  def letter(type)
    return "p" if type.include?("*")

    { "void" => "v", "size_t" => "z", "int32_t" => "i", "uint32_t" => "u", "uint64_t" => "q" }
      .fetch(type[/void|size_t|uint32_t|int32_t|uint64_t/])
  end

  def layout(field)
    return "J" if field.include?("*")
    return "a#{field[/\d+/]}" if field.start_with?("char ")

    FIELDS.fetch(field.split.first)
  end
end
