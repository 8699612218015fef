import { describe, expect, it } from 'vitest';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { hardwareEvents } from './events.js';

const DEVICES = 'sys/bus/event_source/devices';
const batches = (tree: Tree) =>
  hardwareEvents(fixtureHost(tree)).map((batch) =>
    batch.map(({ metric, type, config, cpus }) => [metric, type, config, ...(cpus ? [cpus] : [])]),
  );

describe('hardwareEvents', () => {
  it("takes Intel's generic cache miss, which is one of the last level", () => {
    const tree = {
      'proc/cpuinfo': 'vendor_id\t: GenuineIntel\n',
      [`${DEVICES}/cpu/type`]: '4\n',
    };
    expect(batches(tree)).toEqual([
      [
        ['cycles', 0, 0n],
        ['instructions', 0, 1n],
        ['llcMisses', 0, 3n],
      ],
    ]);
  });

  it.each(['vendor_id\t: AuthenticAMD\n', 'CPU implementer\t: 0x41\n'])(
    'asks for the last level by name on %j, whose generic miss is of a nearer one',
    (cpuinfo) => {
      expect(batches({ 'proc/cpuinfo': cpuinfo })[0]?.[2]).toEqual(['llcMisses', 3, 0x1_0002n]);
    },
  );

  it('counts each kind of core of an Alder Lake by its own PMU', () => {
    const tree = {
      'proc/cpuinfo': 'vendor_id\t: GenuineIntel\n',
      [`${DEVICES}/cpu_core/type`]: '4\n',
      [`${DEVICES}/cpu_core/cpus`]: '0-1\n',
      [`${DEVICES}/cpu_atom/type`]: '10\n',
      [`${DEVICES}/cpu_atom/cpus`]: '2-3\n',
      [`${DEVICES}/uncore_imc_0/type`]: '22\n',
      [`${DEVICES}/uncore_imc_0/cpumask`]: '0\n',
    };
    expect(batches(tree).map((batch) => batch[1])).toEqual([
      ['instructions', 0, (10n << 32n) | 1n, [2, 3]],
      ['instructions', 0, (4n << 32n) | 1n, [0, 1]],
    ]);
  });

  it('needs no PMU by name on an ARM server, whose cores are of one kind', () => {
    const tree = {
      'proc/cpuinfo': 'CPU implementer\t: 0x41\n',
      [`${DEVICES}/armv8_pmuv3_0/type`]: '8\n',
      [`${DEVICES}/armv8_pmuv3_0/cpus`]: '0-63\n',
    };
    expect(batches(tree)).toHaveLength(1);
    expect(batches(tree)[0]?.[0]).toEqual(['cycles', 0, 0n]);
  });
});
