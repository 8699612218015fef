import { describe, expect, it } from 'vitest';
import { AccountMachine } from './testing/account-machine.js';

describe('the live account', () => {
  it('gives functions their energy, window by window, and keeps every joule', async () => {
    const machine = new AccountMachine();
    machine.rapl.idle = 10;
    const account = await machine.open();
    account.replicaStarted(machine.replica('a1', 'a'));
    account.replicaStarted(machine.replica('b1', 'b'));
    await machine.pass(1);
    const start = machine.clock.wall();
    for (let second = 0; second < 10; second++) {
      const at = machine.clock.wall();
      const key = machine.key();
      account.began(key, 'a', at);
      machine.work('a1', 0.5);
      if (second % 2 === 0) {
        const other = machine.key();
        account.began(other, 'b', at);
        machine.work('b1', 0.25);
        account.ended(other, machine.call('b', at, at + 0.5, { cpuSeconds: 0.25 }));
      }
      machine.work('gateway', 0.05);
      account.ended(key, machine.call('a', at, at + 0.75, { cpuSeconds: 0.5 }));
      await machine.pass(1);
    }
    await machine.pass(1);
    const footprints = await account.footprints({ from: start, to: start + 10 });
    expect(footprints).toMatchObject({ from: start, to: start + 10 });
    const { shares, functions } = footprints;
    // 10 s of 10 W idle, and 20 J for each of 10 · 0.55 + 5 · 0.25 CPU seconds.
    expect(shares.measuredJoules).toBeCloseTo(100 + 20 * 6.75, 9);
    expect(
      shares.individualJoules + shares.controlPlaneJoules + shares.idleJoules + shares.unattributedJoules,
    ).toBeCloseTo(shares.measuredJoules, 9);
    const [a, b] = functions;
    expect(a).toMatchObject({ function: 'a', calls: 10 });
    expect(b).toMatchObject({ function: 'b', calls: 5 });
    expect(a?.meanSeconds).toBeCloseTo(0.75, 5);
    const { calls } = await account.calls({ limit: 100 });
    expect(calls).toHaveLength(15);
    const given = calls.reduce((sum, { energy }) => sum + (energy?.joules ?? Number.NaN), 0);
    expect(given).toBeCloseTo(shares.individualJoules, 6);
    expect(account.tick?.rate).toMatchObject({ source: 'rapl', provenance: 'measured' });
    await account.close();
  });
});
