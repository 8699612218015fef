import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../base/index.js';
import { readTrace } from '../trace/read-trace.js';
import { writeTrace } from '../trace/write-trace.js';
import { GatewayApi } from './gateway-api.js';
import { GatewayRecording } from './record/recording.js';
import { runLoad } from './run-load.js';
import { constant, plan, target } from './testing/test-plan.js';
import { answering, testServer } from './testing/test-server.js';
import { withFootprints } from './with-footprints.js';

const FOOTPRINTS = {
  from: 100,
  to: 160,
  functions: {
    echo: { invocations: 4, individual_joules: 6, total_joules: 10, operational_grams: 0.1 },
    other: { invocations: 9, individual_joules: 6, total_joules: 99, operational_grams: null },
  },
};
const TRACE = {
  start: 100,
  power: [
    [1, 50.5, 20],
    [2, null, 21],
  ],
  usage: [
    [1, 'fn:echo', 0.5],
    [1, 'control-plane', 0.1],
  ],
  invocations: [
    ['echo', 0.5, 0.75, 1],
    ['echo', 1.5, null, 0],
  ],
  description: { cores: 4, idle_w: 40 },
};

/** A gateway that answers everything under /wattloop/v1 with one document. */
const gateway = (document: unknown, asked: string[] = []): Promise<string> =>
  testServer(
    answering((request, response) => {
      asked.push(`${request.headers.authorization ?? ''} ${request.url}`);
      response.end(request.url?.includes('/wattloop/v1/') ? JSON.stringify(document) : 'ok');
    }),
  );

describe("a Wattloop gateway's account of a load", () => {
  it('stands beside the figures of the functions that were called', async () => {
    const asked: string[] = [];
    const url = await gateway(FOOTPRINTS, asked);
    const footprints = await new GatewayApi(new URL(`${url}/base/`)).footprints(100, 160);
    expect(asked).toEqual([' /base/wattloop/v1/footprints?from=100&to=160']);
    const own = await runLoad(plan([target(url, constant(20))]), { clock: systemClock, cpuSeconds: () => 0 });
    expect(footprints).toBeDefined();
    if (footprints === undefined) return;
    const { total, functions } = withFootprints(own, footprints);
    const expected = {
      calls: 4,
      individualJoules: 6,
      totalJoules: 10,
      joulesPerCall: 2.5,
      operationalGrams: 0.1,
    };
    expect(total.footprint).toEqual(expected);
    expect(functions[0]?.footprint).toEqual(expected);
  });

  it('is asked with the name and password of the address', async () => {
    const asked: string[] = [];
    const url = new URL(await gateway(FOOTPRINTS, asked));
    url.username = 'admin';
    url.password = 'p:w';
    await new GatewayApi(url).footprints(1, 2);
    expect(asked[0]).toMatch(/^Basic YWRtaW46cDp3 /);
  });

  it('becomes a trace directory', async () => {
    const api = new GatewayApi(new URL(await gateway(TRACE)));
    const result = await runLoad(plan([target(await gateway({}), constant(20))]), {
      clock: systemClock,
      cpuSeconds: () => 0,
    });
    const folder = join(mkdtempSync(join(tmpdir(), 'load-record-')), 'trace');
    await writeTrace(folder, await new GatewayRecording(api).finish(result));
    const trace = await readTrace(folder);
    expect([...trace.power.systemWatts]).toEqual([50.5, Number.NaN]);
    expect([...trace.power.cpuWatts]).toEqual([20, 21]);
    expect(trace.invocations).toEqual({
      functions: ['echo'],
      functionIndex: Uint32Array.of(0, 0),
      start: Float64Array.of(0.5, 1.5),
      end: Float64Array.of(0.75, Number.POSITIVE_INFINITY),
      cold: Uint8Array.of(1, 0),
    });
    expect(trace.usage?.principals).toEqual(['fn:echo', 'control-plane']);
    expect([...(trace.usage?.cpuSeconds ?? [])]).toEqual([0.5, 0.1]);
    expect(trace.description).toEqual({ cores: 4, idleWatts: 40 });
  });
});

describe('a server that is none', () => {
  it.each([
    ['has no such path', answering((_, response) => void response.writeHead(404).end())],
    ['answers something else', answering((_, response) => void response.end('<html>'))],
    ['answers other JSON', answering((_, response) => void response.end('{"functions": 3}'))],
  ])('%s', async (_, listener) => {
    const api = new GatewayApi(new URL(await testServer(listener)));
    expect(await api.footprints(1, 2)).toBeUndefined();
    expect(await api.trace(1, 2)).toBeUndefined();
  });

  it('says what is wrong when it refuses or is gone', async () => {
    const refusing = await testServer(answering((_, response) => void response.writeHead(401).end()));
    await expect(new GatewayApi(new URL(refusing)).footprints(1, 2)).rejects.toThrow(/answered 401/);
    await expect(new GatewayApi(new URL('http://127.0.0.1:1')).footprints(1, 2)).rejects.toThrow(
      /could not ask/,
    );
  });
});
