import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHost, createLogger, silentLogger } from '../../base/index.js';
import { settingsSchema } from '../../model/index.js';
import { IDENTITY, SerialLine, SimulatedMeter } from '../testing/scpi-meter.js';
import { fixtureHost } from '../testing/tree.js';
import { scpi } from './scpi.js';

const QUERY = ':NUMeric:NORMal:VALue? 1';
const missing = ['socat', 'stty'].filter((program) => spawnSync('which', [program]).status !== 0);

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const parse = (meters: readonly object[]) => settingsSchema.parse({ sources: { scpi: meters } }).sources.scpi;

async function meterAt(end?: string): Promise<{ meter: SimulatedMeter; address: string; port: number }> {
  const meter = new SimulatedMeter(end);
  const port = await meter.start();
  closers.push(() => meter.stop());
  return { meter, address: `tcp://127.0.0.1:${port}`, port };
}

function source(meters: readonly object[]) {
  const lines: string[] = [];
  const env = { PATH: process.env.PATH };
  const host = fixtureHost({}, { env, log: createLogger('warn', (line) => lines.push(line)) });
  const made = scpi(host, parse(meters));
  closers.push(() => made.close());
  const watts = async () =>
    Object.fromEntries(
      (await made.read()).map((r) => [`${r.device} ${r.domain}`, r.kind === 'power' ? r.watts : Number.NaN]),
    );
  /** The figures of the next poll. */
  const next = (seconds = 0.5) => {
    host.clock.advance(seconds);
    return watts();
  };
  return { host, source: made, watts, next, lines };
}

