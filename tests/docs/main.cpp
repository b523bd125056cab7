// snippets_of PAGE.md OUT.cpp: makes one C++ program of the ```cpp blocks of a page, so that what the page shows is
// compiled and run. A block goes into main() in the order of the page; includes move to the top; a block that follows
// `<!-- file scope -->` stands before main(), one that follows `<!-- shown only -->` is a whole program built
// elsewhere and is left out. Lines keep their numbers in the page (#line), so that a compiler error names it.
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Block {
  enum class Kind { statements, file_scope, shown_only } kind = Kind::statements;
  int line = 0;  // of its first line, from 1
  std::vector<std::string> lines;
};

std::vector<Block> blocks_of(std::istream& page) {
  std::vector<Block> blocks;
  bool inside = false;
  Block::Kind next = Block::Kind::statements;
  int number = 0;
  for (std::string line; std::getline(page, line);) {
    ++number;
    if (inside && line.starts_with("```"))
      inside = false;
    else if (inside)
      blocks.back().lines.push_back(line);
    else if (line == "<!-- file scope -->")
      next = Block::Kind::file_scope;
    else if (line == "<!-- shown only -->")
      next = Block::Kind::shown_only;
    else if (line.starts_with("```cpp")) {
      inside = true;
      blocks.push_back({next, number + 1, {}});
      next = Block::Kind::statements;
    }
  }
  return blocks;
}

/// The block's includes, or the rest of it; the other lines stay as empty ones, so that one #line is enough.
void write_lines(std::ostream& out, const Block& block, const std::string& page, bool includes) {
  out << "#line " << block.line << " \"" << page << "\"\n";
  for (const auto& text : block.lines) out << (text.starts_with("#include") == includes ? text : "") << '\n';
}

std::string program_of(const std::vector<Block>& blocks, const std::string& page) {
  std::ostringstream out;
  for (const auto& block : blocks)
    if (block.kind != Block::Kind::shown_only) write_lines(out, block, page, true);
  for (const auto& block : blocks)
    if (block.kind == Block::Kind::file_scope) write_lines(out, block, page, false);
  out << "int main() {\n";
  for (const auto& block : blocks)
    if (block.kind == Block::Kind::statements) write_lines(out, block, page, false);
  out << "}\n";
  return out.str();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: snippets_of PAGE.md OUT.cpp\n";
    return 2;
  }
  std::ifstream page(argv[1]);
  const auto blocks = blocks_of(page);
  if (blocks.empty()) {
    std::cerr << argv[1] << ": no ```cpp block\n";
    return 1;
  }
  std::ofstream out(argv[2]);
  out << program_of(blocks, argv[1]);
  return out.flush() ? 0 : 1;
}
