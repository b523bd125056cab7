#include "cli/network_suite.hpp"

#include <utility>

#include "cli/conform_flags.hpp"
#include "cli/conform_network.hpp"

namespace mock::cli {

NetworkSuite::NetworkSuite(NetworkFlags flags) : flags_(std::move(flags)) {
  flags_.keep_alive = false;
  flags_.fields = {};
}

api::PreparedRun NetworkSuite::prepare(const api::SuiteWish& wish) const {
  ConformFlags flags;
  flags.url = wish.url;
  flags.network = flags_;
  flags.selection = {wish.only, wish.skip, wish.events};
  flags.org = wish.org_id;
  flags.seed = wish.seed;
  flags.strict = wish.strict;
  flags.disruptive = wish.disruptive;
  auto plan = plan_of(flags);
  set_target(plan, flags.url, flags);
  conformance::ReportContext context{repeat_flags(flags, plan.seed), limits_of(flags)};
  return {std::move(plan), std::move(context)};
}

conformance::Report NetworkSuite::run(const conformance::Plan& plan, const conformance::Progress& progress,
                                      const std::function<bool()>& interrupted) const {
  ConformNetwork network(plan.target.url, flags_, interrupted);
  return conformance::run(plan, network.access(), progress);
}

}  // namespace mock::cli
