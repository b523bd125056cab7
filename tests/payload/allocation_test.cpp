// How often memory is asked for: this program's `operator new` counts.
#include <prospero/webhooks/payload/payload.hpp>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

std::atomic<std::size_t> allocations = 0;

// An ordinary body of at least `size` bytes.
std::shared_ptr<const std::string> ordinary_push(std::size_t size) {
  std::string body =
      R"({"event":"invoice.updated","data":{"id":"5d1c3a70-c9f1-11ef-8f3a-0242ac120002",)"
      R"("orgId":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","createdAt":"2026-01-02T03:04:05Z",)"
      R"("lastUpdatedAt":"2026-11-24T06:00:00Z","total":12.5,"text":"Geb\u00e4ck \"fein\" für zwei","lines":[)";
  do {
    body += R"({"id":"5d1c3a70-c9f1-11ef-8f3a-0242ac120002","quantity":2,"unitPrice":19.99,"text":"zwei Nächte\n",)"
            R"("optional":false,"note":null},)";
  } while (body.size() + 2 < size);
  body.back() = ']';
  return std::make_shared<const std::string>(body + "}}");
}

struct Counted {
  std::size_t parse;
  std::size_t fields;
};

Counted counted(const std::shared_ptr<const std::string>& body) {
  const std::size_t before = allocations;
  const pw::ParseResult result = pw::parse(body);
  const std::size_t parsed = allocations;
  BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
  const std::size_t before_fields = allocations;
  pw::entity(*result)->fields();
  return {parsed - before, allocations - before_fields};
}

}  // namespace

// Not inlined: else g++ sees free() undo what it knows as `new`, and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

BOOST_AUTO_TEST_SUITE(allocation, *label("D1"))

BOOST_AUTO_TEST_CASE(header_of_any_size_takes_no_memory_beside_the_bytes) {
  for (const std::size_t size : {300u, 4000u, 500'000u}) BOOST_TEST(counted(ordinary_push(size)).parse == 0u);
}

BOOST_AUTO_TEST_CASE(fields_of_a_payload_under_4_kb_take_one_allocation) {
  for (const std::size_t size : {300u, 1000u, 2000u, 3900u}) BOOST_TEST(counted(ordinary_push(size)).fields == 1u);
}

BOOST_AUTO_TEST_CASE(text_that_is_copied_takes_one_allocation_for_the_bytes_and_one_for_their_owner) {
  const auto body = ordinary_push(1000);
  const std::size_t before = allocations;
  const pw::ParseResult result = pw::parse(std::string_view{*body});
  BOOST_TEST(allocations - before <= 2u);
}

BOOST_AUTO_TEST_SUITE_END()
