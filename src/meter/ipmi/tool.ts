import { type Clock, ErrorCode, type Host, WattloopError } from '../../base/index.js';
import type { Settings } from '../../model/index.js';
import { type CommandResult, captureCommand, complaint, type Spawn } from '../run-command.js';

export type IpmiSettings = Settings['sources']['ipmi'];

interface Cause {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly why: string;
  readonly remedy: string;
}

/** What ipmitool's lines mean, the most telling first: it prints several for one failure. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /Could not open device.*Permission denied/,
    code: ErrorCode.permissionDenied,
    why: 'permission denied: only root may use /dev/ipmi0',
    remedy: 'Run as root, or: sudo chmod a+rw /dev/ipmi0',
  },
  {
    pattern: /Could not open device/,
    code: ErrorCode.sourceUnavailable,
    why: 'no /dev/ipmi0: this machine has no management controller, or its driver is not loaded',
    remedy:
      'Load the driver: sudo modprobe -a ipmi_devintf ipmi_si; or name the controller of another machine in sources.ipmi.host',
  },
  {
    pattern:
      /RAKP 2 HMAC is invalid|RAKP 4 message|no response from RAKP 3|Activate Session (command failed|error)/,
    code: ErrorCode.permissionDenied,
    why: 'the management controller refused the password',
    remedy: 'Check sources.ipmi.password, sources.ipmi.password_file or IPMI_PASSWORD',
  },
  {
    pattern: /unauthorized name|Invalid user name/,
    code: ErrorCode.permissionDenied,
    why: 'the management controller does not know the user, or gives it too few rights',
    remedy: 'Check sources.ipmi.user; a user that may only read needs extra_args: ["-L", "USER"]',
  },
  {
    pattern: /open session response|cipher suite/i,
    code: ErrorCode.instrumentFailed,
    why: 'the management controller does not speak this cipher suite',
    remedy: 'Set sources.ipmi.cipher_suite to one that it offers (17, or 3 on older ones)',
  },
  {
    pattern: /does not support IPMI v2/,
    code: ErrorCode.instrumentFailed,
    why: 'the management controller does not speak IPMI 2.0 over LAN',
    remedy: 'Set sources.ipmi.interface: lan',
  },
  {
    pattern: /Address lookup for .* failed/,
    code: ErrorCode.notFound,
    why: 'there is no such host',
    remedy: 'Check sources.ipmi.host',
  },
  {
    pattern: /Unable to establish|Error loading interface|Could not open socket/,
    code: ErrorCode.instrumentFailed,
    why: 'no session with the management controller',
    remedy: 'Check sources.ipmi.host, that IPMI over LAN is switched on there, and that UDP port 623 is open',
  },
];

function explain(where: string, result: CommandResult): WattloopError {
  const text = `${result.stderr}\n${result.stdout}`;
  const cause = CAUSES.find(({ pattern }) => pattern.test(text));
  if (cause) return new WattloopError(cause.code, `ipmi: ${where}: ${cause.why}`, { remedy: cause.remedy });
  const lines = text.split('\n').map((line) => line.trim());
  // The line about the vendor names' registry is no complaint.
  const said = complaint({ ...result, stderr: lines.filter((line) => !/IANA PEN/i.test(line)).join('\n') });
  return new WattloopError(ErrorCode.instrumentFailed, `ipmi: ${where}: ${said ?? 'ipmitool said nothing'}`, {
    remedy: 'Try by hand: ipmitool sdr elist full',
  });
}

/** ipmitool towards one management controller. */
export class IpmiTool {
  /** The controller, as messages name it. */
  readonly where: string;
  readonly #settings: IpmiSettings;
  readonly #base: readonly string[];
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #clock: Clock;
  readonly #spawn: Spawn | undefined;

  constructor(host: Host, settings: IpmiSettings, spawn?: Spawn) {
    const { password = host.env.IPMI_PASSWORD } = settings;
    this.#settings = settings;
    this.#clock = host.clock;
    this.#spawn = spawn;
    this.where = settings.host ?? 'this machine';
    const option = (flag: string, value: string | number | undefined): string[] =>
      value === undefined ? [] : [flag, String(value)];
    this.#base = [
      ...option('-I', settings.interface ?? (settings.host === undefined ? 'open' : 'lanplus')),
      ...option('-H', settings.host),
      ...option('-p', settings.port),
      ...option('-U', settings.user),
      ...option('-C', settings.cipher_suite),
      ...(settings.password_file === undefined ? [] : ['-f', settings.password_file]),
      // Without one of -E and -f ipmitool asks the terminal for a password.
      ...(settings.password_file === undefined && settings.host !== undefined ? ['-E'] : []),
      ...settings.extra_args,
    ];
    // Both names: ipmitool prefers the second, which may be set for another machine.
    this.#env = { ...host.env, LC_ALL: 'C', IPMI_PASSWORD: password, IPMITOOL_PASSWORD: password };
  }

  /** True when it asks the machine that this program runs on. */
  get local(): boolean {
    return this.#settings.host === undefined;
  }

  /**
   * Runs one command. Rejects with what ipmitool means when there is no controller to talk to; a controller that
   * answers but does not know the command gives a result with an exit status other than 0.
   */
  async ask(...args: string[]): Promise<CommandResult> {
    const result = await captureCommand(this.#settings.command, [...this.#base, ...args], {
      timeoutSeconds: this.#settings.timeout_seconds,
      clock: this.#clock,
      env: this.#env,
      remedy: 'Install it: sudo apt install ipmitool (or dnf install ipmitool); or set sources.ipmi.command',
      ...(this.#spawn && { spawn: this.#spawn }),
    }).catch((error: unknown) => {
      if (!(error instanceof WattloopError) || error.code !== ErrorCode.commandFailed) throw error;
      throw new WattloopError(ErrorCode.instrumentFailed, `ipmi: ${this.where}: ${error.message}`, {
        remedy: this.local
          ? 'The controller may be stuck: try ipmitool mc reset cold, or raise sources.ipmi.timeout_seconds'
          : 'Check sources.ipmi.host and UDP port 623, or raise sources.ipmi.timeout_seconds',
        cause: error,
      });
    });
    const said = `${result.stderr}\n${result.stdout}`;
    if (result.exitCode !== 0 && CAUSES.some(({ pattern }) => pattern.test(said)))
      throw explain(this.where, result);
    return result;
  }

  /** The error for an answer that holds nothing of use. */
  useless(result: CommandResult): WattloopError {
    return explain(this.where, result);
  }
}
