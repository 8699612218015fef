import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const IDENTITY = 'GWInstek,GPM-8310,GEU123456,1.05';

/** An instrument on a real TCP port that answers SCPI, well or badly. */
export class SimulatedMeter {
  watts = 100;
  /** Every command that it heard, on all connections. */
  readonly heard: string[] = [];
  /** Another answer than the right one: the bytes to send, or undefined for none. */
  answer: ((command: string) => string | undefined) | undefined;
  connections = 0;
  readonly #end: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #listeners: { command: string; hear: () => void }[] = [];

  constructor(end = '\n') {
    this.#end = end;
  }

  /** Listens; on the same port as before when that is given. */
  async start(port = 0): Promise<number> {
    this.#server = createServer((socket) => this.#serve(socket)).listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Dies: all connections break, and nobody listens any more. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  say(text: string): void {
    for (const socket of this.#sockets) socket.write(text, 'latin1');
  }

  /** Resolves when it next hears the command. */
  hears(command: string): Promise<void> {
    return new Promise((resolve) => this.#listeners.push({ command, hear: resolve }));
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let rest = '';
    socket.on('data', (chunk) => {
      const commands = (rest + chunk.toString('latin1')).split(this.#end);
      rest = commands.pop() ?? '';
      for (const command of commands) this.#obey(socket, command);
    });
  }

  #obey(socket: Socket, command: string): void {
    this.heard.push(command);
    const answer = this.answer ? this.answer(command) : this.rightAnswer(command);
    if (answer !== undefined) socket.write(answer, 'latin1');
    for (const listener of this.#listeners) if (listener.command === command) listener.hear();
    this.#listeners = this.#listeners.filter((listener) => listener.command !== command);
  }

  rightAnswer(command: string): string | undefined {
    if (!command.endsWith('?') && !/\? \d+$/.test(command)) return undefined;
    return (command === '*IDN?' ? IDENTITY : this.watts.toExponential(4)) + this.#end;
  }
}

/** A real pty whose other end is a simulated meter: what a serial line with the meter at it is to a program. */
export class SerialLine {
  readonly path = join(mkdtempSync(join(tmpdir(), 'wattloop-pty-')), 'ttyUSB0');
  readonly #port: number;
  #socat: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async plugIn(): Promise<void> {
    const ends = [`PTY,link=${this.path},echo=1,icanon=1`, `TCP:127.0.0.1:${this.#port}`];
    const socat = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#socat = socat;
    let said = '';
    for await (const chunk of socat.stderr ?? []) {
      said += chunk;
      if (said.includes('starting data transfer loop')) break;
    }
    socat.stderr?.resume();
  }

  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (!socat || socat.exitCode !== null || socat.signalCode !== null) return;
    // Gently, so that it removes the link to the pty.
    socat.kill('SIGTERM');
    await once(socat, 'exit');
  }
}
