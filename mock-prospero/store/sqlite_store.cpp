#include "store/sqlite_store.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "store/cut_mark.hpp"
#include "store/file_watch.hpp"
#include "store/log_beside.hpp"
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
      : file_(std::move(file)),
        checkpoint_frames_(options.checkpoint_pages),
        connection_(file_, options.vfs),
        update_(prepared(options)),
        writer_(connection_) {
    if (options.vfs.empty()) watch_ = FileWatch{{{file_}, {log_of(file_), log_bytes_kept}}};
  }

  ~SqliteStore() override {
    watch_.trouble();
    if (watch_.cut_short()) give_up();
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
    connection_.copy_log();  // what a crash left in it
  }

  void write(const Batch& batch) override {
    require_the_file();
    try {
      commit(batch);
    } catch (const SqliteError& error) {
      require_the_file();  // what SQLite met may come of that
      throw NotWritten{fmt::format("the store {} cannot be written: {}", file_, error.what())};
    }
    require_uncut_files();
  }

 private:
  std::unique_ptr<Transaction> prepared(const SqliteOptions& options) {
    // What is refused is left as it is, the log too.
    const bool after_crash = options.vfs.empty() && has_log(file_);
    connection_.leave_the_log(after_crash);
    prepare(connection_, file_);
    if (after_crash) require_fitting_log(connection_, file_);
    connection_.copy_log_only_when_asked();
    if (options.pages_max > 0) connection_.exec(fmt::format("PRAGMA max_page_count = {}", options.pages_max).c_str());
    return update_tables(connection_);
  }

  void commit_update() {
    if (update_) update_->commit();
    update_.reset();
    connection_.leave_the_log(false);
  }

  // The log is looked at before it is copied into the file, and both afterwards.
  void commit(const Batch& batch) {
    commit_update();
    const int frames_before = connection_.log_frames();
    Transaction transaction{connection_};
    writer_.put(batch);
    transaction.commit();
    const int frames = connection_.log_frames();
    watch_.note_sizes();
    if (!log_holds(frames_before, frames)) watch_.call_cut(log_of(file_));
    if (watch_.cut_short() || frames < checkpoint_frames_) return;
    connection_.copy_log();
    watch_.note_sizes();
  }

  // A cut that the writes after it made good in size leaves a hole where the frames before them were. There are none of
  // them in a log that began anew.
  bool log_holds(int frames_before, int frames) {
    if (frames > 0 && !connection_.log_holds(frames)) return false;
    return frames_before == 0 || frames_before >= frames || connection_.log_holds(frames_before);
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
      throw Unusable{
          fmt::format("--store {}: is damaged ({}): {}", file_, shown(error.what()), bring_back_a_copy(file_))};
    }
  }

  // SQLite goes on writing to a file that has no name any more, and does not notice that one was cut short.
  void require_the_file() {
    const auto& trouble = watch_.trouble();
    require_uncut_files();
    if (trouble.empty()) return;
    throw NotWritten{fmt::format(
        "the store {} cannot be written: {}: put it back; or stop, move {} away if they are there, and start "
        "again",
        file_, trouble, log_names(file_))};
  }

  void require_uncut_files() {
    if (!watch_.cut_short()) return;
    give_up();
    throw NotWritten{
        fmt::format("the store {} cannot be written: {}: stop, and start with a copy of the store or with a new one{}",
                    file_, watch_.trouble(), marked_ ? "" : no_mark())};
  }

  std::string no_mark() const {
    return fmt::format("; no mark can be made beside it, so the next start does not know: move {} away before it",
                       log_names(file_));
  }

  void give_up() {
    if (std::exchange(given_up_, true)) return;
    connection_.leave_the_log(true);
    marked_ = mark_as_cut(file_, watch_.trouble());
  }

  std::string file_;
  std::int64_t checkpoint_frames_;
  FileWatch watch_;
  bool given_up_ = false;  // it was cut short: what is left of it is left alone
  bool marked_ = false;    // for the next start
  Connection connection_;
  std::unique_ptr<Transaction> update_;  // before the writer, whose statements need the tables
  Writer writer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& name, const SqliteOptions& options) {
  const auto file = options.vfs.empty() ? without_link(name) : name;
  if (options.vfs.empty()) {
    require_uncut(file);
    has_log(file);  // before an empty file is made for it
    make_file(file);
  }
  try {
    return std::make_unique<SqliteStore>(file, options);
  } catch (const SqliteError& error) {
    throw unusable(file, error);
  }
}

}  // namespace mock::store
