// The page from its start: read the stream, load what there is, show a view. Reading order: state.js, stream.js, router.js,
// then a view: overview.js, deliveries.js, delivery.js, world.js, desk.js, conformance.js, contract.js.
import { setLargeClock, startClock } from './clock.js';
import { showConnection, watchConnection } from './connection.js';
import { showConformance } from './conformance.js';
import { showContract } from './contract.js';
import { watchDisabled } from './disabled_badge.js';
import { showDeliveries } from './deliveries.js';
import { showDelivery } from './delivery.js';
import { showDesk } from './desk.js';
import { showOverview } from './overview.js';
import { loading } from './loading.js';
import { startRouter } from './router.js';
import { loadAll, take } from './state.js';
import { Stream } from './stream.js';
import { say, watchMessages } from './toast.js';
import { showWorld } from './world.js';

const views = {
  overview: { title: 'Overview', show: showOverview },
  deliveries: { title: 'Deliveries', show: showDeliveries },
  world: { title: 'World', show: showWorld },
  desk: { title: 'Operator desk', show: showDesk },
  conformance: { title: 'Conformance', show: showConformance },
  contract: { title: 'Contract', show: showContract },
};

function choose(parts) {
  const name = views[parts[0]] ? parts[0] : 'overview';
  setLargeClock(name === 'overview');
  if (name === 'deliveries' && parts.length > 1) return { name, title: 'Delivery', show: showDelivery };
  return { name, ...views[name] };
}

let started = false;
const { run: load } = loading(async () => {
  if (await loadAll()) say('The mock was restarted or reset. It knows nothing of before: its state is new.');
  if (started) return;
  started = true;
  startRouter(choose);
});

function onEvent(type, data) {
  if (type === 'ready' || type === 'reset') load();
  else take(type, data);
}

document.getElementById('skip').addEventListener('click', () => document.getElementById('main').focus());
startClock();
watchConnection();
watchDisabled();
watchMessages();
new Stream(onEvent, showConnection).run();
