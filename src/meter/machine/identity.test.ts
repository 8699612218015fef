import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { SYSTEMD_V2 } from '../testing/cgroups.js';
import { EPYC_VM, XEON_TWO_SOCKETS } from '../testing/machines.js';
import { fixtureHost } from '../testing/tree.js';
import { readMachineIdentity } from './identity.js';

describe('a machine', () => {
  it('tells all that measuring depends on', () => {
    expect(readMachineIdentity(fixtureHost({ ...SYSTEMD_V2, ...XEON_TWO_SOCKETS }))).toMatchObject({
      cpu: { vendor: 'GenuineIntel', sockets: 2 },
      virtualization: { hypervisor: 'none', container: 'none' },
      cgroup: 'v2',
      kernel: {
        release: '6.1.0-18-amd64',
        hasBtf: true,
        perfEventParanoid: -1,
        unprivilegedBpfDisabled: 2,
        lockdown: 'integrity',
        hasPowercap: true,
        hasTracefs: true,
      },
    });
  });

  it('leaves out what its kernel does not tell', () => {
    expect(readMachineIdentity(fixtureHost(EPYC_VM))).toMatchObject({
      cgroup: undefined,
      kernel: {
        release: '',
        hasBtf: false,
        perfEventParanoid: undefined,
        unprivilegedBpfDisabled: undefined,
        lockdown: undefined,
        hasPowercap: false,
        hasTracefs: false,
      },
    });
  });

  it('is told for this machine', () => {
    const { kernel } = readMachineIdentity(createHost({ log: silentLogger }));
    expect(kernel.release).toBe(release());
    expect(kernel.perfEventParanoid).toBe(
      Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8')),
    );
  });
});
