#include "inbox_note_writer.hpp"

#include <utility>

namespace prospero::webhooks {

NoteWriter::NoteWriter(InboxLock& lock, std::function<FailedRows()> rows)
    : lock_(lock), rows_(std::move(rows)), thread_([this] { write_until_closed(); }) {}

NoteWriter::~NoteWriter() {
  {
    const std::lock_guard hold{mutex_};
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void NoteWriter::ask() {
  const std::lock_guard hold{mutex_};
  if (!std::exchange(asked_, true)) changed_.notify_one();
}

void NoteWriter::write_until_closed() {
  for (bool last = false; !last;) {
    {
      std::unique_lock hold{mutex_};
      changed_.wait(hold, [this] { return asked_ || closing_; });
      asked_ = false;
      last = closing_;
    }
    write();
  }
}

// It fails where that was told at the start, or for a lack of memory; what was written last then stays.
void NoteWriter::write() noexcept {
  try {
    lock_.remember(rows_());
  } catch (...) {
  }
}

}  // namespace prospero::webhooks
