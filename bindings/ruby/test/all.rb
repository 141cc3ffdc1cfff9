# frozen_string_literal: true

# Runs all tests: `ruby test/all.rb`.

Dir["#{__dir__}/*_test.rb"].sort.each { |file| require file }
