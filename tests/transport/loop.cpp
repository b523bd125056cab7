#include "loop.hpp"

#include <stdexcept>

#include <boost/asio/post.hpp>

namespace transport_test {

using mock::delivery::AttemptResult;
using mock::transport::LookupResult;
using mock::transport::PendingLookup;
using test_support::RawServer;

void TableLookup::add(const std::string& host, const std::vector<std::string>& addresses) {
  for (const auto& text : addresses) table_[host].push_back(boost::asio::ip::make_address(text));
}

std::unique_ptr<PendingLookup> TableLookup::resolve(const std::string& host, Done done) {
  when_asked();
  const auto found = table_.find(host);
  LookupResult result;
  if (found != table_.end()) result.addresses = found->second;
  if (found == table_.end()) result.error = "name '" + host + "' not found";
  boost::asio::post(io_, [then = std::move(done), result] { then(result); });
  return std::make_unique<PendingLookup>();
}

mock::transport::UrlPolicy local_policy() {
  mock::transport::UrlPolicy policy;
  policy.allow_local = true;
  return policy;
}

const test_support::CertificateAuthority& authority() {
  static const test_support::CertificateAuthority made;
  return made;
}

const test_support::Certificate& good_leaf() {
  static const auto leaf = authority().issue({.dns_names = {"localhost", "consumer.test"}});
  return leaf;
}

Loop::Loop(mock::transport::UrlPolicy policy, mock::transport::PushFields fields)
    : names(io),
      ca_file_(test_support::write_pem(folder_.file("ca.pem"), authority().pem())),
      transport_(std::make_unique<mock::transport::HttpTransport>(
          io, names,
          mock::transport::TransportOptions{
              .policy = std::move(policy), .ca_files = {ca_file_}, .fields = std::move(fields)})) {}

RawServer& Loop::serve(test_support::Script script) {
  return serve(std::move(script), {.certificate = good_leaf()});
}

RawServer& Loop::serve(test_support::Script script, test_support::RawServerOptions options) {
  return *servers_.emplace_back(std::make_unique<RawServer>(io, std::move(script), std::move(options)));
}

std::string Loop::url_of(const RawServer& server, const std::string& host) {
  return "https://" + host + ":" + std::to_string(server.port()) + "/hook/secret";
}

void Loop::post(const std::string& url, const std::string& body) {
  const auto index = results_.size();
  results_.emplace_back();
  transport_->post({url, std::make_shared<const std::string>(body)}, [this, index](AttemptResult result) {
    results_[index] = std::move(result);
    ++ended_;
  });
}

std::vector<AttemptResult> Loop::run() {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (ended_ < results_.size()) {
    if (io.run_one_until(limit) == 0) throw std::runtime_error("an attempt did not end within 30 s");
  }
  ended_ = 0;
  return std::exchange(results_, {});
}

AttemptResult Loop::push(const std::string& url) {
  post(url);
  return run().front();
}

}  // namespace transport_test
