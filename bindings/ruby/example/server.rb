# frozen_string_literal: true

# Sessions of organizations, guarded: `ruby example/server.rb [port]`. Records and facts are files
# of JSON beside this; a store of yours asks a database instead.

require "json"
require "webrick"
require_relative "../cog_auth"

HERE = __dir__
KEYS = CogAuth::EdgeKeys.new(File.read("#{HERE}/edge-keys.json"))
GATE = CogAuth::Gate.new(policy: CogAuth::Policy.builtin, keys: KEYS, realm: "example")

# The file's text, or nil if there is none. Anything else that goes wrong raises: that is a store
# that cannot be asked. An id is one of the store's, and names no path.
def stored(folder, id)
  path = "#{ENV.fetch("STORE", HERE)}/#{folder}"
  File.read("#{path}/#{id}.json") if Dir.children(path).include?("#{id}.json")
end

RECORD = ->(id) { stored("records", id) }
FACTS = lambda do |principal, organization, _resource = nil|
  facts = { principal: stored("principals", principal) }
  return if facts[:principal].nil?

  facts[:organization] = stored("organizations", organization) if organization
  facts.compact.transform_values { |text| JSON.parse(text) }.to_json
end

# Answers requests that the gate allows.
class Sessions < WEBrick::HTTPServlet::AbstractServlet
  def service(request, response)
    outcome = GATE.guard(
      method: request.request_method, target: request.unparsed_uri,
      authorization: request.header["authorization"], record: RECORD, facts: FACTS
    )
    case outcome
    when CogAuth::Allowed
      response.body = "#{outcome.principal[:id]} may #{outcome.action}\n"
    when CogAuth::Refused
      warn "a store could not be asked: #{outcome.cause.message}" if outcome.cause
      response.status = outcome.status
      outcome.headers.each { |name, value| response[name] = value }
      response.body = outcome.body
    end
  end
end

server = WEBrick::HTTPServer.new(
  BindAddress: "127.0.0.1", Port: (ARGV.first || 8080).to_i, AccessLog: [],
  StartCallback: -> { puts "listening on #{server.listeners.first.addr[1]}"; $stdout.flush }
)
server.mount("/v3", Sessions)
%w[INT TERM].each { |signal| trap(signal) { server.shutdown } }
server.start
