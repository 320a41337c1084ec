/** The renderer's test build in a headless Chromium, for tests of the window without Electron. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import type { FakeWorld } from '../../src-renderer/testing/fake-world.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

/** Runs in the page, on the world behind the fake bridge. */
export function world<T>(page: Page, act: (world: FakeWorld) => T): Promise<T> {
  return page.evaluate(`(${act.toString()})(window.fakeWorld)`);
}

/** A Chromium on this machine; undefined when there is none. `CHROMIUM` names another. */
export function findChromium(): string | undefined {
  return [process.env['CHROMIUM'], ...CANDIDATES].find((path) => path !== undefined && existsSync(path));
}

async function serve(directory: string): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(directory, normalize(pathname === '/' ? '/index.html' : pathname));
    void readFile(file).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return { server, address: `http://127.0.0.1:${place.port}` };
}

export interface OpenPage {
  readonly page: Page;
  /** Errors of the page and its console, and requests that went elsewhere. Empty when all is well. */
  readonly faults: string[];
}

export class RendererPages {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly address: string,
    private readonly directory: string,
  ) {}

  /** Builds the renderer with its fake bridge and starts a browser. */
  static async start(executablePath: string): Promise<RendererPages> {
    const directory = await mkdtemp(join(tmpdir(), 'bulkhead-renderer-'));
    const root = join(ROOT, 'src-renderer');
    await build({ root, mode: 'test', logLevel: 'error', build: { outDir: directory, emptyOutDir: true } });
    const { server, address } = await serve(directory);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    return new RendererPages(browser, server, address, directory);
  }

  /** A fresh window, e.g. `open('scenario=main&page=send')`. */
  async open(query: string, viewport = { width: 1200, height: 800 }): Promise<OpenPage> {
    const context = await this.browser.newContext({ viewport, reducedMotion: 'reduce', locale: 'en-GB' });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(`page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.address) && !url.startsWith('data:')) faults.push(`request: ${url}`);
    });
    page.setDefaultTimeout(15_000);
    await page.goto(`${this.address}/?fake&${query}`);
    await page.getByTestId('bulkhead-bar').or(page.getByTestId('first-run')).waitFor();
    return { page, faults };
  }

  /** Opens a fresh window for as long as `act` takes; nothing may go wrong in it. */
  async using(query: string, act: (page: Page) => Promise<void>, viewport?: { width: number; height: number }): Promise<void> {
    const { page, faults } = await this.open(query, viewport);
    await act(page);
    assert.deepEqual(faults, [], query);
    await page.context().close();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.directory, { recursive: true, force: true });
  }
}
