import { describe, expect, it } from 'vitest';
import { createHost, silentLogger } from '../../base/index.js';
import { containerId } from '../testing/cgroups.js';
import { EPYC_VM, GRAVITON2, JETSON_ORIN, RASPBERRY_PI_4, XEON_TWO_SOCKETS } from '../testing/machines.js';
import { fixtureHost, type Tree } from '../testing/tree.js';
import { readVirtualization } from './virtualization.js';

const VIRTUAL: Tree = {
  'proc/cpuinfo': 'processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu lm hypervisor\n',
};
const CLOCKS = 'sys/devices/system/clocksource/clocksource0/available_clocksource';
const dmi = (vendor: string, product: string): Tree => ({
  ...VIRTUAL,
  'sys/class/dmi/id/sys_vendor': `${vendor}\n`,
  'sys/class/dmi/id/product_name': `${product}\n`,
});
const read = (tree: Tree) => readVirtualization(fixtureHost(tree));

describe('virtualisation', () => {
  it.each([
    ['none', 'a server', XEON_TWO_SOCKETS],
    ['none', 'a board', RASPBERRY_PI_4],
    ['none', 'another board', JETSON_ORIN],
    ['qemu', 'QEMU', EPYC_VM],
    ['amazon', 'Graviton on EC2', GRAVITON2],
    ['none', 'bare metal of EC2', dmi('Amazon EC2', 'c5.metal')],
    ['vmware', 'VMware', dmi('VMware, Inc.', 'VMware Virtual Platform')],
    ['hyperv', 'Hyper-V and Azure', dmi('Microsoft Corporation', 'Virtual Machine')],
    [
      'none',
      'a laptop of Microsoft',
      { ...dmi('Microsoft Corporation', 'Surface Laptop 5'), 'proc/cpuinfo': 'flags\t: fpu\n' },
    ],
    ['virtualbox', 'VirtualBox', dmi('innotek GmbH', 'VirtualBox')],
    ['google', 'Google', dmi('Google', 'Google Compute Engine')],
    ['xen', 'Xen by DMI', dmi('Xen', 'HVM domU')],
    ['xen', 'Xen by its own file', { ...VIRTUAL, 'sys/hypervisor/type': 'xen\n' }],
    ['kvm', 'KVM', dmi('Red Hat', 'KVM')],
    ['kvm', 'a cloud of OpenStack', dmi('OpenStack Foundation', 'OpenStack Nova')],
    [
      'firecracker',
      'Firecracker by its ACPI tables',
      { ...VIRTUAL, 'sys/firmware/acpi/tables/FACP': 'FACP\u0001fFIRECKFCVMFADT' },
    ],
    ['kvm', 'KVM by its clock, without tables', { ...VIRTUAL, [CLOCKS]: 'kvm-clock tsc acpi_pm\n' }],
    ['hyperv', 'Hyper-V by its clock', { ...VIRTUAL, [CLOCKS]: 'hyperv_clocksource_tsc_page acpi_pm\n' }],
    ['unknown', 'a hypervisor without a name', VIRTUAL],
    ['unknown', 'a hypervisor under unknown firmware', dmi('Acme', 'Cloud 3000')],
    [
      'kvm',
      'ARM by the device tree',
      { 'proc/cpuinfo': 'processor\t: 0\n', 'proc/device-tree/hypervisor/compatible': 'linux,kvm\0' },
    ],
  ] as const)('is %s on %s', (hypervisor, _, tree) => {
    expect(read(tree).hypervisor).toBe(hypervisor);
  });

  it.each([
    ['docker', { 'proc/self/cgroup': `0::/system.slice/docker-${containerId('x')}.scope\n` }],
    [
      'containerd',
      {
        'proc/self/cgroup': '0::/\n',
        'proc/1/cgroup': `4:cpu:/x/cri-containerd-${containerId('x')}.scope\n`,
      },
    ],
    ['docker', { 'proc/self/cgroup': '0::/\n', 'proc/1/root/.dockerenv': '' }],
    ['podman', { 'proc/1/root/run/.containerenv': '' }],
    [
      'docker',
      {
        'proc/self/mountinfo':
          '600 500 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A\n',
      },
    ],
    ['none', { 'proc/self/cgroup': '0::/user.slice\n', 'proc/1/cgroup': '0::/init.scope\n' }],
    ['none', {}],
  ] as const)('tells the container engine %s by %j', (container, tree: Tree) => {
    expect(read(tree).container).toBe(container);
  });

  it('is told on this machine', () => {
    const found = readVirtualization(createHost({ log: silentLogger }));
    expect(found.evidence).not.toBe('');
  });
});
