// What the tests of the page work with: the real mock, the real sample consumer, and Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const programs = process.env.PROGRAMS;
const require = createRequire(join(process.env.PACKAGES, 'package.json'));
const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;

const startWithin = 20_000;

/** Resolves with the content of a ready file, or fails with what the program said. */
async function ready(child, file) {
  for (const end = Date.now() + startWithin; Date.now() < end; await pause(20)) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.trim()) return text.trim();
    if (child.exitCode !== null) throw new Error(`it ended at its start: ${child.said}`);
  }
  throw new Error(`it is not ready after ${startWithin / 1000} s: ${child.said}`);
}

function run(program, args) {
  const child = spawn(join(programs, program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (child.said = (child.said + text).slice(-4000)));
  return child;
}

async function end(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** The sample consumer, which can be broken and mended: it keeps its port, certificate and URL. */
export class Consumer {
  constructor(folder) {
    this.folder = folder;
    this.ca = join(folder, 'tls', 'ca.pem');
    this.port = 0;
  }

  async start() {
    const file = join(this.folder, 'consumer.url');
    await rm(file, { force: true });
    const secret = '/hook/0f1e2d3c4b5a69788796a5b4c3d2e1f0';
    const args = ['--listen', `127.0.0.1:${this.port}`, '--self-signed', join(this.folder, 'tls'), '--path', secret];
    this.child = run('sample-consumer', [...args, '--inbox', `sqlite:${join(this.folder, 'inbox.db')}`, '--ready-file', file]);
    this.url = await ready(this.child, file);
    this.port = Number(new URL(this.url).port);
  }

  stop() {
    return end(this.child, 'SIGKILL');
  }
}

export class Mock {
  constructor(folder, flags = []) {
    this.folder = folder;
    this.flags = flags;
    this.port = 0;
  }

  async start() {
    const file = join(this.folder, 'mock.url');
    await rm(file, { force: true });
    this.child = run('mock-prospero', ['serve', '--listen', `127.0.0.1:${this.port}`, '--ready-file', file, ...this.flags]);
    this.url = await ready(this.child, file);
    this.port = Number(new URL(this.url).port);
  }

  stop(signal) {
    return end(this.child, signal);
  }

  async call(method, path, body, headers = {}) {
    const options = { method, headers: { ...headers } };
    if (body !== undefined) Object.assign(options, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } });
    const response = await fetch(`${this.url}${path}`, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  get(path) {
    return this.call('GET', path);
  }

  post(path, body) {
    return this.call('POST', path, body ?? {});
  }

  /** An organization with one webhook: {org, hook}. */
  async register(url, events, name = 'Opera') {
    const { id: orgId } = await this.post('/v1/organizations', { name });
    const { id } = await this.post('/v1/webhooks', { orgId, url, events });
    return { org: orgId, hook: id };
  }
}

/** A folder that is gone at the end, and whatever `started` was given. */
export async function withStage(work) {
  const folder = await mkdtemp(join(tmpdir(), 'page-test-'));
  const started = [];
  try {
    return await work({ folder, started });
  } finally {
    for (const one of started.reverse()) await one.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A mock alone, started with these flags. */
export function withMock(flags, work) {
  return withStage(async ({ folder, started }) => {
    const mock = new Mock(folder, flags);
    started.push(mock);
    await mock.start();
    await work(mock);
  });
}

/** A consumer, and a mock on a virtual clock that trusts it. */
export function withMockAndConsumer(work, flags = []) {
  return withStage(async ({ folder, started }) => {
    const consumer = new Consumer(folder);
    started.push(consumer);
    await consumer.start();
    const mock = new Mock(folder, ['--clock', 'virtual', '--allow-local', '--ca', consumer.ca, ...flags]);
    started.push(mock);
    await mock.start();
    await work({ mock, consumer, folder, started });
  });
}

export const wide = { width: 1600, height: 1000 };
export const narrow = { width: 400, height: 860 };

let browser = null;

export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/** With PAGE_FILES=FOLDER the page is taken from there instead of the program: to try a change without a build. */
async function serveFromFolder(context, url) {
  const folder = process.env.PAGE_FILES;
  if (!folder) return;
  await context.route(`${url}/dashboard/*`, (route) => route.fulfill({ path: join(folder, new URL(route.request().url()).pathname.split('/').pop()) }));
  await context.route(`${url}/`, async (route) => route.fulfill({ response: await route.fetch(), body: await readFile(join(folder, 'index.html'), 'utf8') }));
}

/**
 * A page on which every error of the console, of a script, or of the security policy fails the test at its end. With
 * PAGE_TIMEOUT=MS a test that waits in vain fails sooner.
 */
export async function withPage(url, work, options = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ viewport: wide, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  context.setDefaultTimeout(Number(process.env.PAGE_TIMEOUT ?? 60_000));
  await serveFromFolder(context, url);
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const expected = options.expects?.some((one) => message.text().includes(one));
    if (message.type() === 'error' && !expected) problems.push(`console: ${message.text()}`);
  });
  page.problems = problems;
  try {
    await page.goto(`${url}/`);
    await work(page);
    if (problems.length) throw new Error(problems.join('\n'));
  } catch (error) {
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, 'failed.png') }).catch(() => null);
    throw error;
  } finally {
    await context.close();
  }
}

export const openView = (page, name) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name }).click();