describe('scpi over TCP', () => {
  it('says which settings it needs', async () => {
    const { source: made } = source([]);
    expect(await made.probe()).toMatchObject({ usable: false, remedy: /sources\.scpi/ });
    await expect(made.open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('refuses two meters of one name or one address', () => {
    const address = 'tcp://meter:23';
    expect(() =>
      parse([
        { name: 'a', address },
        { name: 'a', address: 'tcp://other:23' },
      ]),
    ).toThrow(/names/);
    expect(() =>
      parse([
        { name: 'a', address },
        { name: 'b', address },
      ]),
    ).toThrow(/addresses/);
  });

  it('says what the meter is and what it reads, and lets go of it', async () => {
    const { meter, address } = await meterAt();
    expect(await source([{ name: 'rack', address }]).source.probe()).toEqual({
      usable: true,
      domains: ['system'],
      note: `rack (${IDENTITY}): 100 W`,
    });
    expect(meter.connections).toBe(1);
  });

  it('follows the meter over one connection', async () => {
    const { meter, address } = await meterAt();
    const { source: made, next } = source([{ name: 'rack', address }]);
    await made.open();
    meter.watts = 231.5;
    expect(await next()).toEqual({ 'rack system': 231.5 });
    meter.watts = 0;
    expect(await next()).toEqual({ 'rack system': 0 });
    expect(meter.connections).toBe(1);
    expect(meter.heard.slice(0, 2)).toEqual([':NUMeric:NORMal:ITEM1 P', '*IDN?']);
  });

  it('sends the commands and takes the value that the settings say', async () => {
    const { meter, address } = await meterAt('\r\n');
    meter.answer = (command) => (command === 'MEAS?' ? '230.1,0.43,98200\r\n' : meter.rightAnswer(command));
    const { source: made, watts } = source([
      {
        ...{ name: 'rack', address, terminator: 'crlf', init: ['CONF POW', 'RATE 5'] },
        ...{ query: 'MEAS?', value_index: 2, scale: 0.001 },
      },
    ]);
    await made.open();
    expect(await watts()).toEqual({ 'rack system': 98.2 });
    expect(meter.heard).toEqual(['CONF POW', 'RATE 5', '*IDN?', 'MEAS?']);
  });

  it('puts answers together that come in pieces', async () => {
    const { meter, address } = await meterAt();
    const { source: made, host, watts } = source([{ name: 'rack', address }]);
    await made.open();
    await watts();
    meter.answer = () => '12';
    const heard = meter.hears(QUERY);
    host.clock.advance(0.5);
    const reading = watts();
    await heard;
    meter.say('3.');
    meter.say('5\n');
    expect(await reading).toEqual({ 'rack system': 123.5 });
  });

  it.each(['9.91E+37\n', 'INF\n', '----\n', '\n', '-3\n', 'ERROR\n', '\xff\xfe\n'])(
    'leaves out %j, says so once, and goes on',
    async (nonsense) => {
      const { meter, address } = await meterAt();
      const { source: made, watts, next, lines } = source([{ name: 'rack', address }]);
      await made.open();
      await watts();
      meter.answer = () => nonsense;
      expect(await next()).toEqual({});
      expect(await next()).toEqual({});
      expect(lines).toEqual([expect.stringContaining('nonsense left out meter=rack')]);
      meter.answer = undefined;
      expect(await next()).toEqual({ 'rack system': 100 });
      expect(meter.connections).toBe(1);
    },
  );

  it('does not take an answer that comes too late for the next one', async () => {
    const { meter, address } = await meterAt();
    const { source: made, host, watts, next } = source([{ name: 'rack', address, interval_seconds: 3 }]);
    await made.open();
    await watts();
    meter.answer = () => undefined;
    const heard = meter.hears(QUERY);
    const failed = next(3);
    await heard;
    host.clock.advance(2);
    await expect(failed).rejects.toMatchObject({ code: 'instrument_failed', message: /rack.*within 2 s/ });
    meter.say('111\n');
    meter.answer = undefined;
    expect(await next(3)).toEqual({ 'rack system': 100 });
  });

  it('falls in step again after a line that nobody asked for', async () => {
    const { meter, address } = await meterAt();
    const { source: made, watts, next } = source([{ name: 'rack', address }]);
    await made.open();
    await watts();
    // Two answers for one question: the second is not taken for the next.
    meter.answer = (command) => (command === '*IDN?' ? meter.rightAnswer(command) : '200\n666\n');
    expect(await next()).toEqual({ 'rack system': 200 });
    meter.answer = undefined;
    const before = meter.heard.length;
    expect(await next()).toEqual({ 'rack system': 100 });
    expect(meter.heard.slice(before)).toEqual(['*IDN?', QUERY]);
  });

  it('does not take an echo for an answer', async () => {
    const { meter, address } = await meterAt();
    meter.answer = (command) => `${command}\n${meter.rightAnswer(command) ?? ''}`;
    const { source: made, watts } = source([{ name: 'rack', address }]);
    await made.open();
    expect(await watts()).toEqual({ 'rack system': 100 });
  });

  it('comes back to a meter that died, with longer and longer pauses', async () => {
    const { meter, address, port } = await meterAt();
    const { source: made, watts, next, lines } = source([{ name: 'rack', address }]);
    await made.open();
    await watts();
    await meter.stop();
    for (const seconds of [0.5, 1, 2, 4]) {
      await expect(next(seconds)).rejects.toMatchObject({ code: 'instrument_failed' });
    }
    // The pause is 8 s now: before it is over, a meter that is there again is not asked.
    await meter.start(port);
    await expect(next(7)).rejects.toMatchObject({ message: /ECONNREFUSED/ });
    expect(await next(1)).toEqual({ 'rack system': 100 });
    expect(lines).toHaveLength(1);
  });

  it('reads the others beside a dead meter and beside one that hangs', async () => {
    const [good, dead, hung] = [await meterAt(), await meterAt(), await meterAt()];
    await dead.meter.stop();
    const lines: string[] = [];
    const host = createHost({ log: createLogger('warn', (line) => lines.push(line)) });
    // As good as no limit: who waits for the hanging meter waits for ever.
    const pace = { interval_seconds: 0.05, timeout_seconds: 600 };
    const made = scpi(
      host,
      parse([
        { name: 'good', address: good.address, ...pace },
        { name: 'dead', address: dead.address, ...pace },
        { name: 'hung', address: hung.address, ...pace },
      ]),
    );
    closers.push(() => made.close());
    await made.open();
    expect(lines.join()).toMatch(/dead.*ECONNREFUSED/);
    hung.meter.answer = () => undefined;
    const heard = hung.meter.hears(QUERY);
    await host.clock.sleep(made.interval);
    const devices = (await made.read()).map(({ device }) => device);
    await heard;
    while (devices.length < 5) {
      await host.clock.sleep(made.interval);
      devices.push(...(await made.read()).map(({ device }) => device));
    }
    expect(new Set(devices.slice(-3))).toEqual(new Set(['good']));
  });

  it('does not open when no meter answers, and says what to check', async () => {
    const { meter, address } = await meterAt();
    await meter.stop();
    const { source: made } = source([{ name: 'rack', address }]);
    expect(await made.probe()).toMatchObject({ usable: false, reason: /ECONNREFUSED/, remedy: /port/ });
    await expect(made.open()).rejects.toMatchObject({ message: /rack/, remedy: /port/ });
  });

  it('lets go while a meter hangs', async () => {
    const { meter, address } = await meterAt();
    const { source: made, watts, host } = source([{ name: 'rack', address }]);
    await made.open();
    await watts();
    meter.answer = () => undefined;
    const heard = meter.hears(QUERY);
    host.clock.advance(0.5);
    const reading = made.read().catch(() => 'failed');
    await heard;
    await made.close();
    await made.close();
    expect(await reading).toBe('failed');
  });

  it('asks each meter at its own pace', async () => {
    const [fast, slow] = [await meterAt(), await meterAt()];
    const {
      source: made,
      watts,
      next,
    } = source([
      { name: 'fast', address: fast.address },
      { name: 'slow', address: slow.address, interval_seconds: 2 },
    ]);
    expect(made.interval).toBe(0.5);
    await made.open();
    await watts();
    const seen: string[] = [];
    for (let step = 0; step < 8; step++) seen.push(Object.keys(await next()).join());
    expect(seen.filter((names) => names.includes('fast'))).toHaveLength(8);
    expect(seen.filter((names) => names.includes('slow'))).toHaveLength(2);
  });
});

describe.skipIf(missing.length > 0)(
  `scpi over a serial line (needs ${missing.join(', ') || 'nothing more'})`,
  () => {
    async function serial(end?: string) {
      const { meter, port } = await meterAt(end);
      const line = new SerialLine(port);
      await line.plugIn();
      closers.push(() => line.unplug());
      return { meter, line, address: `serial:${line.path}` };
    }

    it('makes the line raw and follows the meter', async () => {
      const { meter, address, line } = await serial();
      const { source: made, watts, next } = source([{ name: 'rack', address, baud: 115_200 }]);
      await made.open();
      expect(await watts()).toEqual({ 'rack system': 100 });
      meter.watts = 77;
      expect(await next()).toEqual({ 'rack system': 77 });
      const modes = spawnSync('stty', ['-F', line.path, '-a'], { encoding: 'utf8' }).stdout;
      expect(modes).toMatch(/speed 115200/);
      for (const mode of ['-icanon', '-echo', '-icrnl', '-opost', 'clocal', '-hupcl'])
        expect(modes.split(/[\s;]+/)).toContain(mode);
      await made.close();
    });

    it('speaks to a meter that ends its lines by CR alone', async () => {
      const { meter, address } = await serial('\r');
      meter.watts = 55;
      const { source: made, watts } = source([{ name: 'rack', address, terminator: 'cr' }]);
      await made.open();
      expect(await watts()).toEqual({ 'rack system': 55 });
    });

    it('does not take an answer that waits in the line for the next one', async () => {
      const { meter, address } = await serial();
      const { source: made, host, watts, next } = source([{ name: 'rack', address, interval_seconds: 3 }]);
      await made.open();
      await watts();
      meter.answer = () => undefined;
      const heard = meter.hears(QUERY);
      host.clock.advance(3);
      const failed = made.read();
      await heard;
      host.clock.advance(2);
      await expect(failed).rejects.toMatchObject({ message: /rack/ });
      meter.say('111\n');
      meter.answer = undefined;
      meter.watts = 222;
      expect(await next(3)).toEqual({ 'rack system': 222 });
    });

    it('reads a meter that can not identify itself', async () => {
      const { meter, address } = await serial();
      meter.answer = (command) => (command === '*IDN?' ? undefined : meter.rightAnswer(command));
      const host = createHost({ log: silentLogger });
      const made = scpi(host, parse([{ name: 'rack', address, identify: false }]));
      closers.push(() => made.close());
      expect(await made.probe()).toMatchObject({ usable: true, note: `rack (${address}): 100 W` });
      expect(meter.heard).not.toContain('*IDN?');
    });

    it('comes back to a line that was unplugged', async () => {
      const { meter, line, address } = await serial();
      const { source: made, watts, host } = source([{ name: 'rack', address }]);
      await made.open();
      await watts();
      await line.unplug();
      host.clock.advance(0.5);
      await vi.waitFor(() => expect(made.read()).rejects.toMatchObject({ message: /rack/ }));
      await expect(made.probe()).resolves.toMatchObject({ usable: false, reason: /no such device/ });
      await line.plugIn();
      meter.watts = 42;
      host.clock.advance(60);
      expect(await watts()).toEqual({ 'rack system': 42 });
    });

    it('says that a device is not there, or is no serial line', async () => {
      const file = join(mkdtempSync(join(tmpdir(), 'wattloop-serial-')), 'file');
      writeFileSync(file, '');
      const probe = (path: string) => source([{ name: 'rack', address: `serial:${path}` }]).source.probe();
      expect(await probe('/dev/wattloop-nonesuch')).toMatchObject({
        usable: false,
        reason: /no such device/,
        remedy: /by-id/,
      });
      expect(await probe(file)).toMatchObject({ usable: false, reason: /not a serial line/ });
    });
  },
);
