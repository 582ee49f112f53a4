# frozen_string_literal: true

require "action_controller/railtie"

# The sample app's short paths as the smallest Rails app, in one file.
class SampleApp < Rails::Application
  SMALL = "#{"x" * 97}\n".freeze

  config.root = File.expand_path("..", __dir__)
  config.eager_load = false
  config.secret_key_base = "not a secret: nothing is signed here"
  config.logger = Logger.new(File::NULL)
  routes.append do
    small = lambda do |env|
      sleep(Rack::Utils.parse_query(env["QUERY_STRING"]).fetch("ms", 20).to_f / 1000) if env["PATH_INFO"] == "/sleep"
      [200, { "Content-Type" => "text/plain", "Content-Length" => SMALL.bytesize.to_s }, [SMALL]]
    end
    get "/sleep", to: small
    root to: small
  end
end
