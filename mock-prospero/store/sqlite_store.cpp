#include "store/sqlite_store.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "store/cut_mark.hpp"
#include "store/file_watch.hpp"
#include "store/reader.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/words.hpp"
#include "store/writer.hpp"

namespace mock::store {
namespace {

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string file, const SqliteOptions& options)
      : file_(std::move(file)), connection_(file_, options.vfs), update_(prepared(options)), writer_(connection_) {
    if (options.vfs.empty()) watch_ = FileWatch{{{file_}, {file_ + "-wal", log_bytes_kept}}};
  }

  ~SqliteStore() override {
    const auto& trouble = watch_.trouble();
    if (watch_.cut_short()) give_up(trouble);
  }

  KeptWorld load_world() override {
    return guarded([&] { return read_world(connection_); });
  }

  void load_deliveries(const std::function<void(delivery::Delivery)>& visit) override {
    guarded([&] { read_deliveries(connection_, visit); });
  }

  void load_losses(const std::function<void(const delivery::DeliveryId&, std::int64_t)>& visit) override {
    guarded([&] { read_losses(connection_, visit); });
  }

  void accept() override {
    guarded([&] { commit_update(); });
  }

  void write(const Batch& batch) override {
    require_the_file();
    try {
      commit_update();
      Transaction transaction{connection_};
      writer_.put(batch);
      transaction.commit();
      watch_.note_sizes();
    } catch (const SqliteError& error) {
      throw NotWritten{fmt::format("the store {} cannot be written: {}", file_, error.what())};
    }
  }

 private:
  std::unique_ptr<Transaction> prepared(const SqliteOptions& options) {
    prepare(connection_, file_);
    connection_.exec(fmt::format("PRAGMA wal_autocheckpoint = {}", options.checkpoint_pages).c_str());
    if (options.pages_max > 0) connection_.exec(fmt::format("PRAGMA max_page_count = {}", options.pages_max).c_str());
    return update_tables(connection_);
  }

  void commit_update() {
    if (update_) update_->commit();
    update_.reset();
  }

  // What SQLite finds broken and what it cannot know to be broken are the same to who starts the program.
  template <class F>
  std::invoke_result_t<F> guarded(F read) {
    try {
      return read();
    } catch (const SqliteError& error) {
      throw unusable(file_, error);
    } catch (const Unusable&) {
      throw;
    } catch (const std::exception& error) {
      throw Unusable{fmt::format("--store {}: is damaged ({}): bring back a copy, or name another file", file_,
                                 shown(error.what()))};
    }
  }

  // SQLite goes on writing to a file that has no name any more, and does not notice that one was cut short.
  void require_the_file() {
    const auto& trouble = watch_.trouble();
    if (trouble.empty()) return;
    if (watch_.cut_short()) give_up(trouble);
    throw NotWritten{fmt::format("the store {} cannot be written: {}", file_, trouble)};
  }

  void give_up(const std::string& trouble) {
    if (std::exchange(given_up_, true)) return;
    connection_.leave_the_log();
    mark_as_cut(file_, trouble);
  }

  std::string file_;
  FileWatch watch_;
  bool given_up_ = false;  // it was cut short: what is left of it is left alone
  Connection connection_;
  std::unique_ptr<Transaction> update_;  // before the writer, whose statements need the tables
  Writer writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& file, const SqliteOptions& options) {
  if (options.vfs.empty()) {
    require_uncut(file);
    make_file(file);
  }
  try {
    return std::make_unique<SqliteStore>(file, options);
  } catch (const SqliteError& error) {
    throw unusable(file, error);
  }
}

}  // namespace mock::store
