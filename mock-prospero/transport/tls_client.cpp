#include "transport/tls_client.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>

#include <boost/asio/ip/address.hpp>

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

namespace ssl = boost::asio::ssl;

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "unknown";
  std::array<char, sizeof "2026-01-01T00:00:00Z"> text{};
  const auto length = std::strftime(text.data(), text.size(), "%FT%TZ", &parts);
  return {text.data(), length};
}

std::string printable(const unsigned char* data, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += data[i] > 0x20 && data[i] < 0x7F ? static_cast<char>(data[i]) : '?';
  return out;
}

std::string name_text(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) {
    return printable(ASN1_STRING_get0_data(name->d.dNSName),
                     static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  if (name->type != GEN_IPADD) return {};
  const auto* bytes = ASN1_STRING_get0_data(name->d.iPAddress);
  if (ASN1_STRING_length(name->d.iPAddress) == 4) {
    return boost::asio::ip::address_v4({bytes[0], bytes[1], bytes[2], bytes[3]}).to_string();
  }
  boost::asio::ip::address_v6::bytes_type v6{};
  if (ASN1_STRING_length(name->d.iPAddress) != static_cast<int>(v6.size())) return {};
  std::copy_n(bytes, v6.size(), v6.begin());
  return boost::asio::ip::address_v6(v6).to_string();
}

/// The names that a certificate is for, at most five of them.
std::string names_of(X509* certificate) {
  constexpr int shown_max = 5;
  using Names = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
                    &GENERAL_NAMES_free);
  std::string out;
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count && i < shown_max; ++i) {
    const auto text = name_text(sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty()) out += (out.empty() ? "" : ", ") + text;
  }
  if (count > shown_max) out += ", ...";
  return out;
}

std::string describe(int error, X509* certificate, const std::string& host) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "certificate has expired (notAfter " + date_of(X509_get0_notAfter(certificate)) + ")";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "certificate is not yet valid (notBefore " + date_of(X509_get0_notBefore(certificate)) + ")";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      const auto names = names_of(certificate);
      return "certificate is not for " + host +
             (names.empty() ? " (it has no subjectAltName)" : " (it is for " + names + ")");
    }
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "certificate is self-signed and not trusted (--ca FILE trusts it)";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // another authority of the same name
      return "certificate does not chain to a trusted root (a private authority must be given with --ca FILE; does the "
             "server send its intermediate certificates?)";
    default:
      return std::string("certificate is refused: ") + X509_verify_cert_error_string(error);
  }
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_client_context(const std::vector<std::string>& ca_files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  if (ca_files.empty()) {
    context->set_default_verify_paths(error);
    if (error)
      return Refusal{"the system's trusted roots cannot be read: " + error.message() + "; name some with --ca"};
  }
  for (const auto& file : ca_files) {
    context->load_verify_file(file, error);
    if (error) {
      return Refusal{"'" + file + "' cannot be read as trusted roots (" + error.message() +
                     "): --ca takes a PEM file of certificates"};
    }
  }
  context->set_verify_mode(PROSPERO_FAULT(D7_any_chain_is_trusted) ? ssl::verify_none : ssl::verify_peer);
  constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  auto* handle = context->native_handle();
  if (SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_alpn_protos(handle, http11.data(), http11.size()) != 0) {
    return Refusal{"OpenSSL does not accept TLS 1.2 and 1.3 with ALPN; check its configuration"};
  }
  return context;
}

bool set_server_name(SSL* handle, const WebhookUrl& url) {
  auto* param = SSL_get0_param(handle);
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (url.literal()) return X509_VERIFY_PARAM_set1_ip_asc(param, url.literal()->to_string().c_str()) == 1;
  const auto host = plain_host(url.host());
  if (PROSPERO_FAULT(D7_host_name_is_not_checked)) return SSL_set_tlsext_host_name(handle, host.c_str()) == 1;
  return SSL_set_tlsext_host_name(handle, host.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size()) == 1;
}

bool CertificateProblem::note(bool accepted, ssl::verify_context& context) {
  auto* store = context.native_handle();
  if (PROSPERO_FAULT(D7_an_expired_certificate_is_trusted))
    accepted = accepted || X509_STORE_CTX_get_error(store) == X509_V_ERR_CERT_HAS_EXPIRED;
  if (!accepted && text_.empty()) {
    text_ = describe(X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store), host_);
  }
  return accepted;
}

}  // namespace mock::transport
