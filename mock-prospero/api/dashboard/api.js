// Calls of the mock's API. Addresses are relative to the page, so that they hold under a proxy's path prefix too.
import { askForToken } from './token.js';

const tokenKey = 'mock-prospero-token';

export const token = () => sessionStorage.getItem(tokenKey) ?? '';

/** Status 0: the server was not reached. The message is for people. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const address = (path) => new URL(path, document.baseURI);

export const authorization = () => (token() ? { Authorization: `Bearer ${token()}` } : {});

let asking = null;

/** Asks for the token once, however many calls were refused. Resolves when there is one to try. */
export function renewToken(refused) {
  if (token() !== refused) return Promise.resolve();
  asking ??= askForToken(refused !== '').then((given) => {
    sessionStorage.setItem(tokenKey, given);
    asking = null;
  });
  return asking;
}

async function send(method, path, options) {
  try {
    return await fetch(address(path), { method, cache: 'no-store', ...options });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'The mock does not answer. Is it still running?');
  }
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  return new ApiError(response.status, body?.error ?? `The mock answered with status ${response.status}.`);
}

/** The response of a call that succeeded; else throws ApiError. */
export async function request(method, path, options = {}) {
  for (;;) {
    const used = token();
    const headers = { ...options.headers, ...authorization() };
    const response = await send(method, path, { ...options, headers });
    if (response.ok) return response;
    if (response.status !== 401) throw await problem(response);
    await renewToken(used);
  }
}

export const get = async (path) => (await request('GET', path)).json();

async function change(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await request(method, path, body === undefined ? {} : { headers, body: JSON.stringify(body) });
  return response.json();
}
export const post = (path, body) => change('POST', path, body);
export const patch = (path, body) => change('PATCH', path, body);
export const remove = (path) => change('DELETE', path);

/** path('v1/deliveries', {webhook: id, state: ''}): empty parameters are left out. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  const text = String(query);
  return text ? `${path}?${text}` : path;
}

/** Every row of a list, page by page; at most `most`. */
export async function all(path, parameters = {}, most = 5000) {
  const items = [];
  let cursor = null;
  do {
    const page = await get(withQuery(path, { ...parameters, limit: 1000, cursor }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < most);
  return items;
}
