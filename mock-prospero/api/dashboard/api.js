// Calls of the mock's API. Addresses are relative to this file, so that they hold under a proxy's path prefix too, however
// the page itself was opened.
import { visible } from './foreign.js';
import { askForToken } from './token.js';

const tokenKey = 'mock-prospero-token';
const slowAfter = 4000;

export const token = () => sessionStorage.getItem(tokenKey) ?? '';

/** Status 0: the server was not reached. The message is for people. */
export class ApiError extends Error {
  constructor(status, message) {
    super(visible(message)); // it may repeat what was sent
    this.status = status;
  }

  /** Nobody is there at the moment, also behind a proxy: worth another try later. */
  get isOutage() {
    return [0, 502, 503, 504].includes(this.status);
  }
}

export const address = (path) => new URL(`../${path}`, import.meta.url);

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

let slowCalls = 0;
let slowChanged = () => {};

/** `changed(n)`: n calls have waited for long. A server that is frozen is seen by nothing else for a while. */
export const watchSlowCalls = (changed) => (slowChanged = changed);

/** Calls back what ends the watch. */
function watchCall() {
  let isSlow = false;
  const timer = setTimeout(() => {
    isSlow = true;
    slowChanged(++slowCalls);
  }, slowAfter);
  return () => {
    clearTimeout(timer);
    if (isSlow) slowChanged(--slowCalls);
  };
}

async function send(method, path, { isPatient, ...options }) {
  const end = isPatient ? () => {} : watchCall();
  try {
    return await fetch(address(path), { method, cache: 'no-store', ...options });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'The mock does not answer. Is it still running?');
  } finally {
    end();
  }
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  return new ApiError(response.status, body?.error ?? `The mock answered with status ${response.status}.`);
}

/** The response of a call that succeeded; else throws ApiError. `options.isPatient`: it may take its time. */
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

export const get = async (path, options) => (await request('GET', path, options)).json();
export const getText = async (path) => (await request('GET', path)).text();

async function change(method, path, body, options) {
  const headers = { 'Content-Type': 'application/json' };
  const response = await request(method, path, body === undefined ? options : { ...options, headers, body });
  return response.json();
}
const asText = (body) => (body === undefined ? undefined : JSON.stringify(body));
export const post = (path, body, options) => change('POST', path, asText(body), options);
export const patch = (path, body) => change('PATCH', path, asText(body));
export const remove = (path) => change('DELETE', path);
/** JSON that is sent as it is spelled. */
export const postText = (path, text) => change('POST', path, text);
export const patchText = (path, text) => change('PATCH', path, text);

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
