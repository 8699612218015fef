import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHost, silentLogger } from '../src/base/index.js';
import { allSources, type PolledEnergySource } from '../src/meter/index.js';
import { settingsSchema } from '../src/model/index.js';

const installed = (program: string): boolean => spawnSync('which', [program]).status === 0;
const missing = ['ipmi_sim', 'ipmitool'].filter((program) => !installed(program));

const SENSORS = [
  { number: 1, name: 'Pwr Consumption', entity: 7 },
  { number: 2, name: 'CPU1 Power', entity: 3 },
] as const;
const WATTS = 6;
const WATTS_PER_COUNT = 2;

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** A full sensor record (type 1, IPMI 2.0 table 43-1) of a linear sensor in watts. */
function sensorRecord(id: number, sensor: (typeof SENSORS)[number]): number[] {
  const body = [
    ...[0x20, 0, sensor.number, sensor.entity, 1, 0x01, 0x40, 0x0b, 0x01],
    ...[0, 0, 0, 0, 0, 0],
    ...[0, WATTS, 0, 0, WATTS_PER_COUNT, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0xff, 0],
    ...[0, 0, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0],
    ...[0xc0 | sensor.name.length, ...Buffer.from(sensor.name)],
  ];
  return [id, 0, 0x51, 0x01, body.length, ...body];
}

/** Without one the simulator's answers about IPMI 2.0 are erratic. */
const GUID = 'a123456789abcdefa123456789abcdef';

/** A management controller on a loopback port: OpenIPMI's simulator, whose sensors follow files. */
class Simulator {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'wattloop-ipmi-sim-'));
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.port = port;
  }

  set(sensor: number, watts: number): void {
    const file = join(this.#folder, `sensor${sensor}`);
    // Renamed into place, so that the simulator never reads half a number.
    writeFileSync(`${file}.new`, `${watts / WATTS_PER_COUNT}\n`);
    renameSync(`${file}.new`, file);
  }

  async start(): Promise<void> {
    const file = (name: string): string => join(this.#folder, name);
    mkdirSync(file('state'));
    writeFileSync(
      file('lan.conf'),
      `name "wattloop"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 ${this.port}
    priv_limit admin
    allowed_auths_callback md5
    allowed_auths_user md5
    allowed_auths_operator md5
    allowed_auths_admin md5
    guid ${GUID}
  endlan
  user 2 true "meter" "ohm-law" admin 10
`,
    );
    const none = '0'.repeat(15);
    const sensors = SENSORS.map((sensor, index) => {
      const record = sensorRecord(index + 1, sensor).map((byte) => `0x${byte.toString(16)}`);
      return `sensor_add 0x20 0 ${sensor.number} 0x0b 0x01 poll 50 file "${file(`sensor${sensor.number}`)}"
sensor_set_event_support 0x20 0 ${sensor.number} enable scanning per-state ${none} ${none} ${none} ${none}
main_sdr_add 0x20 ${record.join(' ')}`;
    });
    writeFileSync(
      file('bmc.emu'),
      `mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
sel_enable 0x20 1000 0x0a
${sensors.join('\n')}
mc_enable 0x20
`,
    );
    const args = ['-n', '-c', file('lan.conf'), '-f', file('bmc.emu'), '-s', file('state')];
    this.#process = spawn('ipmi_sim', args, { stdio: 'ignore' });
    await once(this.#process, 'spawn');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

describe.skipIf(missing.length > 0)(
  `ipmi with a real controller (needs ${missing.join(', ') || 'nothing more'})`,
  () => {
    let simulator: Simulator;

    beforeAll(async () => {
      simulator = new Simulator(await freeUdpPort());
      simulator.set(1, 196);
      simulator.set(2, 40);
      await simulator.start();
      await vi.waitFor(async () => expect(await source().probe()).toMatchObject({ usable: true }), 20_000);
    });
    afterAll(() => simulator.stop());

    function source(settings: object = {}): PolledEnergySource {
      const ipmi = {
        host: '127.0.0.1',
        port: simulator.port,
        user: 'meter',
        password: 'ohm-law',
        // The simulator knows no other, and does not say so when asked.
        cipher_suite: 3,
        timeout_seconds: 25,
        ...settings,
      };
      const host = createHost({ log: silentLogger });
      const found = allSources(host, settingsSchema.parse({ sources: { ipmi } })).find(
        ({ name }) => name === 'ipmi',
      );
      if (found?.yields !== 'energy' || found.instant) throw new Error('ipmi is a polled source of energy');
      return found;
    }

    it.each(['lanplus', 'lan'])('follows the sensor of the whole machine over %s', async (name) => {
      const ipmi = source({ interface: name });
      expect(await ipmi.probe()).toEqual({
        usable: true,
        domains: ['system'],
        note: 'by Pwr Consumption; not used: CPU1 Power',
      });
      await ipmi.open();
      for (const watts of [300, 196]) {
        simulator.set(1, watts);
        await expect
          .poll(() => ipmi.read(), { timeout: 20_000 })
          .toMatchObject([{ kind: 'power', domain: 'system', device: 'Pwr Consumption', watts }]);
      }
      await ipmi.close();
    });

    it('says in one line that the password is wrong', async () => {
      const ipmi = source({ password: 'guess' });
      expect(await ipmi.probe()).toMatchObject({
        usable: false,
        reason: /^127\.0\.0\.1: the management controller refused the password$/,
        remedy: /sources\.ipmi\.password/,
      });
      await expect(ipmi.open()).rejects.toMatchObject({ code: 'permission_denied' });
    });

    it('says that the user is unknown', async () => {
      expect(await source({ user: 'nobody' }).probe()).toMatchObject({ usable: false, remedy: /ipmi\.user/ });
    });

    it('says that nobody answers', async () => {
      const ipmi = source({ port: await freeUdpPort(), timeout_seconds: 1 });
      expect(await ipmi.probe()).toMatchObject({ usable: false, reason: /no answer within 1 s/ });
    });
  },
);
