// Throw-away certificates for trying things out on one machine.
#pragma once

#include <string>

namespace consumer {

struct SelfSigned {
  std::string ca_file, certificate_file, key_file;
};

/// The files ca.pem, cert.pem and key.pem of `folder`, made when all three are missing (the folder too): a certificate
/// authority that is good for this machine's own names and nothing else, whose key is thrown away, and a leaf for
/// localhost, 127.0.0.1 and ::1, ECDSA P-256, one year, mode 0600. All or none: half a set is never left. Throws
/// ConfigError when only some of them exist, they have expired, or they cannot be made.
SelfSigned self_signed(const std::string& folder);

}  // namespace consumer
