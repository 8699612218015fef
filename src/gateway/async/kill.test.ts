import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshFolder } from './testing/example.js';
import { type Delivery, FunctionServer, sha256 } from './testing/function-server.js';
import { GatewayChild } from './testing/gateway-child.js';

const idOf = ({ headers }: Delivery): string => String(headers['x-call-id']);

describe('a gateway that is killed', () => {
  it('loses no accepted call, at whatever moment it is killed', { timeout: 180_000 }, async () => {
    const folder = freshFolder();
    // A crash now and then, at the function and at the callback address, but none fails whenever it is tried.
    let failing = 0;
    const failed = new Set<string>();
    const fails = (delivery: Delivery): boolean => {
      const what = `${delivery.path} ${idOf(delivery)}`;
      return failing++ % 11 === 0 && failed.size < failed.add(what).size;
    };
    const server = await new FunctionServer((delivery) =>
      fails(delivery) ? { status: 503 } : { body: delivery.path === '/told' ? '' : sha256(delivery.body) },
    ).open();
    onTestFinished(() => server.close());
    const accepted = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const child = new GatewayChild(folder, server.url, 120, `${round}-`);
      // Another moment each time: not yet open, some accepted, some under way, some told.
      const moment = server.deliveries.length + 5 + 29 * round;
      void server.came(moment).then(() => child.kill());
      for (let line = await child.line(); line !== undefined; line = await child.line())
        if (line !== 'open' && !line.startsWith('{')) accepted.add(line);
      await child.ended();
    }
    const last = new GatewayChild(folder, server.url, 0, 'last-');
    expect(await last.line()).toBe('open');
    const stats = JSON.parse((await last.line()) ?? '') as Record<string, number>;
    expect(await last.ended()).toEqual({ code: 0, stderr: '' });
    expect(stats).toMatchObject({ pending: 0, bytes: 0, failed: 0, undelivered: 0 });

    const done = server.deliveries.filter(({ path }) => path.startsWith('/fn/'));
    const told = server.deliveries.filter(({ path }) => path === '/told');
    expect(accepted.size).toBeGreaterThan(100);
    expect([...accepted].filter((id) => !done.some((delivery) => idOf(delivery) === id))).toEqual([]);
    expect([...accepted].filter((id) => !told.some((delivery) => idOf(delivery) === id))).toEqual([]);
    for (const { body, headers } of done) expect(sha256(body)).toBe(headers['x-sha']);
    // What a callback address hears is what the function answered.
    const sums = new Map(done.map((delivery) => [idOf(delivery), delivery.headers['x-sha']]));
    for (const delivery of told) expect(String(delivery.body)).toBe(sums.get(idOf(delivery)));
    const attempts = new Map<string, number>();
    for (const delivery of done) {
      const attempt = Number(delivery.headers['x-attempt']);
      expect(attempt).toBeGreaterThan(attempts.get(idOf(delivery)) ?? 0);
      attempts.set(idOf(delivery), attempt);
    }
    expect(readdirSync(join(folder, 'bodies'))).toEqual([]);
  });
});
