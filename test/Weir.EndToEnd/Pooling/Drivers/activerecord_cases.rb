# What a Rails app does with its database, through a pooler. Arguments: port, user, database. Prints a line a case.
require "active_record"
require "tmpdir"

PORT, USER, DATABASE = ARGV
$stdout.sync = true
ActiveRecord::Base.establish_connection(
  adapter: "postgresql", host: "127.0.0.1", port: PORT, username: USER, database: DATABASE, pool: 8,
  variables: { statement_timeout: "30s" }
)
ActiveRecord::Migration.verbose = false

class Author < ActiveRecord::Base
  has_many :books
end

class Book < ActiveRecord::Base
  belongs_to :author
end

def equal(actual, expected)
  raise "expected #{expected.inspect}, was #{actual.inspect}" unless actual == expected
end

FOLDER = Dir.mktmpdir
File.write("#{FOLDER}/1_create_authors.rb", <<~RUBY)
  class CreateAuthors < ActiveRecord::Migration[6.1]
    def change
      create_table(:authors) { |t| t.string :name, null: false, index: { unique: true } }
      create_table(:books) { |t| t.references :author, foreign_key: true; t.string :title }
    end
  end
RUBY
File.write("#{FOLDER}/2_add_year.rb", <<~RUBY)
  class AddYear < ActiveRecord::Migration[6.1]
    disable_ddl_transaction!
    def change
      add_column :books, :year, :integer
      add_index :books, :year, algorithm: :concurrently
    end
  end
RUBY

def migrations
  ActiveRecord::MigrationContext.new(FOLDER, ActiveRecord::SchemaMigration)
end

CASES = {}

# Under an advisory lock of the session, which must be on one server connection from the first to the last.
CASES["migrate"] = lambda do
  migrations.migrate
  equal migrations.current_version, 2
  equal ActiveRecord::Base.connection.select_value("show statement_timeout"), "30s"
end

CASES["records"] = lambda do
  100.times { |i| Author.create!(name: "author #{i}").books.create!(title: "book #{i}", year: 1900 + i) }
  equal Author.where("name like ?", "author 1%").count, 11
  equal Author.find_by(name: "author 7").books.first.year, 1907
  equal Author.includes(:books).order(:id).limit(5).map { |author| author.books.size }, [1] * 5
end

CASES["transactions"] = lambda do
  Author.transaction do
    Author.create!(name: "rolled back")
    begin
      Author.transaction(requires_new: true) { Author.create!(name: "author 1") }
    rescue ActiveRecord::RecordNotUnique
      nil
    end
    Author.lock.find_by(name: "author 3")
    raise ActiveRecord::Rollback
  end
  equal Author.count, 100
end

CASES["threads"] = lambda do
  threads = Array.new(8) do |i|
    Thread.new do
      ActiveRecord::Base.connection_pool.with_connection do
        20.times { |j| Book.where(year: 1900 + (i * 20 + j) % 100).first!.update!(title: "thread #{i}") }
      end
    end
  end
  threads.each(&:join)
  equal Book.where("title like 'thread%'").count, 100
end

CASES["batches"] = lambda do
  equal Author.find_each(batch_size: 10).count, 100
  Author.insert_all((0...50).map { |i| { name: "bulk #{i}" } })
  equal Author.where("name like 'bulk%'").delete_all, 50
end

CASES["schema_change_under_prepared_statements"] = lambda do
  3.times { |i| Author.find_by(name: "author #{i}") }
  ActiveRecord::Base.connection.add_column :authors, :age, :integer
  equal Author.find_by(name: "author 1").name, "author 1"
end

CASES["rollback"] = lambda do
  migrations.rollback(2)
  equal migrations.current_version, 0
  ActiveRecord::Base.connection.drop_table :schema_migrations
  ActiveRecord::Base.connection.drop_table :ar_internal_metadata, if_exists: true
end

CASES.each do |name, body|
  body.call
  puts "ok #{name}"
rescue StandardError => e
  puts "FAILED #{name} #{e.class} #{e.message.tr("\n", " ")}"
  warn e.full_message
end
FileUtils.rm_rf(FOLDER)
