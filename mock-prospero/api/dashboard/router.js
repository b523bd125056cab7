// Which view is shown: the part of the address after '#'. A view is show(main, parts, query) -> what ends it.

/** '#/deliveries/ID?state=pending' -> {parts: ['deliveries', 'ID'], query: URLSearchParams} */
export function readHash(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { parts, query: new URLSearchParams(query) };
}

export const link = (...parts) => `#/${parts.map(encodeURIComponent).join('/')}`;

/** Changes the query of the address without showing the view anew: for filters. */
export function replaceQuery(parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  const { parts } = readHash(location.hash);
  history.replaceState(null, '', [link(...parts), String(query)].filter(Boolean).join('?'));
}

/** `choose(parts)` gives {name, title, show}. */
export function startRouter(choose) {
  const main = document.getElementById('main');
  let end = null;
  const go = (first) => {
    end?.();
    const { parts, query } = readHash(location.hash);
    const view = choose(parts);
    main.replaceChildren();
    document.title = `${view.title} · Mock Prospero`;
    for (const one of document.querySelectorAll('#views a')) {
      const current = one.dataset.view === view.name;
      if (current) one.setAttribute('aria-current', 'page');
      else one.removeAttribute('aria-current');
    }
    end = view.show(main, parts, query) ?? null;
    scrollTo(0, 0);
    if (!first) main.focus({ preventScroll: true });
  };
  addEventListener('hashchange', () => go(false));
  go(true);
}
