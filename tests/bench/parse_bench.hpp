// What is measured.
#pragma once

namespace bench {

/// Registers every contender with every size.
void register_parse();

}  // namespace bench
