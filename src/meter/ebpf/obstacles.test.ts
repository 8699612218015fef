import { describe, expect, it } from 'vitest';
import type { Host } from '../../base/index.js';
import { Ebpf } from '../sources/ebpf.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { obstacle } from './obstacles.js';

const TYPES = { 'sys/kernel/btf/vmlinux': '', 'sys/devices/system/cpu/possible': '0-1\n' };
const CAPABLE = { 'proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n' };

/** A fixture that passes for this machine's own trees. */
const live = (tree: Tree): Host => ({ ...fixtureHost(tree), live: true });

describe('what stands in the way of kernel programs', () => {
  it.each([
    [
      'another tree than this machine',
      fixtureHost({ ...TYPES, ...CAPABLE }),
      /not this machine's own/,
      /--procfs/,
    ],
    ['a kernel without types', live(CAPABLE), /vmlinux is missing/, /CONFIG_DEBUG_INFO_BTF/],
    [
      'no capabilities',
      live({ ...TYPES, 'proc/self/status': 'Name:\tnode\nCapEff:\t0000000000000000\n' }),
      /need root/,
      /setcap cap_bpf/,
    ],
    [
      'one capability of two',
      live({ ...TYPES, 'proc/self/status': `CapEff:\t${(1n << 39n).toString(16)}\n` }),
      /CAP_PERFMON/,
      /root/,
    ],
    [
      'a kernel that is locked down',
      live({ ...TYPES, ...CAPABLE, 'sys/kernel/security/lockdown': 'none integrity [confidentiality]\n' }),
      /locked down/,
      /lockdown=/,
    ],
    [
      'a process namespace',
      live({ ...TYPES, ...CAPABLE, 'proc/self/ns/pid': { link: 'pid:[4026532281]' } }),
      /own process namespace/,
      /--pid=host/,
    ],
  ])('%s is told, with what would mend it', async (_, host, reason, remedy) => {
    const answer = await new Ebpf(host).probe();
    if (answer.usable) throw new Error('it should not be usable');
    expect(answer.reason).toMatch(reason);
    expect(answer.remedy).toMatch(remedy);
    await expect(new Ebpf(host).open()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('is not the milder lockdown, nor CAP_SYS_ADMIN instead of the newer capabilities', () => {
    const host = live({
      ...TYPES,
      'proc/self/status': `CapEff:\t${(1n << 21n).toString(16)}\n`,
      'sys/kernel/security/lockdown': 'none [integrity] confidentiality\n',
      'proc/self/ns/pid': { link: 'pid:[4026531836]' },
    });
    const found = obstacle(host);
    // Only libbpf itself may still be missing here.
    expect(found === undefined || (!found.usable && found.reason.includes('libbpf'))).toBe(true);
  });
});
