import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { freshFolder } from './wattloop.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser of this machine, or undefined. */
export const CHROMIUM = NAMES.find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

const isDuplex = (stream: unknown): stream is Duplex =>
  typeof stream === 'object' && stream !== null && 'on' in stream;

const urlOf = (params: Record<string, unknown> | undefined): string =>
  String((params?.request as { readonly url?: string } | undefined)?.url);

/** A page in a real browser without a screen, driven by the DevTools protocol over a pipe. */
export class Page {
  /** What the page asked the network for, and what the browser complained about. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #browser: ChildProcess;
  readonly #pipe: Duplex;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #session: string | undefined;
  #next = 1;

  private constructor(program: string) {
    const args = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-extensions',
      '--remote-debugging-pipe',
    ];
    const profile = `--user-data-dir=${freshFolder()}`;
    this.#browser = spawn(program, [...args, profile, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const [, , , commands, answers] = this.#browser.stdio;
    if (!isDuplex(commands) || !isDuplex(answers)) throw new Error('the browser has no pipes');
    this.#pipe = commands;
    let rest = Buffer.alloc(0);
    answers.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.#take(JSON.parse(rest.subarray(0, end).toString('utf8')));
        rest = rest.subarray(end + 1);
      }
    });
  }

  static async open(program: string): Promise<Page> {
    const page = new Page(program);
    const { targetInfos } = await page.send('Target.getTargets');
    const targets = targetInfos as readonly { readonly targetId: string; readonly type: string }[];
    const targetId = targets.find(({ type }) => type === 'page')?.targetId;
    const attached = await page.send('Target.attachToTarget', { targetId, flatten: true });
    page.#session = String(attached.sessionId);
    for (const domain of ['Page', 'Network', 'Log', 'Runtime', 'Accessibility'])
      await page.send(`${domain}.enable`);
    return page;
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    const message = { id, method, params, ...(this.#session && { sessionId: this.#session }) };
    this.#pipe.write(`${JSON.stringify(message)}\0`);
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Shows a document as a browser of this width, and settles when it is loaded. */
  async show(url: string, width: number, scheme: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.send('Emulation.setEmulatedMedia', { features });
    const loaded = new Promise<void>((resolve) => this.#events.set('Page.loadEventFired', resolve));
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression in the page. */
  async value(expression: string): Promise<unknown> {
    const { result } = await this.send('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { readonly value?: unknown }).value;
  }

  async close(): Promise<void> {
    const ended = once(this.#browser, 'exit');
    this.#session = undefined;
    await this.send('Browser.close').catch(() => this.#browser.kill());
    await ended;
  }

  #take({ id, method, params, result, error }: Message): void {
    if (id !== undefined) this.#waiting.get(id)?.({ id, result, error });
    if (method === 'Network.requestWillBeSent') this.requests.push(urlOf(params));
    if (method === 'Log.entryAdded' || method === 'Runtime.exceptionThrown')
      this.complaints.push(JSON.stringify(params));
    if (method !== undefined) this.#events.get(method)?.();
  }
}
