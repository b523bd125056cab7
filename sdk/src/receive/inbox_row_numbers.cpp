#include "inbox_row_numbers.hpp"

#include <algorithm>

namespace prospero::webhooks {

RowNumbers::RowNumbers(SqliteConnection& connection, std::int64_t last_body)
    : remember_(connection, "INSERT OR REPLACE INTO mark (name, value) VALUES ('last_row', ?1)"),
      last_(std::max(last_body,
                     connection.integer("SELECT max(coalesce((SELECT max(seq) FROM arrival), 0),"
                                        " coalesce((SELECT value FROM mark WHERE name = 'last_row'), 0),"
                                        " coalesce((SELECT value - 1 FROM mark WHERE name = 'fresh_from'), 0))"))),
      kept_(last_) {}

void RowNumbers::removed(std::int64_t number) {
  if (number == last_) remember_.bind(1, number).run();
}

}  // namespace prospero::webhooks
